import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../bench/random.ts';
import { EXPORTERS as KNOWN } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import { pairsAndAll } from '../support/lists.ts';
import { type ExpressionTest, type InputSeries, type RuleTest, seriesText, testRules } from '../support/rule-test.ts';
import { fires, holds, INTERVAL, pends, phases, scrapes, WINDOW } from './allowances-input.ts';
import { type Exporter, EXPORTERS, fleetOf, known, NODE_INFO, type Statistic, truthOf } from './exporter-fleet.ts';

const PPS = 'metric:pps_allowance_exceeded';
const NODES = 'metric:allowance_nodes:count';
const AVAILABLE = 'metric:conntrack_allowance_available';

const LISTS = pairsAndAll(EXPORTERS);

const rulesOf = (list: readonly Exporter[]): string =>
  generate({ ethtool: { exporter: list.map(({ id }) => id) } }).file(RULES.allowances);

test('every exporter is tried', () => {
  expect(EXPORTERS.map(({ id }) => id).toSorted()).toEqual(KNOWN.toSorted());
});

test('an alert on silence names the jobs of all', () => {
  const text = rulesOf(EXPORTERS.slice(0, 2));
  expect(text).toContain('First: check up{job=~"ethtool-exporter|ethtool-node-exporter"}, then');
});

const answers = (
  name: string,
  input_series: readonly InputSeries[],
  ...promql_expr_test: readonly ExpressionTest[]
): RuleTest => ({ name, interval: INTERVAL, input_series, promql_expr_test });

/** What our job for an exporter finds on a node, a value for each minute. */
const said = (
  exporter: Exporter,
  perMinute: readonly number[],
  {
    cluster = 'c1',
    statistic = 'pps_allowance_exceeded',
  }: { readonly cluster?: string; readonly statistic?: Statistic } = {},
): InputSeries => exporter.says(statistic, { job: exporter.job, ...known(cluster, 'a', exporter.device) }, perMinute);

/** That the node counts at a minute with an exporter, and only with that. */
const at = (exporter: Exporter, minute: number, perSecond: number): ExpressionTest =>
  holds(PPS, `${minute}m`, [[known('c1', 'a', exporter.device), perSecond]]);

/** Fleets of any exporters, a steady number of packets and connections at each target. */
function fleets(list: readonly Exporter[]): readonly RuleTest[] {
  const MINUTES = 12;
  return [0, 1].map((each) => {
    const seed = 2 * LISTS.indexOf(list) + each;
    const targets = fleetOf(createRandom(seed));
    const { packets, counts, left } = truthOf(targets, list);
    expect(packets.length).toBeGreaterThan(0);
    const says = (statistic: Statistic, values: 'packets' | 'left', exporters: readonly Exporter[]) =>
      targets
        .filter(({ exporter }) => exporters.includes(exporter))
        .map((target) => target.exporter.says(statistic, target.labels, phases([MINUTES, target[values]])));
    return answers(
      `fleet ${seed}`,
      [
        ...NODE_INFO,
        ...says('pps_allowance_exceeded', 'packets', EXPORTERS),
        ...says(
          'conntrack_allowance_available',
          'left',
          EXPORTERS.filter(({ hasGauge }) => hasGauge),
        ),
      ],
      holds(PPS, `${MINUTES}m`, packets),
      holds(NODES, `${MINUTES}m`, counts),
      holds(AVAILABLE, `${MINUTES}m`, left),
    );
  });
}

/** The first is silent for ten minutes: the second counts once a window is over, until the first is back. */
function takeover(first: Exporter, second: Exporter): RuleTest {
  const [gone, back] = [10, 20];
  const end = back + 2 * WINDOW;
  const { series, values } = said(first, phases([end, 60]));
  const broken = values.split(' ').map((value, index) => (index >= 2 * gone && index < 2 * back ? '_' : value));
  return answers(
    'the second takes over',
    [{ series, values: broken.join(' ') }, said(second, phases([end, 120]))],
    at(first, gone, 1),
    at(second, gone + WINDOW, 2),
    at(second, back, 2),
    at(first, end, 1),
    holds(NODES, `${gone + WINDOW}m`, [[{ cluster: 'c1' }, 1]]),
  );
}

