import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { ONE, TWO } from './edges-input.ts';
import { ABSENT, constant, during, holding, type Turn } from './pipeline-input.ts';
import { ALWAYS, describeTiers, expectAllTiers, type Firing, firingOf, type Threshold } from './tier-edges.ts';

const generated = generate({ controlPlane: { alerts: true } });
const rules = generated.file(RULES.controlPlane);
const expectFiring = firingOf(rules);

const SLOW = 'apiserver_kind:slo_slow_requests:rate5m';
const ALL = 'apiserver_kind:slo_requests:rate5m';
const WAITED = 'apiserver_priority_level:wait_duration_seconds:quantile_rate5m';
const ETCD = 'etcd_operation:request_duration_seconds:quantile_rate5m';
const PLACES = 'cluster_node_limit:pod_places_used:ratio';

const LIST: Labels = { ...ONE, kind: 'list' };
const LEVEL: Labels = { ...ONE, priority_level: 'workload-low', quantile: '0.99' };
const GET: Labels = { ...ONE, operation: 'get', quantile: '0.99' };
const NODE: Labels = { ...ONE, node: 'n1', limit: 'pod_cidr' };

const scaled = (turns: readonly Turn[], by: number): readonly Turn[] =>
  turns.map(([minutes, level]) => [minutes, level === ABSENT ? ABSENT : level * by]);

/** Of 200 requests a second; those of another kind are all fast, and those of another cluster too. */
const slow: Threshold['series'] = (...turns) => [
  constant(ALL, LIST, 200, ALWAYS),
  holding(SLOW, LIST, during(...scaled(turns, 200))),
  ...[
    { ...ONE, kind: 'change' },
    { ...TWO, kind: 'list' },
  ].flatMap((where) => [constant(ALL, where, 200, ALWAYS), constant(SLOW, where, 0, ALWAYS)]),
];

/** A record that holds what its alert compares. */
const held =
  (record: string, where: Labels): Threshold['series'] =>
  (...turns) => [holding(record, where, during(...turns))];

const THRESHOLDS: readonly Threshold[] = [
  {
    alert: 'APIServerLatencyHigh',
    where: LIST,
    series: slow,
    tiers: [
      ['warning', 0.01, 0.010_01, 10],
      ['critical', 0.1, 0.1001, 10],
    ],
  },
  {
    alert: 'APIServerRequestsQueued',
    where: LEVEL,
    series: held(WAITED, LEVEL),
    tiers: [
      ['warning', 1, 1.001, 10],
      ['critical', 10, 10.001, 10],
    ],
  },
  {
    alert: 'EtcdSlow',
    where: GET,
    series: held(ETCD, GET),
    tiers: [
      ['warning', 0.1, 0.1001, 10],
      ['critical', 1, 1.001, 10],
    ],
  },
  {
    alert: 'NodePodsNearLimit',
    where: NODE,
    series: held(PLACES, NODE),
    tiers: [['warning', 0.9, 0.9001, 15]],
  },
];

describeTiers(rules, THRESHOLDS);

test('these are all tiers', () => {
  expectAllTiers(generated, 'control-plane', THRESHOLDS, []);
});

const expectQuiet = (alert: string, series: readonly InputSeries[], firing: Firing = [[20], [40]]) =>
  expectFiring(alert, 'warning', series, firing);

describe('what none of them is about', () => {
  test('a single slow request in a quiet cluster: less than one request a second counts as one', async () => {
    await expectQuiet('APIServerLatencyHigh', [
      constant(ALL, LIST, 0.02, ALWAYS),
      constant(SLOW, LIST, 0.0099, ALWAYS),
    ]);
  });

  test('requests of which nobody knows how many there are', async () => {
    await expectQuiet('APIServerLatencyHigh', [
      constant(SLOW, LIST, 100, ALWAYS),
      constant(ALL, { ...TWO, kind: 'list' }, 1, ALWAYS),
    ]);
  });

  test('lists of etcd, which read much, and figures without requests', async () => {
    await expectQuiet('EtcdSlow', [
      constant(ETCD, { ...GET, operation: 'list' }, 30, ALWAYS),
      constant(ETCD, { ...GET, operation: 'listWithCount' }, 30, ALWAYS),
      holding(ETCD, { ...GET, operation: 'create' }, during([ALWAYS, Number.NaN])),
    ]);
  });

  test('lists of etcd, however long they take', async () => {
    await expectFiring('EtcdSlow', 'critical', [constant(ETCD, { ...GET, operation: 'list' }, 30, ALWAYS)], [[40]]);
  });

  test.each([
    ['APIServerRequestsQueued', WAITED, LEVEL],
    ['EtcdSlow', ETCD, GET],
  ])('%s: another quantile of the same requests', async (alert, record, where) => {
    const series = [constant(record, where, 60, ALWAYS), constant(record, { ...where, quantile: '0.9' }, 50, ALWAYS)];
    for (const severity of ['warning', 'critical']) await expectFiring(alert, severity, series, [[40, where]]);
  });

  test('a short run that fills a node', async () => {
    await expectQuiet('NodePodsNearLimit', [holding(PLACES, NODE, during([10, 0.5], [14, 1], [20, 0.5]))]);
  });
});

describe('each by itself', () => {
  test('both limits of a node, and nodes of that name in two clusters', async () => {
    const cluster = { ...NODE, ...TWO };
    await expectQuiet(
      'NodePodsNearLimit',
      [
        constant(PLACES, NODE, 0.95, ALWAYS),
        constant(PLACES, { ...NODE, limit: 'max_pods' }, 0.99, ALWAYS),
        constant(PLACES, cluster, 0.5, ALWAYS),
      ],
      [[30, NODE, { ...NODE, limit: 'max_pods' }]],
    );
  });

  test('series that end, end the alert a quarter of an hour later', async () => {
    await expectQuiet(
      'APIServerRequestsQueued',
      [holding(WAITED, LEVEL, during([20, 5], [20, ABSENT]))],
      [[20, LEVEL], [35, LEVEL], [37]],
    );
  });
});
