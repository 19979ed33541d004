import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { isRecording } from '../../../generators/index.ts';
import { generate, RULES, type Generated } from '../../support/generate.ts';
import { at, textAt } from '../../support/guide.ts';
import { inlineCode, section, tableRows } from '../../support/markdown.ts';

const guide = readFileSync('docs/migration.md', 'utf8');

const HUBBLE = 'Topology-aware routing, Retina with Hubble metrics';
const STANDARD = "Retina's standard mode";
const EKS = 'EKS network performance';
const CILIUM = "Cilium's performance";

const example = (name: string): Generated => generate(load(readFileSync(`examples/${name}.yaml`, 'utf8')) as object);
const hubble = generate({ rules: { compatibilityRecords: true } });
const eks = example('eks-network');

/** A generated YAML file, read. */
const read = (generated: Generated, path: string): unknown => load(generated.file(path));

/** A part of a section. */
const part = (title: string, heading: string): string => section(section(guide, title), heading);

/** Code in a cell of the second column, by the first words of its row. */
function codeOf(title: string, row: string): string[] {
  const [, cell] = tableRows(guide, title, 'published').find(([first = '']) => first.startsWith(row)) ?? [];
  if (cell === undefined) throw new Error(`no row "${row}"`);
  return inlineCode(cell);
}

/** The labels of a record, as the guide lists them. */
const labelsOf = ({ bundle }: Generated, name: string): string =>
  bundle.ruleFiles
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isRecording)))
    .filter(({ record }) => record === name)
    .map(({ labels }) => labels.join(', '))
    .join('; ');

const recordsIn = (generated: Generated, path: string): string[] =>
  [...generated.file(path).matchAll(/record: (\S+)/g)].map(([, record = '']) => record);

