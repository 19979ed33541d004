import { describe, expect, test } from '@jest/globals';
import { groupsOf, reduced } from '../../mutation/rules.ts';
import { generate, RULES } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { ONE, TWO } from './edges-input.ts';
import { ABSENT, constant, during, holding, type Level, type Turn } from './pipeline-input.ts';
import { ALWAYS, describeTiers, expectAllTiers, type Firing, firingOf, SEEN, type Threshold } from './tier-edges.ts';

// Rules on routing are evaluated at half of the pace of others: with this, each minute.
const generated = generate({ rules: { interval: '30s' } });
// Without the records, as each case says itself what they hold.
const rules = JSON.stringify({
  groups: reduced(groupsOf(generated.file(RULES.routing)), (rule) => (rule.alert === undefined ? [] : [rule])).map(
    (group) => ({ ...group, interval: '60s' }),
  ),
});
const expectFiring = firingOf(rules);

const CART: Labels = { namespace: 'shop', service: 'cart' };
const WEB: Labels = { namespace: 'shop', workload_type: 'Deployment', workload: 'web' };
const always = (record: string, labels: Labels, value: number): InputSeries => constant(record, labels, value, ALWAYS);

/** A Service in a cluster of three zones, with endpoints in two of them. */
const service = (
  place: Labels,
  of: { readonly hinted?: number; readonly zones?: number; readonly total?: number } = {},
) => {
  const own = { ...place, ...CART };
  const { hinted = 0, zones = 2, total = 9 } = of;
  return [
    always('service:routing:info', { ...own, routing: 'none' }, 1),
    always('service:hinted_zones:count', own, hinted),
    always('service:endpoints:count', own, total),
    always('cluster:routing_zones:count', place, 3),
    ...['a', 'b', 'c'].slice(0, zones).map((zone) => always('service_zone:endpoints:count', { ...own, zone }, 3)),
    // An endpoint without a zone is in no zone that could be preferred.
    always('service_zone:endpoints:count', { ...own, zone: 'unknown' }, 1),
  ];
};

const levels = (scale: number, turns: readonly Turn[]): readonly Turn[] =>
  turns.map(([minutes, level]): Turn => [minutes, level === ABSENT ? level : level * scale]);

/** So much of the cross-zone traffic of a cluster, which is 50, goes to the Service. Traffic within zones does not count. */
const share = (place: Labels, ...turns: readonly Turn[]): readonly InputSeries[] => [
  holding('service:network_flows_inbound_cross_zone:rate5m', { ...place, ...CART }, during(...levels(50, turns))),
  always('cluster:network_flows:rate5m', { ...place, locality: 'cross_zone' }, 50),
  always('cluster:network_flows:rate5m', { ...place, locality: 'same_zone' }, 1000),
];

/** So much of the endpoints has no hint. */
const unhinted = (place: Labels, ...turns: readonly Turn[]): InputSeries =>
  holding(
    'service:endpoints_hinted:ratio',
    { ...place, ...CART },
    during(...turns.map(([minutes, level]): Turn => [minutes, level === ABSENT ? level : 1 - level])),
  );

/** Pods of a workload with hints, which has three in a zone on average. */
const workload = (place: Labels, of: Labels = WEB, isHinted = true): readonly InputSeries[] => [
  always('cluster:routing_zones:count', place, 3),
  always('workload_zone:running_pods:count', { ...place, ...of, zone: 'a' }, 4),
  always('workload_zone:running_pods:count', { ...place, ...of, zone: 'b' }, 5),
  ...(isHinted ? [always('workload_zone:hints:count', { ...place, ...of, zone: 'a' }, 4)] : []),
];
const skew = (place: Labels, turns: readonly Turn[], of: Labels = WEB): InputSeries =>
  holding('workload:zone_skew:pods', { ...place, ...of }, during(...turns));

const THRESHOLDS: readonly Threshold[] = [
  {
    alert: 'ServiceWithoutZoneHints',
    where: { ...ONE, ...CART },
    series: (...turns) => [...service(ONE), ...share(ONE, ...turns), ...service(TWO), ...share(TWO, [ALWAYS, 0.1])],
    tiers: [['info', 0.2, 0.2001, 20]],
  },
  {
    alert: 'ZoneHintsPartial',
    where: { ...ONE, ...CART, missing: 'endpoints' },
    series: (...turns) => [
      ...service(ONE, { hinted: 3 }),
      unhinted(ONE, ...turns),
      ...service(TWO, { hinted: 3 }),
      unhinted(TWO, [ALWAYS, 0]),
    ],
    tiers: [['warning', 0, 0.0001, 15]],
  },
  {
    alert: 'WorkloadZoneSkew',
    where: { ...ONE, ...WEB },
    // More than half of the mean by one pod more than the threshold.
    series: (...turns) => [...workload(ONE), skew(ONE, turns), ...workload(TWO), skew(TWO, [[ALWAYS, 1]])],
    tiers: [['warning', 1, 2, 20]],
  },
];

