import { describe, expect, test } from '@jest/globals';
import { createRandom, type Random } from '../../bench/random.ts';
import { EXPORTERS as KNOWN } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import {
  exposed as exposedByShowmax,
  exposedByNodeExporter,
  fires,
  growing,
  holds,
  INTERVAL,
  type Labels,
  pends,
  phases,
  scrapes,
  seriesOfFlowMonitor,
  WINDOW,
} from './allowances-input.ts';

type Statistic = 'pps_allowance_exceeded' | 'conntrack_allowance_exceeded' | 'conntrack_allowance_available';

/** An exporter as this test knows it. The device of its series is its own. */
interface Exporter {
  readonly id: string;
  readonly job: string;
  readonly device: string;
  readonly isDelta: boolean;
  /** Whether it exports the connections that are left. */
  readonly hasGauge: boolean;
  /** A statistic with a value for each minute: packets within it, or connections. */
  readonly says: (statistic: Statistic, labels: Labels, perMinute: readonly number[]) => InputSeries;
}

const isGauge = (statistic: Statistic): boolean => statistic.endsWith('_available');

const counter =
  (exposed: typeof exposedByShowmax): Exporter['says'] =>
  (statistic, labels, perMinute) =>
    exposed(statistic, labels, isGauge(statistic) ? scrapes(perMinute) : growing(perMinute));

const EXPORTERS: readonly Exporter[] = [
  {
    id: 'showmax',
    job: 'ethtool-exporter',
    device: 'ens5',
    isDelta: false,
    hasGauge: true,
    says: counter(exposedByShowmax),
  },
  {
    id: 'node-exporter',
    job: 'ethtool-node-exporter',
    device: 'ens5',
    isDelta: false,
    hasGauge: true,
    says: counter(exposedByNodeExporter),
  },
  {
    id: 'network-flow-monitor',
    job: 'network-flow-monitor',
    device: 'eni-1',
    isDelta: true,
    hasGauge: false,
    says: (statistic, labels, perMinute) => ({
      series: seriesOfFlowMonitor(statistic, labels),
      values: scrapes(perMinute),
    }),
  },
];

const PPS = 'metric:pps_allowance_exceeded';
const NODES = 'metric:allowance_nodes:count';
const AVAILABLE = 'metric:conntrack_allowance_available';

/** Every two exporters, in both orders. */
const PAIRS = EXPORTERS.flatMap((first) =>
  EXPORTERS.filter((second) => second !== first).map((second) => ({ first, second, list: [first, second] })),
);

const rulesOf = (list: readonly Exporter[]): string =>
  generate({ ethtool: { exporter: list.map(({ id }) => id) } }).file(RULES.allowances);

const known = (cluster: string, name: string, device: string): Labels => ({
  cluster,
  instance: name,
  node: name,
  device,
});

/** A scrape target of an exporter on a node, and what it says, steadily. */
interface Target {
  readonly exporter: Exporter;
  readonly cluster: string;
  readonly node: string;
  readonly labels: Labels;
  readonly packets: number;
  readonly left: number;
}

test('every exporter is tried', () => {
  expect(EXPORTERS.map(({ id }) => id).toSorted()).toEqual(KNOWN.toSorted());
});

/** What must be recorded of targets, as the documentation says it. */
function truthOf(targets: readonly Target[], list: readonly Exporter[]) {
  const isOurs = ({ exporter, labels }: Target): boolean => labels['job'] === exporter.job && list.includes(exporter);
  /** Those that count among these: in each cluster ours where there are any, else all. */
  const counting = (all: readonly Target[]): readonly Target[] =>
    all.filter((one) => isOurs(one) || !all.some((other) => other.cluster === one.cluster && isOurs(other)));
  const read = targets.filter(({ exporter }) => list.includes(exporter));
  const places = [...new Set(read.map(({ cluster, node }) => `${cluster}/${node}`))].map((place) => place.split('/'));
  const on = (all: readonly Target[], cluster = '', node = ''): readonly Target[] =>
    all.filter((one) => one.cluster === cluster && one.node === node);

  const packets = places.flatMap(([cluster = '', node = '']): (readonly [Labels, number])[] => {
    const here = on(counting(read), cluster, node);
    const exporter = list.find((one) => here.some((target) => target.exporter === one));
    if (exporter === undefined) return [];
    const said = here.filter((target) => target.exporter === exporter).map((target) => target.packets);
    // Each target of a counter has all packets, each of a delta a part.
    const all = exporter.isDelta ? said.reduce((sum, each) => sum + each, 0) : Math.max(...said);
    return [[known(cluster, node, exporter.device), Number((all / 60).toFixed(6))]];
  });
  const withGauge = counting(read.filter(({ exporter }) => exporter.hasGauge));
  const left = places.flatMap(([cluster = '', node = '']): (readonly [Labels, number])[] => {
    const here = on(withGauge, cluster, node).map((target) => target.left);
    return here.length === 0 ? [] : [[{ cluster, instance: node, node }, Math.min(...here)]];
  });
  const counts = [...new Set(packets.map(([{ cluster = '' }]) => cluster))].map(
    (cluster) => [{ cluster }, packets.filter(([labels]) => labels['cluster'] === cluster).length] as const,
  );
  return { packets, left, counts };
}