/** The counters of the driver begin at 0 again, after a long time of 60 packets a minute. */
function restart(first: Exporter, second: Exporter): RuleTest {
  const RESTART = 10;
  const end = RESTART + 2 * WINDOW;
  const counters = Array.from({ length: end }, (_, minute) =>
    minute < RESTART ? 100_000 + 60 * minute : 60 * (minute - RESTART + 1),
  );
  const deltas = counters.map((value, minute) => value - (counters[minute - 1] ?? value - 60));
  const restarted = [first, second].map((exporter) => ({
    series: said(exporter, []).series,
    values: scrapes(exporter.isDelta ? deltas : counters),
  }));
  return answers(
    'a restart of the driver is no excess, whichever counts',
    restarted,
    at(first, RESTART, 1),
    at(first, RESTART + 3, first.isDelta ? 0 : 1),
    at(first, end, 1),
  );
}

/** Both report the same packets over a limit, under other names of the interface. */
const oneAlert = (first: Exporter, second: Exporter): RuleTest =>
  answers(
    'a node over its limit is one alert',
    [first, second].map((each) =>
      said(each, phases([WINDOW, 0], [25, 120]), { statistic: 'conntrack_allowance_exceeded' }),
    ),
    fires('ConntrackAllowanceExceeded', 'critical', 25, [known('c1', 'a', first.device)]),
  );

/** Clusters with one exporter each, if it has the gauge: of two interfaces, the one whose value changes counts, not the lower one. */
function moving(...pair: readonly Exporter[]): RuleTest {
  const MINUTES = 9;
  const values = Array.from({ length: MINUTES }, (_, minute) => 500 + minute);
  const exporters = pair.filter(({ hasGauge }) => hasGauge);
  const left = (exporter: Exporter, device: string, perMinute: readonly number[]) =>
    exporter.says(
      'conntrack_allowance_available',
      { job: exporter.job, ...known(exporter.id, 'a', device) },
      perMinute,
    );
  return answers(
    'connections left',
    exporters.flatMap((exporter) => [left(exporter, 'ens5', phases([MINUTES, 100])), left(exporter, 'ens6', values)]),
    holds(
      AVAILABLE,
      `${MINUTES}m`,
      exporters.map(({ id }) => [{ cluster: id, instance: 'a', node: 'a' }, values.at(-1) ?? 0]),
    ),
  );
}

/** Clusters with the one, with the other, with both until they end, and with neither. */
function silence(first: Exporter, second: Exporter): RuleTest {
  const ec2 = (cluster: string): InputSeries => ({
    series: seriesText('kube_node_info', { cluster, node: 'a', provider_id: 'aws:///us-east-1a/i-0123456789abcdef0' }),
    values: '1x80',
  });
  const never = { cluster: 'never' };
  return answers(
    'AllowanceSourceSilent fires where none of them reports, and not where nobody runs the other',
    [
      ...['one', 'two', 'ended', 'never'].map(ec2),
      said(first, phases([40, 0]), { cluster: 'one' }),
      said(second, phases([40, 0]), { cluster: 'two' }),
      said(first, phases([10, 0]), { cluster: 'ended' }),
      said(second, phases([5, 0]), { cluster: 'ended' }),
    ],
    pends('AllowanceSourceSilent', 'warning', 12, [never]),
    fires('AllowanceSourceSilent', 'warning', 15, [never]),
    fires('AllowanceSourceSilent', 'warning', 39, [never, { cluster: 'ended' }]),
  );
}

const idsOf = (list: readonly Exporter[]): string => list.map(({ id }) => id).join(', ');

describe('in any fleet each node counts once, with the first exporter that it has', () => {
  test.each(LISTS.map((list) => [idsOf(list), list] as const))('%s', async (_, list) => {
    await testRules([rulesOf(list)], fleets(list));
  });
});

/** Each exporter before the next one: counters before counters, and deltas on either side. */
const NEIGHBOURS = EXPORTERS.map((first, index) => [first, EXPORTERS[index + 1] ?? EXPORTERS[0] ?? first] as const);

describe('a node with two exporters', () => {
  test.each(NEIGHBOURS.map((pair) => [idsOf(pair), pair] as const))('%s', async (_, [first, second]) => {
    const scenarios = [takeover, restart, oneAlert, moving, silence];
    // One run of promtool for all: its start takes longer than these.
    await testRules(
      [rulesOf([first, second])],
      scenarios.map((scenario) => scenario(first, second)),
    );
  });
});
