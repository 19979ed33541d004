import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../bench/generate.ts';
import { ethtoolNodeExporterFamilies } from '../../bench/series/ethtool-node-exporter.ts';
import { truth } from '../../bench/truth.ts';
import { generate, RULES } from '../support/generate.ts';
import type { ExpressionTest, InputSeries } from '../support/rule-test.ts';
import {
  ALLOWANCES,
  ENS5,
  expectAnswers,
  exposed as exposedByShowmax,
  exposedByNodeExporter as exposed,
  fires,
  growing,
  holds,
  INTERVAL,
  type Labels,
  NODE,
  phases,
  scrapes,
  silent,
} from './allowances-input.ts';

const generated = generate({ ethtool: { exporter: 'node-exporter' } });
const rules = generated.file(RULES.allowances);

const LENGTH = 20;
const steady = (perSecond: number, start = 0) => `${start}+${perSecond * 30}x${LENGTH}`;
const pps = (labels: Labels, values: string) => exposed('pps_allowance_exceeded', labels, values);
const PPS = 'metric:pps_allowance_exceeded';
const AVAILABLE = 'metric:conntrack_allowance_available';
const at = (device: string): Labels => ({ ...NODE, device });

const expectRecords = (series: readonly InputSeries[], expected: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers(rules, '30s', series, expected);

test('the rules are those of showmax, but for what they select', () => {
  const showmax = generate().file(RULES.allowances);
  // Each allowance, the gauge, its targets and its changes; all allowances at once.
  const one = /node_net_ethtool\{device=~"([^"]*)", type="(\w+)"\}/g;
  const any = /node_net_ethtool\{device=~"([^"]*)", type=~"([\w|]+)"\}/g;
  expect(showmax.match(one)).toHaveLength(ALLOWANCES.length + 3);
  expect(showmax.match(any)).toHaveLength(1);
  const renamed = showmax
    .replaceAll(one, 'node_ethtool_$2{device=~"$1"}')
    .replaceAll(any, (_, device: string, types: string) => {
      const metrics = types.split('|').map((type) => `node_ethtool_${type}`);
      return `{__name__=~"${metrics.join('|')}", device=~"${device}"}`;
    })
    .replaceAll(/\bethtool-exporter\b/g, 'ethtool-node-exporter');
  // Comments are folded at the width of the page, which depends on the name of the job.
  const unfolded = (text: string) => text.replaceAll(/\n *# /g, ' ');
  expect(unfolded(renamed)).toBe(unfolded(rules));
});

test('alerts, dashboards and names of records are the same', () => {
  const names = (given: object) => {
    const { bundle } = generate(given);
    return bundle.ruleFiles.flatMap(({ groups }) =>
      groups.flatMap((group) => group.rules.map((rule) => ('record' in rule ? rule.record : rule.alert))),
    );
  };
  expect(names({ ethtool: { exporter: 'node-exporter' } })).toEqual(names({}));
  const dashboard = 'dashboards/grafana/node-allowances.json';
  expect(generated.file(dashboard)).toBe(generate().file(dashboard));
});

// What is the same for both exporters stands in allowances-records.test.ts.
describe('metric:*_allowance_exceeded of node_exporter alone', () => {
  test('keeps clusters apart, and knows nodes without a name', async () => {
    const nameless: Labels = { cluster: 'production', instance: '10.0.1.3:9101', device: 'eth0' };
    const staging: Labels = { ...ENS5, cluster: 'staging' };
    await expectRecords(
      [pps(ENS5, steady(1)), pps(staging, steady(3)), pps(nameless, steady(5))],
      [
        holds(PPS, '10m', [
          [ENS5, 1],
          [staging, 3],
          [nameless, 5],
        ]),
      ],
    );
  });

  test("is not doubled by a second job, such as kube-prometheus-stack's", async () => {
    const stack = { ...ENS5, job: 'node-exporter', namespace: 'monitoring', pod: 'node-exporter-x', endpoint: 'http' };
    await expectRecords([pps(ENS5, steady(2)), pps(stack, steady(2, 7))], [holds(PPS, '10m', [[ENS5, 2]])]);
  });

  test('does not see the other exporter, which may still run', async () => {
    await expectRecords(
      [
        pps(ENS5, steady(2)),
        exposedByShowmax('pps_allowance_exceeded', ENS5, steady(2)),
        exposedByShowmax('pps_allowance_exceeded', at('ens6'), steady(9)),
      ],
      [holds(PPS, '10m', [[ENS5, 2]])],
    );
  });

  test('is nothing where the driver does not know the statistic', async () => {
    await expectRecords(
      [exposed('bw_in_allowance_exceeded', ENS5, steady(1))],
      [holds(PPS, '10m', []), holds('metric:bw_in_allowance_exceeded', '10m', [[ENS5, 1]])],
    );
  });
});