/** A fleet whose nodes have the same names in each cluster, and any exporters, scraped by our job, another one or both. */
function fleetOf(random: Random): readonly Target[] {
  return ['c1', 'c2', 'c3', 'c4'].flatMap((cluster) => {
    // Some clusters have none of our jobs.
    const jobs = random.pick([['ours'], ['ours', 'another'], ['another']]);
    return Array.from({ length: random.int(2, 4) }, (_, index) => `n${index}`).flatMap((node, index) =>
      EXPORTERS.filter(() => random.int(0, 1) === 0).flatMap((exporter) =>
        jobs
          .filter(() => random.int(0, 3) > 0)
          .map((job) => ({
            exporter,
            cluster,
            node,
            labels: {
              cluster,
              device: exporter.device,
              ...(job === 'ours' ? { job: exporter.job } : { job }),
              ...random.pick([{ instance: node, node }, { instance: `10.0.${index}.1:9000` }]),
            },
            packets: random.int(1, 500),
            left: random.int(1000, 9000),
          })),
      ),
    );
  });
}

const MINUTES = 12;
const steady = (value: number): number[] => phases([MINUTES, value]);

const nodeInfo = (cluster: string, index: number): InputSeries => ({
  series: seriesText('kube_node_info', { cluster, node: `n${index}`, internal_ip: `10.0.${index}.1`, job: 'ksm' }),
  values: `1x${2 * MINUTES}`,
});

