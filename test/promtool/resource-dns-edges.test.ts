import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, INTERVAL, type Labels } from './allowances-input.ts';
import { ABSENT, constant, during, holding, type Turn } from './pipeline-input.ts';

/** Edges of the alerts on DNS and on resources of workloads, over records as input, so that each holds exactly a value. */
const generated = generate({ nodeLocalDns: { scrape: true } });
const files = [generated.file(RULES.dns), generated.file('rules/prometheus/workload-resources.rules.yaml')];

const ONE: Labels = { cluster: 'one' };
const TWO: Labels = { cluster: 'two' };
const THREE: Labels = { cluster: 'three' };
const FOUR: Labels = { cluster: 'four' };
const FIVE: Labels = { cluster: 'five' };

const COREDNS: Labels = { job: 'coredns' };
const CACHE: Labels = { job: 'node-local-dns' };

/** An alert that fires at some minutes, for nothing else. */
type Firing = readonly (readonly [minute: number, ...where: Labels[]])[];

const expectFiring = (alert: string, severity: string, series: readonly InputSeries[], firing: Firing) =>
  testRules(files, [
    {
      name: `${alert} ${severity}`,
      interval: INTERVAL,
      input_series: series,
      promql_expr_test: firing.map(([minute, ...where]) => fires(alert, severity, minute, where)),
    },
  ]);

/** What is held in minute 9 is seen at minute 10. */
const SEEN = 1;
const QUIET = 10;
const LASTING = 30;

/** A tier of an alert: series that hold a level, and the level that is just not enough and the one that just is. */
interface Tier {
  readonly alert: string;
  readonly severity: string;
  readonly threshold: number;
  readonly above: number;
  readonly pending: number;
  readonly keep: number;
  readonly where: Labels;
  readonly series: (...turns: readonly Turn[]) => readonly InputSeries[];
}

const responses = (instance: string, rcode: string, ...turns: readonly Turn[]): InputSeries =>
  holding('dns_server:responses:rate5m', { ...ONE, ...COREDNS, instance, rcode }, during(...turns));

/** Half of the errors are those of each of two servers, of a hundred answers together. */
const answering: Tier['series'] = (...turns) =>
  ['a', 'b'].flatMap((instance) => [
    responses(instance, 'SERVFAIL', ...turns.map(([minutes, level]): Turn => [minutes, Number(level) * 50])),
    responses(instance, 'NOERROR', ...turns.map(([minutes, level]): Turn => [minutes, 50 - Number(level) * 50])),
  ]);

/** The other quantiles are always too high. */
const taking: Tier['series'] = (...turns) => [
  ...['0.5', '0.9'].map((quantile) =>
    constant('dns:request_duration_seconds:quantile_rate5m', { ...ONE, ...COREDNS, quantile }, 9, 2 * LASTING),
  ),
  holding('dns:request_duration_seconds:quantile_rate5m', { ...ONE, ...COREDNS, quantile: '0.99' }, during(...turns)),
];

const TO: Labels = { to: '10.0.0.2:53' };
const perWindow = (turns: readonly Turn[]): readonly Turn[] =>
  turns.map(([minutes, level]) => [minutes, Number(level) / 300]);

/** One server sees the upstream fail, another hardly ever. */
const failing: Tier['series'] = (...turns) => [
  holding(
    'dns_server:upstream_healthcheck_failures:rate5m',
    { ...ONE, ...COREDNS, ...TO, instance: 'a' },
    during(...perWindow(turns)),
  ),
  constant(
    'dns_server:upstream_healthcheck_failures:rate5m',
    { ...ONE, ...COREDNS, ...TO, instance: 'b' },
    0.001,
    2 * LASTING,
  ),
];

const INTERFACE: Labels = { ...ONE, instance: 'n1', node: 'n1', device: 'eth0' };

/** A node with a DNS server, and interfaces of nobody knows which node, where servers of nobody knows which node ask. */
const dropping: Tier['series'] = (...turns) => [
  holding('metric:linklocal_allowance_exceeded', INTERFACE, during(...perWindow(turns))),
  constant(
    'metric:linklocal_allowance_exceeded',
    { ...ONE, instance: '10.0.0.9:9417', device: 'eth0' },
    9,
    2 * LASTING,
  ),
  ...['n1', ''].map((node) =>
    constant('cluster_node:dns_linklocal_queries:rate5m', { ...ONE, node }, 900, 2 * LASTING),
  ),
];

const WORKLOAD: Labels = { ...ONE, namespace: 'shop', workload_type: 'Deployment', workload: 'web' };
const near: Tier['series'] = (...turns) => [
  holding('workload:memory_limit_used:max_ratio', WORKLOAD, during(...turns)),
];