describeTiers(rules, THRESHOLDS);

test('these are all tiers', () => {
  expectAllTiers(generated, 'zone-routing', THRESHOLDS, []);
});

describe('ServiceWithoutZoneHints', () => {
  const expectIt = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('ServiceWithoutZoneHints', 'info', series, firing);
  const much = (place: Labels) => share(place, [ALWAYS, 0.9]);

  test('is silent where the Service has hints, endpoints in one zone, or no virtual address', async () => {
    await expectIt([...service(ONE, { hinted: 1 }), ...much(ONE)], [45]);
    await expectIt([...service(ONE, { zones: 1 }), ...much(ONE)], [45]);
    const headless = service(ONE).filter(({ series }) => !series.startsWith('service:routing:info'));
    await expectIt([...headless, ...much(ONE)], [45]);
  });

  test('compares a Service with its own cluster, and what another has of that name changes nothing', async () => {
    const hintsElsewhere = service(TWO, { hinted: 3 });
    await expectIt([...service(ONE), ...much(ONE), ...hintsElsewhere, ...much(TWO)], [45, { ...ONE, ...CART }]);
  });

  test('goes on over a restart of kube-state-metrics, and not over a longer silence', async () => {
    const gone = (minutes: number) => {
      const turns: readonly Turn[] = [
        [15, 0.9],
        [minutes, ABSENT],
        [30, 0.9],
      ];
      return [...service(ONE), ...share(ONE, ...turns)];
    };
    await expectIt(gone(4), [20], [21, { ...ONE, ...CART }]);
    await expectIt(gone(12), [21], [15 + 12 + SEEN + 19], [15 + 12 + SEEN + 20, { ...ONE, ...CART }]);
  });

  test('does not exist where traffic is not told by workload, with the reason', () => {
    const reasons = [{ flows: { granularity: 'zone' } }, { flows: { source: 'none' } }].flatMap((given) =>
      generate(given).bundle.skipped.filter((one) => 'alert' in one && one.alert === 'ServiceWithoutZoneHints'),
    );
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'flows.granularity is zone, so no workloads are recorded',
      'flows.source is none',
    ]);
  });
});

describe('ZoneHintsPartial', () => {
  const expectIt = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('ZoneHintsPartial', 'warning', series, firing);
  const all = (place: Labels) => unhinted(place, [ALWAYS, 0]);
  const zones = { ...ONE, ...CART, missing: 'zones' };

  test('fires for a zone without a hint where there are endpoints for each', async () => {
    await expectIt([...service(ONE, { hinted: 2, total: 3 }), all(ONE)], [15], [16, zones]);
    await expectIt([...service(ONE, { hinted: 2, total: 2 }), all(ONE)], [20]);
    await expectIt([...service(ONE, { hinted: 3, total: 3 }), all(ONE)], [20]);
  });

  test('is silent without any hints', async () => {
    await expectIt([...service(ONE), unhinted(ONE, [ALWAYS, 1])], [20]);
  });

  test('is about the zones of its own cluster', async () => {
    const other = service(TWO, { hinted: 2 }).map(({ series, values }) => ({
      series,
      values: series.startsWith('cluster:routing_zones') ? values.replaceAll('3', '2') : values,
    }));
    await expectIt([...service(ONE, { hinted: 3 }), all(ONE), ...other, all(TWO)], [20]);
  });
});

describe('WorkloadZoneSkew', () => {
  const expectIt = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('WorkloadZoneSkew', 'warning', series, firing);
  const by = (level: Level, of?: Labels) => skew(ONE, [[ALWAYS, level]], of);

  test('is silent up to half of the mean of a zone', async () => {
    const big = ['a', 'b'].map((zone) => always('workload_zone:running_pods:count', { ...ONE, ...WEB, zone }, 6));
    const others = workload(ONE).filter(({ series }) => !series.startsWith('workload_zone:running'));
    // Twelve pods in three zones: four on average.
    await expectIt([...others, ...big, by(2)], [45]);
    await expectIt([...others, ...big, by(3)], [45, { ...ONE, ...WEB }]);
  });

  test('is silent for workloads without hints and for those that follow their nodes', async () => {
    await expectIt([...workload(ONE, WEB, false), by(9)], [45]);
    const agents = { ...WEB, workload_type: 'DaemonSet' };
    await expectIt([...workload(ONE, agents), by(9, agents)], [45]);
  });

  test('says nothing where zones are not known', async () => {
    const unknown = workload(ONE).filter(({ series }) => !series.startsWith('cluster:'));
    await expectIt([...unknown, by(9)], [45]);
  });
});
