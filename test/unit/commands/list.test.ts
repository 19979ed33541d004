import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { isRecording, type AlertingRule, type RecordingRule } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';
import { run } from '../../support/run-main.ts';
import { filesIn, inTempDir } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

const given = {
  alerts: { PPSAllowanceExceeded: false, LinkLocalAllowanceExceeded: { escalation: false } },
  dashboards: { 'zone-traffic': { panels: { matrix: false, total: { title: 'All of it' } } } },
};

const { artifacts, bundle } = generate(given);
const rules = bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const records = rules.filter((rule): rule is RecordingRule => isRecording(rule));
const alerts = rules.filter((rule): rule is AlertingRule => !isRecording(rule));

/** Output of `list` for the configuration above; it must write nothing. */
const listed = async (...argv: string[]): Promise<string> =>
  inTempDir(async (dir) => {
    // JSON is YAML.
    await writeFile(join(dir, 'azimuth.yaml'), JSON.stringify(given));
    const { code, stdout, stderr } = await run(dir, 'list', ...argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await filesIn(dir)).toEqual(['azimuth.yaml']);
    return stdout;
  });

/** Lines under each heading, split into columns. */
function sections(text: string): Record<string, string[][]> {
  const parts = text.split(/^(?=\S)/m).map((part) => part.trimEnd().split('\n'));
  return Object.fromEntries(
    parts.map(([head = '', ...lines]) => [head, lines.map((line) => line.trim().split(/ {2,}/))]),
  );
}

const NO_CILIUM = 'flows.source has no cilium-hubble, cilium.values is hubble and cilium.health is auto';

describe('list', () => {
  const NO_MEMBERS = 'the control plane is managed (controlPlane.managed), so no member of etcd can be scraped';

  test('mentions everything that is generated, and what is left out', async () => {
    const found = sections(await listed());
    expect(Object.keys(found)).toEqual([
      'artifacts',
      'flow source retina-hubble *',
      'recorded series',
      'alerts',
      'dashboards and their panels',
      'left out',
    ]);
    expect(found['artifacts']?.map(([, path]) => path)).toEqual(artifacts.map(({ path }) => path));
    expect(found['recorded series']).toEqual(
      records.map(({ record, unit, cardinality, labels }) => [record, unit, cardinality, labels.join(', ')]),
    );
    expect(found['alerts']?.map(([name, severity]) => `${name} ${severity}`)).toEqual(
      alerts.map(({ alert, labels }) => `${alert} ${labels.severity}`),
    );
    expect(found['dashboards and their panels']).toEqual(
      bundle.dashboards.flatMap(({ uid, sections: parts }) =>
        parts.flatMap(({ panels }) => panels.map(({ key, panel }) => [uid, key, panel.title])),
      ),
    );
    expect(found['left out']).toEqual([
      ['host of the dashboard links in alerts', 'grafana.url is empty'],
      ['host of the runbook links in alerts', 'rules.runbookBaseUrl is no URL'],
      ['records of cost', 'retina-hubble counts no bytes'],
      ['compatibility records', 'rules.compatibilityRecords is false'],
      [
        'ENA counters of jobs other than ethtool-exporter',
        'in every cluster where that job reports; elsewhere all count',
      ],
      ['rules on Cilium', NO_CILIUM],
      ['records of members of etcd', NO_MEMBERS],
      ['dashboard zone-cost', 'retina-hubble counts no bytes'],
      ...['zone-traffic/cost', 'zone-workload/cost'].map((key) => [
        `panel ${key}`,
        'only bytes have a price, and retina-hubble is read in flows',
      ]),
      ...['zone-workload/avoidable', 'zone-workload/leaving', 'zone-workload/changes'].map((key) => [
        `panel ${key}`,
        key === 'zone-workload/leaving'
          ? 'only bytes have a price, and retina-hubble is read in flows'
          : 'avoidable traffic is recorded in bytes, and retina-hubble is read in flows',
      ]),
      ['panel cluster-dns/setup-errors', 'nodeLocalDns.scrape is false'],
      ['panel zone-routing/evictions', 'descheduler.enabled is false'],
      ['panel zone-routing/evictions-by-namespace', 'descheduler.enabled is false'],
      ['dashboard cilium-health', NO_CILIUM],
      ['panel cluster-scale/etcd-disk', NO_MEMBERS],
      ['panel cluster-scale/etcd-quota', NO_MEMBERS],
      ['panel cluster-scale/etcd-leader', NO_MEMBERS],
      ['panel flow-pipeline/queued', 'the agents export no level of a queue'],
      ['panel flow-pipeline/retransmits', 'retina-hubble counts no retransmits'],
      ['panel zone-traffic/matrix', 'switched off in the configuration'],
      ['alert ZoneInvalid', 'zones.valid is null, so no zone is refused'],
      ...['BudgetBurn', 'Forecast'].map((name) => [`alert CrossZoneCost${name}`, 'retina-hubble counts no bytes']),
      ['alert CrossZoneTrafficStep', 'retina-hubble counts no bytes'],
      ['alert CrossZoneShareHigh', 'retina-hubble counts no bytes'],
      ['alert PPSAllowanceExceeded', 'switched off in the configuration'],
      ['alert NodeLocalDNSSetupErrors', 'nodeLocalDns.scrape is false'],
      ['alert APIServerLatencyHigh', 'controlPlane.alerts is false'],
      ['alert APIServerRequestsQueued', 'controlPlane.alerts is false'],
      ['alert EtcdSlow', 'controlPlane.alerts is false'],
      ['alert NodePodsNearLimit', 'controlPlane.alerts is false'],
    ]);
  });

  test('shows the changes of the configuration', async () => {
    const text = await listed();
    expect(text).toMatch(/zone-traffic +total +All of it\n/);
    expect(text).not.toContain('zone-traffic  matrix');
    expect(text.match(/LinkLocalAllowanceExceeded/g)).toHaveLength(1);
  });

  test('gives the same as data', async () => {
    const data = JSON.parse(await listed('--json')) as Record<string, readonly Record<string, unknown>[]>;
    expect(data['artifacts']).toEqual(artifacts.map(({ path, kind }) => ({ path, kind })));
    expect(data['records']?.map(({ record }) => record)).toEqual(records.map(({ record }) => record));
    expect(data['alerts']?.map(({ alert }) => alert)).toEqual(alerts.map(({ alert }) => alert));
    expect(data['dashboards']?.map(({ uid }) => uid)).toEqual(bundle.dashboards.map(({ uid }) => uid));
    expect(data['skipped']).toEqual(bundle.skipped);
  });
});

describe('list --prices', () => {
  test('prints the prices that apply, and the book with its dates and sources', async () => {
    const text = await listed('--prices');
    expect(text).toContain('prices of this configuration\n');
    expect(text).toMatch(/^ {2}aws +sa-east-1 +0\.01 +0\.01 +0\.138 +- +0\.15 +USD +2026-08-21$/m);
    expect(text).toMatch(/^ {2}gcp +all regions +0\.01 +0 +- +0\.045 +- +USD +2026-09-20$/m);
    expect(text).toMatch(/^ {2}azure: Azure bandwidth pricing/m);
  });

  test('prints them as JSON', async () => {
    const { prices, book } = JSON.parse(await listed('--prices', '--json')) as Record<string, object>;
    expect(prices).toMatchObject({ egressPerGB: 0.01, ingressPerGB: 0.01, currency: 'USD' });
    expect(book).toContainEqual(
      expect.objectContaining({ provider: 'aws', region: 'us-gov-west-1', egressPerGB: 0.01 }),
    );
  });
});