const OF_JOB: Labels = { ...ONE, ...COREDNS };
const TIERS: readonly Tier[] = [
  {
    alert: 'CoreDNSErrorsHigh',
    severity: 'warning',
    threshold: 0.01,
    above: 0.0101,
    pending: 10,
    where: OF_JOB,
    series: answering,
    keep: 15,
  },
  {
    alert: 'CoreDNSErrorsHigh',
    severity: 'critical',
    threshold: 0.1,
    above: 0.101,
    pending: 10,
    where: OF_JOB,
    series: answering,
    keep: 15,
  },
  {
    alert: 'CoreDNSLatencyHigh',
    severity: 'warning',
    threshold: 0.5,
    above: 0.501,
    pending: 10,
    where: { ...OF_JOB, quantile: '0.99' },
    series: taking,
    keep: 15,
  },
  {
    alert: 'CoreDNSLatencyHigh',
    severity: 'critical',
    threshold: 4,
    above: 4.001,
    pending: 10,
    where: { ...OF_JOB, quantile: '0.99' },
    series: taking,
    keep: 15,
  },
  {
    alert: 'CoreDNSUpstreamUnhealthy',
    severity: 'warning',
    threshold: 30,
    above: 30.01,
    pending: 10,
    where: { ...OF_JOB, ...TO },
    series: failing,
    keep: 15,
  },
  {
    alert: 'CoreDNSUpstreamUnhealthy',
    severity: 'critical',
    threshold: 150,
    above: 150.01,
    pending: 15,
    where: { ...OF_JOB, ...TO },
    series: failing,
    keep: 15,
  },
  {
    alert: 'DNSThrottledAtInterface',
    severity: 'warning',
    threshold: 30,
    above: 30.01,
    pending: 10,
    where: INTERFACE,
    series: dropping,
    keep: 15,
  },
  {
    alert: 'DNSThrottledAtInterface',
    severity: 'critical',
    threshold: 300,
    above: 300.01,
    pending: 10,
    where: INTERFACE,
    series: dropping,
    keep: 15,
  },
  {
    alert: 'WorkloadMemoryNearLimit',
    severity: 'warning',
    threshold: 0.95,
    above: 0.9501,
    pending: 15,
    where: WORKLOAD,
    series: near,
    keep: 15,
  },
];

describe.each(TIERS)('$alert, $severity', ({ alert, severity, threshold, above, pending, keep, where, series }) => {
  test('fires above the threshold, to the minute, and goes on to the minute', async () => {
    const begins = QUIET + SEEN;
    const ends = begins + LASTING;
    await expectFiring(alert, severity, series([QUIET, threshold], [LASTING, above], [keep + 5, threshold]), [
      [begins + pending - 1],
      [begins + pending, where],
      [ends + keep - 1, where],
      [ends + keep],
    ]);
  });
});

describe('CoreDNSDown', () => {
  const servers = (place: Labels, ...turns: readonly Turn[]) =>
    holding('dns:servers:count', { ...place, ...COREDNS }, during(...turns));
  const expectDown = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('CoreDNSDown', 'critical', series, firing);

  test('fires after five minutes, and ends at once when one is back', async () => {
    // The caches of the nodes are no CoreDNS, and go on.
    const caches = constant('dns:servers:count', { ...ONE, ...CACHE }, 3, 60);
    await expectDown(
      [servers(ONE, [20, 2], [20, ABSENT], [20, 1]), caches],
      [20 + SEEN + 4],
      [20 + SEEN + 5, { ...ONE, ...COREDNS }],
      [40, { ...ONE, ...COREDNS }],
      [40 + SEEN],
    );
  });

  test('is about servers that were there, of CoreDNS, in a cluster with a name', async () => {
    await expectDown(
      [
        servers(ONE, [20, 0], [20, ABSENT]),
        servers({}, [20, 2], [20, ABSENT]),
        holding('dns:servers:count', { ...TWO, ...CACHE }, during([20, 3], [20, ABSENT])),
      ],
      [30],
      [39],
    );
  });

  test('remembers a day', async () => {
    const day = 24 * 60;
    await expectDown([servers(ONE, [20, 2], [1, ABSENT])], [day + 15, { ...ONE, ...COREDNS }], [day + 25]);
  });
});

