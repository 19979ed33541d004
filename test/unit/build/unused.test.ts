import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { changedSettings } from '../../../generators/build/unused.ts';
import { generate, catalogue } from '../../support/generate.ts';
import { EVERYTHING } from '../../support/everything.ts';
import { run } from '../../support/run-main.ts';
import { inTempDir } from '../../support/temp-dir.ts';

/** The warnings about a configuration, as lines. */
const warnings = (given: object): readonly string[] =>
  generate(given).warnings.map(({ kind, settings, reason }) => `${kind}: ${settings.join(', ')} (${reason})`);

describe('settings without effect', () => {
  test('are told, a line for each section', () => {
    expect(
      warnings({
        cilium: { version: '1.18.0', nodes: 300 },
        retina: { namespaces: { include: ['shop'] } },
        obi: { port: 9999 },
        amp: { workspaceId: 'ws-1', tags: { team: 'net' } },
        grafana: { operator: { folder: 'Network' } },
        descheduler: { dryRun: true },
        monitors: { namespace: 'other' },
        adot: { region: 'eu-west-1' },
        kubernetes: { version: '1.34' },
      }),
    ).toEqual([
      'no effect: kubernetes.version (routing has no services and no workloads)',
      'no effect: retina.namespaces.include (flows.source is retina-hubble)',
      'no effect: cilium.version, cilium.nodes (flows.source is retina-hubble and cilium.values is hubble)',
      'no effect: obi.port (flows.source is retina-hubble)',
      'no effect: descheduler.dryRun (descheduler.enabled is false)',
      'no effect: monitors.namespace (monitors.enabled is false)',
      'no effect: adot.region (adot.enabled is false)',
      'no effect: amp.workspaceId, amp.tags (targets has no amp)',
      'no effect: grafana.operator.folder (targets has no grafana-operator)',
    ]);
  });

  test.each<[string, object, readonly string[]]>([
    ['an empty configuration', {}, []],
    [
      'what is set to its default',
      { cilium: { version: '1.19.5' }, obi: { port: 9090 }, adot: { enabled: false } },
      [],
    ],
    ['a source of several', { flows: { source: ['retina-hubble', 'obi'] }, obi: { port: 9999 } }, []],
    [
      'masquerading, of which only two sources could tell',
      { flows: { source: ['retina-hubble', 'netobserv'], masquerade: true, units: ['flows', 'bytes'] } },
      ['no effect: flows.masquerade (flows.source has no obi or beyla)'],
    ],
    [
      'masquerading of a source among several',
      { flows: { source: ['retina-hubble', 'beyla'], masquerade: false } },
      [],
    ],
    [
      'scraping by nobody',
      { targets: ['prometheus'], nodeLocalDns: { scrape: true, namespace: 'dns' } },
      ['no effect: nodeLocalDns.namespace (targets has no kube-prometheus-stack)'],
    ],
    [
      'two reasons in one section',
      {
        amp: { workspaceId: 'ws-1', alertmanager: { groupWait: '1m', sns: { subject: 'x' } } },
        rules: { ruler: 'amp' },
        targets: ['amp'],
      },
      [
        'no effect: amp.alertmanager.groupWait, amp.alertmanager.sns.subject ' +
          '(neither amp.alertmanager.sns.topicArn nor amp.alertmanager.pagerduty.secretArn is set)',
      ],
    ],
    [
      'a change of an alert that is not there',
      { flows: { source: 'none' }, alerts: { TrafficLost: { for: '3m' }, TrafficUnattributed: false } },
      ['no effect: alerts.TrafficLost (flows.source is none)'],
    ],
    [
      'changes of a dashboard and of a panel that are not there',
      {
        flows: { source: 'kubezonnet' },
        ethtool: { exporter: 'none' },
        dashboards: {
          'zone-traffic': { title: 'Zones', panels: { matrix: { title: 'Matrix' }, total: false } },
          'node-allowances': { title: 'Nodes' },
        },
      },
      [
        'no effect: dashboards.zone-traffic.panels.matrix (kubezonnet counts cross-zone traffic only, and does not name the other end)',
        'no effect: dashboards.node-allowances.title (ethtool.exporter is none)',
      ],
    ],
    [
      'dashboards that are not written',
      { targets: ['prometheus'], dashboards: { 'zone-traffic': { refresh: '1m' } } },
      [
        'no effect: dashboards.zone-traffic.refresh (targets has no grafana, grafana-sidecar, grafana-operator or git-sync)',
      ],
    ],
  ])('%s', (_name, given, expected) => {
    expect(warnings(given)).toEqual(expected);
  });

  test('are none where everything is written', () => {
    expect(warnings({ ...EVERYTHING, rules: { ...EVERYTHING.rules, ruler: 'amp' } })).toEqual([]);
  });

  test('are found by what was set, whatever it is', () => {
    const config = generate({ retina: { resources: { cpu: '1' } }, rules: { labels: { team: 'net' } } }).config;
    expect(changedSettings(config, catalogue)).toEqual([
      ['rules', 'labels'],
      ['retina', 'resources', 'cpu'],
    ]);
  });
});

test('the guide to the configuration shows such a line as it is', async () => {
  const shown = [...(await readFile('docs/configuration.md', 'utf8')).matchAll(/^ +(no effect: .*)$/gm)].map(
    ([, line]) => line,
  );
  expect(shown).toEqual(warnings({ cilium: { version: '1.18.0', nodes: 300 } }));
});

describe('each command tells them', () => {
  const LINE = '  no effect: obi.port (flows.source is retina-hubble)\n';
  const WARNINGS = [{ kind: 'no effect', settings: ['obi.port'], reason: 'flows.source is retina-hubble' }];
  const inDir = async (use: (dir: string) => Promise<void>) =>
    inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), 'obi: { port: 9999 }\n');
      await use(dir);
    });

  test('in words, with exit code 0', async () => {
    await inDir(async (dir) => {
      const built = await run(dir, 'build');
      expect([built.code, built.stdout.endsWith(LINE)]).toEqual([0, true]);
      expect(await run(dir, 'check')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(LINE) });
      expect(await run(dir, 'validate')).toEqual({ code: 0, stdout: '', stderr: `azimuth.yaml: valid\n${LINE}` });
      expect((await run(dir, 'list')).stdout).toContain('\nno effect\n  obi.port  flows.source is retina-hubble\n');
    });
  });

  test.each(['build', 'check', 'validate', 'list'])('%s as data', async (command) => {
    await inDir(async (dir) => {
      const { stdout } = await run(dir, command, '--json');
      expect(JSON.parse(stdout)).toMatchObject({ warnings: WARNINGS });
    });
  });
});
