import { describe, expect, test } from '@jest/globals';
import { allExporters } from '../../../generators/build/readings.ts';
import { type Bundle, COMPONENTS, EXPORTERS, readingsOf } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';
import { pairsAndAll } from '../../support/lists.ts';
import { complaints } from '../../support/problems.ts';

/** What configurations of exporters have beside the list: every output of their components. */
const given = (exporter: string | readonly string[]) => ({
  ethtool: { exporter, ...([exporter].flat().includes('showmax') && { daemonSet: { enabled: true } }) },
  targets: ['kube-prometheus-stack', 'helm-values', 'manifests', 'prometheus', 'grafana'],
});

const LISTS = pairsAndAll(EXPORTERS);

type Chosen = string | readonly string[];

const json = (value: unknown): string => JSON.stringify(value);

const bundle = (exporter: Chosen): Bundle => generate(given(exporter)).bundle;

const jobsOf = (exporter: Chosen): readonly string[] => {
  const { config } = generate(given(exporter));
  return COMPONENTS.flatMap((component) => component.bind(config).scrapeJobs(readingsOf(config))).map(json);
};

test('a list of one exporter is the same as its name', () => {
  const parts = ({ ruleFiles, dashboards, helmValues, valuesWithRules, manifests, skipped }: Bundle) =>
    [ruleFiles, dashboards, helmValues, valuesWithRules, manifests, skipped].map(json);
  for (const id of EXPORTERS) expect(parts(bundle([id]))).toEqual(parts(bundle(id)));
});

describe.each(LISTS.map((list) => [list.join(', '), list] as const))('with %s', (_, list) => {
  test('each writes the values, manifests and scrape jobs that it writes alone', () => {
    const parts = ({ helmValues, manifests }: Bundle) => [...helmValues, ...manifests].map(json);
    expect(new Set(parts(bundle(list)))).toEqual(new Set(list.flatMap((id) => parts(bundle(id)))));
    expect(new Set(jobsOf(list))).toEqual(new Set(list.flatMap(jobsOf)));
  });

  test('the records have the names, labels and groups of one, and no group is too large', () => {
    const shape = (exporter: Chosen) =>
      bundle(exporter)
        .ruleFiles.filter(({ name }) => name === 'ena-allowances')
        .flatMap(({ groups }) => groups)
        .map(({ name, rules }) => ({
          name,
          rules: rules.map((rule) => ('record' in rule ? [rule.record, rule.labels] : [rule.alert])),
        }));
    // An exporter without the gauge has a group less: of a list, the one that has most decides.
    const [most] = list.map(shape).toSorted((a, b) => b.length - a.length);
    expect(shape(list)).toEqual(most);
    for (const { rules } of shape(list)) expect(rules.length).toBeLessThanOrEqual(20);
  });
});

describe('the build says with several exporters', () => {
  const skipped = (exporter: readonly string[]) =>
    bundle(exporter).skipped.filter(
      ({ kind, reason }) => kind.startsWith('ENA counters') || /connections left|which do/.test(`${kind} ${reason}`),
    );

  test('whose jobs count, and who has no connections left', () => {
    expect(skipped(['network-flow-monitor', 'showmax', 'node-exporter'])).toEqual([
      {
        kind: 'ENA counters of jobs other than network-flow-monitor, ethtool-exporter and ethtool-node-exporter',
        reason: 'in every cluster where one of them reports; elsewhere all count',
      },
      {
        kind: 'connections left of nodes that only network-flow-monitor reports',
        reason: 'network-flow-monitor does not export conntrack_allowance_available',
      },
    ]);
  });

  test('in the panels on connections left, whose nodes are not in them', () => {
    const descriptions = (exporter: Chosen) =>
      bundle(exporter).dashboards.flatMap(({ sections }) =>
        sections.flatMap(({ panels }) =>
          panels.flatMap(({ key, panel }) =>
            key.startsWith('conntrack-') && 'description' in panel ? [[key, panel.description]] : [],
          ),
        ),
      );
    const except = 'Not of nodes that only network-flow-monitor reports.';
    const partly = descriptions(['showmax', 'network-flow-monitor']).filter(([, text = '']) => text.includes(except));
    expect(partly.map(([key]) => key)).toEqual([
      'conntrack-headroom-by-node',
      'conntrack-headroom',
      'conntrack-available',
      'conntrack-nodes',
    ]);
    expect(JSON.stringify(descriptions(['showmax', 'node-exporter']))).not.toContain('Not of nodes');
  });

  test('that the order of the list decides', () => {
    const rules = generate({ ethtool: { exporter: ['node-exporter', 'showmax'] } }).file(
      'rules/prometheus/ena-allowances.rules.yaml',
    );
    expect(rules.replaceAll(/\s+#\s|\s+/g, ' ')).toContain(
      'Of several exporters on a node, the first counts: node-exporter, showmax.',
    );
  });
});

test('each exporter of a list warns as it does alone, and none is called unused', () => {
  const told = (exporter: Chosen) => generate(given(exporter)).warnings;
  expect(told('network-flow-monitor')).not.toEqual([]);
  expect(told(['showmax', 'network-flow-monitor'])).toEqual(told('network-flow-monitor'));
});

test('two exporters of one list cannot have one port of a node', () => {
  const clash = { nodeExporter: { port: 9200 }, networkFlowMonitor: { port: 9200 } };
  expect(complaints({ ethtool: { exporter: 'node-exporter' }, ...clash })).toEqual([]);
  expect(complaints({ ethtool: { exporter: ['network-flow-monitor', 'node-exporter'] }, ...clash })).toEqual([
    'networkFlowMonitor.port: got 9200, expected a port that is free on the network of the host (this one is that of nodeExporter.port)',
  ]);
});

test('settings of an exporter outside the list have no effect', () => {
  const { warnings } = generate({
    ethtool: { exporter: ['showmax', 'node-exporter'] },
    networkFlowMonitor: { port: 9200 },
  });
  expect(warnings).toContainEqual({
    kind: 'no effect',
    settings: ['networkFlowMonitor.port'],
    reason: 'ethtool.exporter is showmax, node-exporter',
  });
});

test('the labels of every exporter are refused as the label of the cluster, whichever is chosen', () => {
  const labels = Object.values(allExporters()).flatMap((exporter) => [exporter.interfaceLabel, ...exporter.labels]);
  expect(labels).toEqual(expect.arrayContaining(['device', 'type', 'eni', 'interface', 'driver']));
  expect(labels.filter((label) => complaints({ cluster: { label } }).length === 0)).toEqual([]);
});