describe('CoreDNSReplicasColocated', () => {
  const MINUTES = 120;
  const node = (place: Labels, name: string, ...turns: readonly Turn[]) =>
    ['a', 'b'].map((instance) =>
      holding(
        'kube_node_info',
        { ...place, node: name, instance },
        during(...(turns.length > 0 ? turns : [[MINUTES, 1] as const])),
      ),
    );
  const pod = (place: Labels, name: string, on: string, zone: string, value = 1) =>
    constant('dns_server:place:info', { ...place, ...COREDNS, instance: name, node: on, zone }, value, MINUTES);
  const servers = (place: Labels, count: number) =>
    constant('dns:servers:count', { ...place, ...COREDNS }, count, MINUTES);
  /** Two pods on one node. */
  const pair = (place: Labels) => [pod(place, 'x', 'n1', 'a'), pod(place, 'y', 'n1', 'b'), servers(place, 2)];
  const at = (place: Labels): Labels => ({ ...place, node: 'n1' });

  test('fires after an hour, and goes on for a quarter of one', async () => {
    const gone = [
      pod(ONE, 'x', 'n1', 'a'),
      holding(
        'dns_server:place:info',
        { ...ONE, ...COREDNS, instance: 'y', node: 'n1', zone: 'b' },
        during([80, 1], [40, ABSENT]),
      ),
      servers(ONE, 2),
    ];
    await expectFiring(
      'CoreDNSReplicasColocated',
      'warning',
      [...gone, ...node(ONE, 'n1'), ...node(ONE, 'n2')],
      [[SEEN + 59], [SEEN + 60, at(ONE)], [80 + SEEN + 14, at(ONE)], [80 + SEEN + 15]],
    );
  });

  test('is about pods that could be spread, whatever other servers and clusters there are', async () => {
    const series = [
      // One cluster with a node for each, in which caches stand on other nodes, more of them than nodes.
      ...pair(ONE),
      ...['n1', 'n2', 'n3'].flatMap((name) => node(ONE, name)),
      ...['n2', 'n3'].flatMap((on) =>
        ['v', 'w'].map((name) =>
          constant('dns_server:place:info', { ...ONE, ...CACHE, instance: `${on}-${name}`, node: on }, 1, MINUTES),
        ),
      ),
      constant('dns:servers:count', { ...ONE, ...CACHE }, 99, MINUTES),
      // One pod, whatever the value of its series.
      pod(ONE, 'z', 'n2', 'a', 3),
      // One node, which two replicas of kube-state-metrics report.
      ...pair(TWO),
      ...node(TWO, 'n1'),
      // No name.
      ...pair({}),
      ...node({}, 'n1'),
      ...node({}, 'n2'),
      // Not known for less than five minutes.
      ...pair(THREE),
      ...['n1', 'n2'].flatMap((name) => node(THREE, name, [30, 1])),
      ...['n1', 'n2'].map((name) => ({
        series: `kube_node_info{cluster="three", node="${name}", instance="c"}`,
        values: `_x${2 * 34 + 1} 1x${2 * (MINUTES - 35)}`,
      })),
      // More pods than nodes, though fewer caches.
      ...pair(FIVE),
      pod(FIVE, 'z', 'n2', 'a'),
      ...['n1', 'n2'].flatMap((name) => node(FIVE, name)),
      constant('dns_server:place:info', { ...FIVE, ...CACHE, instance: 'v', node: 'n1' }, 1, MINUTES),
      // Not known for longer.
      ...pair(FOUR),
      ...['n1', 'n2'].flatMap((name) => node(FOUR, name, [30, 1], [6, ABSENT], [84, 1])),
    ];
    await expectFiring('CoreDNSReplicasColocated', 'warning', series, [[70, at(ONE), at(THREE)]]);
  });
});

describe('ResourceSourceSilent', () => {
  const pods = (place: Labels, value: number, ...turns: readonly Turn[]) =>
    ['a', 'b'].map((pod) =>
      holding(
        'cluster_namespace_pod:active_workload:info',
        { ...place, namespace: 'shop', pod },
        during(...turns.map(([minutes, level]): Turn => [minutes, level === ABSENT ? ABSENT : value])),
      ),
    );

  test('fires after a quarter of an hour, whatever the value of its series, and ends at once', async () => {
    await expectFiring(
      'ResourceSourceSilent',
      'warning',
      [...pods(ONE, 1, [30, 1], [10, ABSENT]), ...pods(TWO, 0, [40, 1])],
      [[SEEN + 14], [SEEN + 15, ONE, TWO], [30, ONE, TWO], [30 + SEEN, TWO]],
    );
  });
});

test('all tiers of both files are here, or count errors over a window of their own', () => {
  const tiers = generated.bundle.ruleFiles
    .filter(({ name }) => ['dns', 'workload-resources'].includes(name))
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => ('alert' in rule ? [`${rule.alert} ${rule.labels.severity}`] : []));
  const others = ['CoreDNSDown critical', 'CoreDNSReplicasColocated warning', 'ResourceSourceSilent warning'];
  expect(tiers.filter((tier) => tier !== 'NodeLocalDNSSetupErrors warning').toSorted()).toEqual(
    [...TIERS.map(({ alert, severity }) => `${alert} ${severity}`), ...others].toSorted(),
  );
});
