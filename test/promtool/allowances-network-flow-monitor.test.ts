import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../bench/generate.ts';
import { createRandom } from '../../bench/random.ts';
import { networkFlowMonitorFamilies } from '../../bench/series/network-flow-monitor.ts';
import { truth } from '../../bench/truth.ts';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, testRules } from '../support/rule-test.ts';
import {
  ALLOWANCES,
  expectAnswers,
  exposedByNodeExporter,
  fires,
  holds,
  INTERVAL,
  type Labels,
  NODE,
  phases,
  seriesOfFlowMonitor,
  silent,
  WINDOW,
} from './allowances-input.ts';

const generated = generate({ ethtool: { exporter: 'network-flow-monitor' } });
const rules = generated.file(RULES.allowances);

const PPS = 'metric:pps_allowance_exceeded';
const ENI: Labels = { ...NODE, device: 'eni-0a00010200' };
const at = (device: string, labels: Labels = NODE): Labels => ({ ...labels, device });

/** What the agent says at each minute's scrape, half a minute after the evaluation: the packets since the one before. */
const says = (
  labels: Labels,
  perScrape: readonly (number | '_')[],
  statistic = 'pps_allowance_exceeded',
): InputSeries => ({
  series: seriesOfFlowMonitor(statistic, labels),
  values: perScrape.map((value) => `_ ${value}`).join(' '),
});