describe(`the section ${HUBBLE}`, () => {
  const PATH = 'helm-values/retina-hubble.yaml';
  const metric = (generated: Generated, name: string): string => {
    const entries = at(read(generated, PATH), 'hubble', 'metrics', 'enabled') as readonly string[];
    return entries.find((entry) => entry.startsWith(`${name}:`)) ?? '';
  };

  test('what stops is in the values of older releases, and not in those from v1.0.0 on', () => {
    const before = generate({ retina: { version: 'v0.0.36' } });
    const settings = { remoteContext: true, bypassLookupIPOfInterest: false };
    expect(read(before, PATH)).toMatchObject(settings);
    expect(metric(before, 'flow')).toMatch(/sourceEgressContext=.*destinationIngressContext=/);
    expect(metric(before, 'dns')).toMatch(/^dns:query;.*labelsContext=source_pod,destination_pod,/);
    for (const version of ['v1.0.0', hubble.config.retina.version]) {
      const since = generate({ retina: { version } });
      expect(read(since, PATH)).not.toHaveProperty('remoteContext');
      expect(read(since, PATH)).toMatchObject({ bypassLookupIPOfInterest: true });
      expect(metric(since, 'flow')).not.toContain('Context=pod');
      expect(metric(since, 'dns')).not.toMatch(/query|Context=pod/);
      expect(metric(since, 'dns')).toMatch(/source_namespace.*destination_pod,.*destination_namespace/);
      expect(since.file(PATH).replaceAll(/\n# /g, ' ')).toContain(
        'remoteContext, which many setups add, has no effect in Hubble mode',
      );
    }
    for (const named of [
      'source',
      'destination',
      'query',
      'destination_namespace',
      'source_namespace',
      ...Object.keys(settings),
    ]) {
      expect(part(HUBBLE, 'What stops')).toContain(`\`${named}`);
    }
  });

  test('names and labels are those that are generated', () => {
    const [key = '', group] = codeOf(HUBBLE, 'key `inter-az-traffic-analysis`');
    const map = at(read(hubble, 'helm-values/kube-prometheus-stack.yaml'), 'additionalPrometheusRulesMap');
    expect(at(map, key, 'groups', 0, 'name')).toBe(group);
    expect(at(map, 'inter-az-traffic-analysis')).toBeUndefined();
    expect(codeOf(HUBBLE, 'every label of the flow')[0]).toBe(
      labelsOf(hubble, 'traffic:hubble_flows_processed_total:rate5m'),
    );
    expect(codeOf(HUBBLE, 'every label of `kube_pod_info`')[0]).toBe(
      labelsOf(hubble, 'pod:source_kube_pod_info_mapping'),
    );
    expect(hubble.file(RULES.compatibility)).toContain(codeOf(HUBBLE, '`traffic_direction="egress"`')[0]);
  });

  test('the window renames two of the compatibility records, and the others keep their names', () => {
    const [irate = '', rate = '', change = '', ...ends] = codeOf(HUBBLE, 'records by `irate5m`');
    const longer = generate({ rules: { compatibilityRecords: true, ...(at(load(change), 'rules') as object) } });
    const names = recordsIn(hubble, RULES.compatibility);
    expect(names).toEqual(expect.arrayContaining([irate, rate]));
    const changed = names.map((name) => [irate, rate].indexOf(name)).map((index) => ends[index]);
    expect(recordsIn(longer, RULES.compatibility)).toEqual(
      names.map((name, index) => (changed[index] === undefined ? name : name.replace(/i?rate5m$/, changed[index]))),
    );
    expect(changed.filter((end) => end !== undefined)).toHaveLength(2);
  });
});

test(`${STANDARD}: the MetricsConfiguration has the metric and the labels that the guide says, and no others`, () => {
  const stops = part(STANDARD, 'What stops');
  const [, sentence = ''] = /Each side has (.+?)\./.exec(stops) ?? [];
  const labels = inlineCode(sentence).toSorted();
  const options = at(
    read(example('retina-standard'), 'manifests/metrics-configuration.yaml'),
    'spec',
    'contextOptions',
  );
  const [, others = ''] = /Beside it stand\s+(.+?),\s+by the pods/s.exec(stops) ?? [];
  const names = (options as readonly unknown[]).map((_, index) => textAt(options, index, 'metricName'));
  expect(names.slice(1)).toEqual(inlineCode(others));
  expect(stops).toContain(`only \`${names[0]}\` is configured`);
  for (const side of ['sourceLabels', 'destinationLabels']) {
    expect((at(options, 0, side) as readonly string[]).toSorted()).toEqual(labels);
  }
  expect(read(example('retina-standard'), 'helm-values/retina.yaml')).toMatchObject({
    enableAnnotations: false,
    dataAggregationLevel: 'high',
  });
});

describe(`the section ${EKS}`, () => {
  const rules = at(read(eks, 'rules/amp/ena-allowances.yaml'), 'spec');

  test('the collector has none of the nine published jobs', () => {
    const text = part(EKS, 'What the collector no longer scrapes');
    const published = inlineCode(text).filter((code) => /^(kubernetes-|prometheus-push)/.test(code));
    expect(published).toHaveLength(9);
    expect(text).toContain('nine jobs');
    const ours = [...eks.file('manifests/adot-collector.yaml').matchAll(/job_name: (\S+)/g)].map(([, job]) => job);
    expect(ours).toContain('ethtool-exporter');
    expect(ours.filter((job) => published.includes(job ?? ''))).toEqual([]);
    expect(eks.file('manifests/ethtool-exporter.yaml')).not.toContain('prometheus.io/');
  });

  test('names and labels are those that are generated', () => {
    expect(codeOf(EKS, 'RuleGroupsNamespace')).toEqual([textAt(rules, 'name')]);
    const groups = at(load(textAt(rules, 'configuration')), 'groups') as readonly { readonly name: string }[];
    expect(codeOf(EKS, 'groups `ppsallowance`')).toEqual(groups.map(({ name }) => name));
    expect(codeOf(EKS, 'labels of records and alerts')[0]).toBe(labelsOf(eks, 'metric:pps_allowance_exceeded'));
    const definition = textAt(read(eks, 'rules/amp/alertmanager-definition.yaml'), 'spec', 'configuration');
    const alertmanager = load(textAt(load(definition), 'alertmanager_config'));
    const receivers = (at(alertmanager, 'receivers') as readonly { readonly name: string }[]).map(({ name }) => name);
    const named = codeOf(EKS, 'receiver `default_receiver`');
    expect(named.slice(0, receivers.length).toSorted()).toEqual(receivers.toSorted());
    expect(at(alertmanager, 'route', 'group_by')).toEqual(['alertname', 'cluster']);
    expect(definition).not.toMatch(/alert_type|event_type/);
  });

  test('the window is in the name of no record, and new is what the guide says', () => {
    const longer = generate({ rules: { window: '10m' } });
    const names = recordsIn(eks, RULES.allowances);
    expect(recordsIn(longer, RULES.allowances)).toEqual(names);
    const codes = codeOf(EKS, 'five records, five alerts');
    const patterns = codes.map((code) => new RegExp(`^${code.replaceAll('*', '.*')}$`));
    const alerts = new Set([...eks.file(RULES.allowances).matchAll(/alert: (\S+)/g)].map(([, name = '']) => name));
    for (const published of [names, [...alerts]]) {
      expect(published.filter((name) => !patterns.some((pattern) => pattern.test(name)))).toHaveLength(5);
    }
    const all = [...names, ...alerts];
    expect(codes.filter((_, index) => !all.some((name) => patterns[index]?.test(name)))).toEqual([]);
  });
});

test(`${CILIUM}: Hubble's list has the published metrics, in a cluster that runs and with cilium.values: full`, () => {
  const enabled = (generated: Generated): string[] =>
    (at(read(generated, 'helm-values/cilium.yaml'), 'hubble', 'metrics', 'enabled') as readonly string[]).map(
      (entry) => entry.split(':')[0] ?? '',
    );
  const [, sentence = ''] = /By default it has the published ones: (.+?)\. Add/s.exec(part(CILIUM, 'What stops')) ?? [];
  const others = inlineCode(sentence);
  expect(others.length).toBeGreaterThan(4);
  for (const name of ['cilium', 'cilium-tuned']) {
    expect(enabled(example(name))).toEqual(['flow', 'dns', ...others]);
  }
  expect(example('cilium-tuned').file('helm-values/cilium.yaml')).toMatch(
    /httpV2:\S*source_workload\S*destination_workload/,
  );
});