test('metric:conntrack_allowance_available is the least of the interfaces, and no rate', async () => {
  await expectRecords(
    [
      exposed('conntrack_allowance_available', ENS5, '5000x20'),
      exposed('conntrack_allowance_available', at('ens6'), '4000x20'),
      exposed('conntrack_allowance_available', at('veth1'), '3x20'),
      exposed('conntrack_allowance_exceeded', ENS5, '30x20'),
    ],
    [holds(AVAILABLE, '10m', [[NODE, 4000]]), holds('metric:conntrack_allowance_exceeded', '10m', [[ENS5, 0]])],
  );
});

test('alerts fire, name the interface, and stay silent for the exporter that is not chosen', async () => {
  const excess = growing(phases([60, 12_000]));
  await expectAnswers(
    rules,
    INTERVAL,
    [
      ...ALLOWANCES.map((allowance) => exposed(`${allowance}_allowance_exceeded`, ENS5, excess)),
      exposed('conntrack_allowance_available', ENS5, scrapes(phases([5, 9000], [55, 0]))),
      ...ALLOWANCES.map((allowance) => exposedByShowmax(`${allowance}_allowance_exceeded`, at('ens6'), excess)),
    ],
    [
      ...[
        'PPSAllowanceExceeded',
        'BWINAllowanceExceeded',
        'BWOutAllowanceExceeded',
        'LinkLocalAllowanceExceeded',
      ].flatMap((name) => [fires(name, 'warning', 60, [ENS5]), fires(name, 'critical', 60, [ENS5])]),
      fires('ConntrackAllowanceExceeded', 'critical', 60, [ENS5]),
      fires('ConntrackAllowanceLow', 'warning', 60, [NODE]),
    ],
  );
  await expectAnswers(
    rules,
    INTERVAL,
    [exposedByShowmax('pps_allowance_exceeded', ENS5, excess)],
    silent('PPSAllowanceExceeded', 'warning', [30, 60]),
  );
});

test('the simulated exporter exposes the allowances as the truth has them, under names that the rules read', () => {
  const cluster = generateCluster({ seed: 4 });
  const series = cluster.nodes.flatMap((node) =>
    ethtoolNodeExporterFamilies(node).flatMap((family) => family.series.map((each) => ({ node: node.name, ...each }))),
  );
  const read = new Set(rules.match(/node_ethtool_\w+/g));
  const rates = series
    .filter(({ metric, perSecond }) => read.has(metric) && perSecond > 0)
    .map(({ node, metric, labels, perSecond }) => [node, labels['device'], metric, perSecond]);
  const expected = truth(cluster).allowances.map(({ node, device, kind, rate }) => [
    node,
    device,
    `node_ethtool_${kind}_allowance_exceeded`,
    rate,
  ]);
  expect(rates.length).toBeGreaterThan(0);
  expect(new Set(rates.map((rate) => rate.join(' ')))).toEqual(new Set(expected.map((rate) => rate.join(' '))));
  expect(rates).toHaveLength(expected.length);
  expect(new Set(series.map(({ metric }) => metric)).size).toBe(9);
  expect(series.every(({ labels }) => Object.keys(labels).join() === 'device')).toBe(true);
  expect(series.some(({ metric }) => /_(rx|tx)(_|$)/.test(metric))).toBe(false);
});