describe.each(PAIRS)('$first.id before $second.id', ({ first, second, list }) => {
  const rules = rulesOf(list);

  test('in any fleet each node counts once, with the first exporter that it has', async () => {
    const tests = Array.from({ length: 4 }, (_, seed) => {
      const targets = fleetOf(createRandom(seed));
      const truth = truthOf(targets, list);
      expect(truth.packets.length).toBeGreaterThan(0);
      return {
        name: `seed ${seed}`,
        interval: INTERVAL,
        input_series: [
          ...['c1', 'c2', 'c3', 'c4'].flatMap((cluster) => [0, 1, 2, 3].map((index) => nodeInfo(cluster, index))),
          ...targets.flatMap(({ exporter, labels, packets, left }) => [
            exporter.says('pps_allowance_exceeded', labels, steady(packets)),
            ...(exporter.hasGauge ? [exporter.says('conntrack_allowance_available', labels, steady(left))] : []),
          ]),
        ],
        promql_expr_test: [
          holds(PPS, `${MINUTES}m`, truth.packets),
          holds(NODES, `${MINUTES}m`, truth.counts),
          holds(AVAILABLE, `${MINUTES}m`, truth.left),
        ],
      };
    });
    await testRules([rules], tests);
  });

  /** Two targets of ours on one node, that say different numbers so that it shows which counts. */
  const said = (exporter: Exporter, perMinute: readonly number[], statistic: Statistic = 'pps_allowance_exceeded') =>
    exporter.says(statistic, { job: exporter.job, ...known('c1', 'a', exporter.device) }, perMinute);
  const at = (exporter: Exporter, minute: number, perSecond: number) =>
    holds(PPS, `${minute}m`, [[known('c1', 'a', exporter.device), perSecond]]);
  const answers = (input_series: readonly InputSeries[], promql_expr_test: readonly ReturnType<typeof holds>[]) => ({
    name: 'answers',
    interval: INTERVAL,
    input_series,
    promql_expr_test,
  });

  test('the second takes over when the first is silent for a window, and gives way when it is back', async () => {
    const FIRST = 10;
    const BACK = 20;
    const end = BACK + 2 * WINDOW;
    // A scrape that finds nothing writes nothing.
    const gone = ({ series, values }: InputSeries): InputSeries => ({
      series,
      values: values
        .split(' ')
        .map((value, index) => (index >= 2 * FIRST && index < 2 * BACK ? '_' : value))
        .join(' '),
    });
    await testRules(
      [rules],
      [
        answers(
          [gone(said(first, phases([end, 60]))), said(second, phases([end, 120]))],
          [
            at(first, FIRST, 1),
            at(second, FIRST + WINDOW, 2),
            at(second, BACK, 2),
            at(first, end, 1),
            holds(NODES, `${FIRST + WINDOW}m`, [[{ cluster: 'c1' }, 1]]),
          ],
        ),
      ],
    );
  });

  test('a node over its limit is one alert', async () => {
    const excess = phases([WINDOW, 0], [25, 120]);
    await testRules(
      [rules],
      [
        answers(
          [first, second].map((each) => said(each, excess, 'conntrack_allowance_exceeded')),
          [fires('ConntrackAllowanceExceeded', 'critical', 25, [known('c1', 'a', first.device)])],
        ),
      ],
    );
  });

  test('a restart of the driver is no excess, whichever counts', async () => {
    const RESTART = 10;
    const end = RESTART + 2 * WINDOW;
    /** What a target says where the counters of the driver begin at 0 in a minute, after a long time of 60 packets a minute. */
    const restarted = (exporter: Exporter): InputSeries => {
      const before = Array.from({ length: RESTART }, (_, minute) => 100_000 + 60 * minute);
      const after = Array.from({ length: end - RESTART }, (_, minute) => 60 * (minute + 1));
      const counters = [...before, ...after];
      const deltas = counters.map((value, minute) => value - (counters[minute - 1] ?? value - 60));
      const { series } = said(exporter, []);
      return { series, values: scrapes(exporter.isDelta ? deltas : counters) };
    };
    const during = first.isDelta ? 0 : 1;
    await testRules(
      [rules],
      [
        answers(
          [restarted(first), restarted(second)],
          [at(first, RESTART, 1), at(first, RESTART + 3, during), at(first, end, 1)],
        ),
      ],
    );
  });

  test('AllowanceSourceSilent fires where both are gone, not where nobody runs one of them', async () => {
    const ec2 = (cluster: string): InputSeries => ({
      series: seriesText('kube_node_info', {
        cluster,
        node: 'a',
        provider_id: 'aws:///us-east-1a/i-0123456789abcdef0',
      }),
      values: '1x80',
    });
    const only = (exporter: Exporter, cluster: string, minutes: number): InputSeries =>
      exporter.says(
        'pps_allowance_exceeded',
        { job: exporter.job, ...known(cluster, 'a', exporter.device) },
        phases([minutes, 0]),
      );
    await testRules(
      [rules],
      [
        answers(
          [
            ...['one', 'two', 'ended', 'never'].map(ec2),
            only(first, 'one', 40),
            only(second, 'two', 40),
            only(first, 'ended', 10),
            only(second, 'ended', 5),
          ],
          [
            pends('AllowanceSourceSilent', 'warning', 12, [{ cluster: 'never' }]),
            fires('AllowanceSourceSilent', 'warning', 15, [{ cluster: 'never' }]),
            fires('AllowanceSourceSilent', 'warning', 39, [{ cluster: 'never' }, { cluster: 'ended' }]),
          ],
        ),
      ],
    );
  });
});

test('an alert on silence names the jobs of all', () => {
  const text = rulesOf(EXPORTERS);
  expect(text).toContain('First: check up{job=~"ethtool-exporter|ethtool-node-exporter|network-flow-monitor"}, then');
});

test('all at once: of a node with every exporter the first of the list counts, whatever the order', async () => {
  const random = createRandom(7);
  for (const list of [EXPORTERS, EXPORTERS.toReversed()]) {
    const fleet = fleetOf(random);
    const truth = truthOf(fleet, list);
    await testRules(
      [rulesOf(list)],
      [
        {
          name: list.map(({ id }) => id).join(),
          interval: INTERVAL,
          input_series: [
            ...['c1', 'c2', 'c3', 'c4'].flatMap((cluster) => [0, 1, 2, 3].map((index) => nodeInfo(cluster, index))),
            ...fleet.map(({ exporter, labels, packets }) =>
              exporter.says('pps_allowance_exceeded', labels, steady(packets)),
            ),
          ],
          promql_expr_test: [holds(PPS, `${MINUTES}m`, truth.packets), holds(NODES, `${MINUTES}m`, truth.counts)],
        },
      ],
    );
  }
});
