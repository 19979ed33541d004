import { describe, expect, test } from '@jest/globals';
import { EXPORTERS, type Warning } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';
import { complaints } from '../../support/problems.ts';
import { scrapeJobs } from '../../support/values.ts';

/** What configurations of exporters have beside the list: every output of their components. */
const given = (exporter: string | readonly string[]) => ({
  ethtool: { exporter, ...([exporter].flat().includes('showmax') && { daemonSet: { enabled: true } }) },
  targets: ['kube-prometheus-stack', 'helm-values', 'manifests', 'prometheus', 'grafana'],
});

/** Every two exporters in both orders, and all of them. */
const LISTS: readonly (readonly string[])[] = [
  ...EXPORTERS.flatMap((id) => EXPORTERS.filter((other) => other !== id).map((other) => [id, other])),
  EXPORTERS,
];

test('a list of one exporter is the same as its name', () => {
  for (const id of EXPORTERS) {
    const texts = (exporter: string | readonly string[]) =>
      generate(given(exporter)).artifacts.map(({ path, text }) => [path, text]);
    expect(texts([id])).toEqual(texts(id));
  }
});

describe.each(LISTS.map((list) => [list.join(', '), list] as const))('with %s', (_, list) => {
  const together = generate(given(list));
  const union = <T>(of: (exporter: string) => readonly T[]): Set<T> => new Set(list.flatMap(of));

  test('each writes the values, manifests and scrape jobs that it writes alone', () => {
    const chartsOf = (exporter: string | readonly string[]) =>
      generate(given(exporter)).bundle.helmValues.map(({ chart }) => chart);
    expect(new Set(chartsOf(list))).toEqual(union(chartsOf));
    const alone = list.flatMap((id) => generate(given(id)).bundle.helmValues);
    for (const values of together.bundle.helmValues) expect(alone).toContainEqual(values);
    expect(new Set(together.bundle.manifests.map(({ name }) => name))).toEqual(
      union((id) => generate(given(id)).bundle.manifests.map(({ name }) => name)),
    );
    const jobs = new Set(list.flatMap((id) => scrapeJobs(given(id))).map((job) => JSON.stringify(job)));
    expect(new Set(scrapeJobs(given(list)).map((job) => JSON.stringify(job)))).toEqual(jobs);
  });

  test('each warns as it does alone, and nothing is called unused', () => {
    const told = (exporter: string | readonly string[]): readonly Warning[] => generate(given(exporter)).warnings;
    expect(told(list)).toEqual([...new Map(list.flatMap(told).map((one) => [JSON.stringify(one), one])).values()]);
  });

  test('the records have the names, labels and groups of one, and no group is too large', () => {
    const shape = (exporter: string | readonly string[]) =>
      generate(given(exporter))
        .bundle.ruleFiles.filter(({ name }) => name === 'ena-allowances')
        .flatMap(({ groups }) => groups)
        .map(({ name, rules }) => ({
          name,
          rules: rules.map((rule) => ('record' in rule ? [rule.record, rule.labels] : [rule.alert])),
        }));
    // Those of an exporter with everything, unless none of the list has it.
    const whole = shape('showmax');
    const hasGauge = list.some((id) => shape(id).length === whole.length);
    expect(shape(list)).toEqual(hasGauge ? whole : shape(list[0] ?? ''));
    for (const { rules } of shape(list)) expect(rules.length).toBeLessThanOrEqual(20);
  });
});

describe('the build says with several exporters', () => {
  const skipped = (exporter: readonly string[]) =>
    generate({ ethtool: { exporter } }).bundle.skipped.filter(
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

  test('that the order of the list decides', () => {
    const rules = generate({ ethtool: { exporter: ['node-exporter', 'showmax'] } }).file(
      'rules/prometheus/ena-allowances.rules.yaml',
    );
    expect(rules.replaceAll(/\s+#\s|\s+/g, ' ')).toContain(
      'Of several exporters on a node, the first counts: node-exporter, showmax.',
    );
  });
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