const expectRecords = (series: readonly InputSeries[], expected: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers(rules, INTERVAL, series, expected);

/** Packets per second of a window that ends with this minute's evaluation. */
const average = (packets: readonly number[], minute: number): number =>
  packets.slice(minute - WINDOW, minute).reduce((sum, each) => sum + each, 0) / (WINDOW * 60);

describe('metric:*_allowance_exceeded of the agent of Network Flow Monitor', () => {
  test('is what was lost within the window, whatever is lost per minute and whichever scrapes are missed', async () => {
    const MINUTES = 15;
    await testRules(
      [rules],
      Array.from({ length: 5 }, (_, seed) => {
        const random = createRandom(seed);
        const interfaces = ['east', 'west'].flatMap((cluster) =>
          ['eni-1', 'eni-2'].map((device) => {
            const packets = Array.from({ length: MINUTES }, () => (random.int(0, 2) === 0 ? random.int(1, 5000) : 0));
            // Minute 7 is missed by one interface in two: the next scrape tells of both minutes. Neither is at an edge of a window below.
            const missed = random.int(0, 1) === 0 ? 7 : undefined;
            const told = packets.map((own, minute) => {
              if (minute === missed) return '_';
              return minute - 1 === missed ? own + (packets[minute - 1] ?? 0) : own;
            });
            return { labels: { ...NODE, cluster, device }, packets, told };
          }),
        );
        return {
          name: `seed ${seed}`,
          interval: INTERVAL,
          input_series: interfaces.map(({ labels, told }) => says(labels, told)),
          promql_expr_test: [6, 10, 12, 15].map((minute) =>
            holds(
              PPS,
              `${minute}m`,
              interfaces.map(({ labels, packets }) => [labels, Number(average(packets, minute).toFixed(6))]),
            ),
          ),
        };
      }),
    );
  });

  test('counts what a first scrape tells', async () => {
    await expectRecords(
      [says(ENI, [60])],
      [holds(PPS, '0m', []), holds(PPS, '1m', [[ENI, 0.2]]), holds(PPS, '6m', [])],
    );
  });

  test('is the sum of the parts that several scrapers have of one node', async () => {
    const [one, two] = [
      { ...ENI, job: 'one' },
      { ...ENI, job: 'two' },
    ];
    await expectRecords([says(one, phases([10, 100])), says(two, phases([10, 20]))], [holds(PPS, '10m', [[ENI, 2]])]);
  });

  test('does not see what another scraper took where our job reports', async () => {
    await expectRecords(
      [says(ENI, phases([10, 60])), says({ ...ENI, job: 'other' }, phases([10, 60]))],
      [holds(PPS, '10m', [[ENI, 1]])],
    );
  });

  test('goes on in another pod, also with the labels of a PodMonitor', async () => {
    const pod = (name: string) => ({ ...ENI, namespace: 'amazon-network-flow-monitor', pod: name });
    await expectRecords(
      [
        says(pod('x'), [...phases([8, 60]), '_']),
        says(pod('y'), [...Array.from({ length: 8 }, () => '_' as const), 60, 60]),
      ],
      [holds(PPS, '10m', [[ENI, 1]])],
    );
  });

  test('is 0 for a window, and never below, when the driver starts again', async () => {
    await expectRecords(
      [says(ENI, [...phases([3, 60]), -9000, ...phases([10, 60])])],
      [holds(PPS, '3m', [[ENI, 0.6]]), holds(PPS, '6m', [[ENI, 0]]), holds(PPS, '12m', [[ENI, 1]])],
    );
  });

  test('calls an interface by its ID, and knows the node of a target by its address', async () => {
    const instance = { cluster: 'production', instance: '10.0.1.2:9109', job: 'mine' };
    const node = 'kube_node_info{cluster="production", node="ip-10-0-1-2", internal_ip="10.0.1.2"}';
    await expectRecords(
      [
        { series: node, values: '1x20' },
        says(at('eni-1', instance), phases([10, 60])),
        says(at('eni-2', instance), phases([10, 120])),
      ],
      [
        holds(PPS, '10m', [
          [at('eni-1'), 1],
          [at('eni-2'), 2],
        ]),
      ],
    );
  });

  test('reads no counter of another exporter', async () => {
    await expectRecords([exposedByNodeExporter('pps_allowance_exceeded', ENI, '0+60x20')], [holds(PPS, '10m', [])]);
  });
});

test('alerts fire at what the window holds, and not at what it does not exceed', async () => {
  const every = (perMinute: number): InputSeries[] =>
    ALLOWANCES.map((allowance) => says(ENI, phases([60, perMinute]), `${allowance}_allowance_exceeded`));
  const tiers = ['PPSAllowanceExceeded', 'BWINAllowanceExceeded', 'BWOutAllowanceExceeded'];
  // More than 1,000 packets within 5 minutes are critical, more than 100 a warning.
  await expectAnswers(
    rules,
    INTERVAL,
    every(201),
    tiers.map((name) => fires(name, 'critical', 58, [ENI])),
  );
  await expectAnswers(rules, INTERVAL, every(200), [
    ...tiers.flatMap((name) => silent(name, 'critical', [40, 58])),
    ...tiers.map((name) => fires(name, 'warning', 58, [ENI])),
    fires('ConntrackAllowanceExceeded', 'critical', 58, [ENI]),
    fires('LinkLocalAllowanceExceeded', 'critical', 58, [ENI]),
  ]);
  await expectAnswers(
    rules,
    INTERVAL,
    every(20),
    tiers.flatMap((name) => silent(name, 'warning', [30, 58])),
  );
  await expectAnswers(rules, INTERVAL, every(0), silent('ConntrackAllowanceExceeded', 'critical', [30, 58]));
});

describe('without connections left', () => {
  const reason = 'ethtool.exporter is network-flow-monitor, which does not export conntrack_allowance_available';

  test('no rule and no panel reads them', () => {
    const { bundle } = generated;
    expect(rules).not.toContain('conntrack_allowance_available');
    expect(rules).not.toContain('ConntrackAllowanceLow');
    expect(bundle.ruleFiles.flatMap(({ groups }) => groups).filter((group) => group.rules.length === 0)).toEqual([]);
    const dashboard = generated.file('dashboards/grafana/node-allowances.json');
    expect(dashboard).not.toContain('conntrack_allowance_available');
    expect(dashboard).not.toContain('Connections left');
  });

  test('the build says what is left out, and the others leave out nothing of it', () => {
    const named = (given: object) => generate(given).bundle.skipped.filter((one) => one.reason === reason);
    const panels = ['conntrack-headroom-by-node', 'conntrack-headroom', 'conntrack-available', 'conntrack-nodes'];
    expect(named({ ethtool: { exporter: 'network-flow-monitor' } })).toEqual([
      { kind: 'records of connections left', reason },
      ...panels.map((panel) => ({ kind: 'panel', dashboard: 'node-allowances', panel, reason })),
      { kind: 'alert', alert: 'ConntrackAllowanceLow', reason },
    ]);
    const usual = generate().file('dashboards/grafana/node-allowances.json');
    expect(usual).toContain('conntrack_allowance_available');
    for (const exporter of ['showmax', 'node-exporter']) expect(named({ ethtool: { exporter } })).toEqual([]);
  });
});

test('the simulated agent exposes the allowances as the truth has them, under names that the rules read', () => {
  const cluster = generateCluster({ seed: 4 });
  const SECONDS = 1000;
  const told = cluster.nodes.flatMap((node) =>
    networkFlowMonitorFamilies(node, SECONDS).flatMap(({ name, type, series }) => {
      expect(rules).toContain(`(${name}[5m])`);
      expect(type).toBe('gauge');
      return series.map(({ labels, start, perSecond }) => ({ name, labels, start, perSecond }));
    }),
  );
  const packets = (kind: string, node: string): number[] =>
    told
      .filter(
        ({ name, labels, start }) => name === `${kind}_allowance_exceeded` && labels['node'] === node && start > 0,
      )
      .map(({ start }) => start / SECONDS);
  const { allowances } = truth(cluster);
  expect(allowances.length).toBeGreaterThan(0);
  for (const { kind, node } of allowances) {
    const rates = allowances.filter((one) => one.kind === kind && one.node === node).map(({ rate }) => rate);
    expect(new Set(packets(kind, node))).toEqual(new Set(rates));
  }
  expect(told.filter(({ start }) => start > 0)).toHaveLength(allowances.length);
  expect(told.every(({ perSecond }) => perSecond === 0)).toBe(true);
  const interfaces = told.filter(({ name }) => name === 'pps_allowance_exceeded').map(({ labels }) => labels['eni']);
  expect(new Set(interfaces).size).toBe(interfaces.length);
});
