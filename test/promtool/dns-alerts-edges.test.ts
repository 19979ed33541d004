import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { ONE, TWO } from './edges-input.ts';
import { ABSENT, constant, during, holding, type Turn } from './pipeline-input.ts';
import { ALWAYS, describeTiers, expectAllTiers, type Firing, firingOf, SEEN, type Threshold } from './tier-edges.ts';

const generated = generate({ nodeLocalDns: { scrape: true } });
const rules = generated.file(RULES.dns);
const expectFiring = firingOf(rules);

const THREE: Labels = { cluster: 'three' };
const FOUR: Labels = { cluster: 'four' };
const FIVE: Labels = { cluster: 'five' };

const COREDNS: Labels = { job: 'coredns' };
const CACHE: Labels = { job: 'node-local-dns' };

const responses = (instance: string, rcode: string, ...turns: readonly Turn[]): InputSeries =>
  holding('dns_server:responses:rate5m', { ...ONE, ...COREDNS, instance, rcode }, during(...turns));

/** Half of the errors are those of each of two servers, of a hundred answers together. */
const answering: Threshold['series'] = (...turns) =>
  ['a', 'b'].flatMap((instance) => [
    responses(instance, 'SERVFAIL', ...turns.map(([minutes, level]): Turn => [minutes, Number(level) * 50])),
    responses(instance, 'NOERROR', ...turns.map(([minutes, level]): Turn => [minutes, 50 - Number(level) * 50])),
  ]);

/** The other quantiles are always too high. */
const taking: Threshold['series'] = (...turns) => [
  ...['0.5', '0.9'].map((quantile) =>
    constant('dns:request_duration_seconds:quantile_rate5m', { ...ONE, ...COREDNS, quantile }, 9, ALWAYS),
  ),
  holding('dns:request_duration_seconds:quantile_rate5m', { ...ONE, ...COREDNS, quantile: '0.99' }, during(...turns)),
];

const TO: Labels = { to: '10.0.0.2:53' };
const perWindow = (turns: readonly Turn[]): readonly Turn[] =>
  turns.map(([minutes, level]) => [minutes, Number(level) / 300]);

/** One server sees the upstream fail, another hardly ever. */
const failing: Threshold['series'] = (...turns) => [
  holding(
    'dns_server:upstream_healthcheck_failures:rate5m',
    { ...ONE, ...COREDNS, ...TO, instance: 'a' },
    during(...perWindow(turns)),
  ),
  constant(
    'dns_server:upstream_healthcheck_failures:rate5m',
    { ...ONE, ...COREDNS, ...TO, instance: 'b' },
    0.001,
    ALWAYS,
  ),
];

const INTERFACE: Labels = { ...ONE, instance: 'n1', node: 'n1', device: 'eth0' };

/** A node with a DNS server, and interfaces of nobody knows which node, where servers of nobody knows which node ask. */
const dropping: Threshold['series'] = (...turns) => [
  holding('metric:linklocal_allowance_exceeded', INTERFACE, during(...perWindow(turns))),
  constant('metric:linklocal_allowance_exceeded', { ...ONE, instance: '10.0.0.9:9417', device: 'eth0' }, 9, ALWAYS),
  ...['n1', ''].map((node) => constant('cluster_node:dns_linklocal_queries:rate5m', { ...ONE, node }, 900, ALWAYS)),
];

const OF_JOB: Labels = { ...ONE, ...COREDNS };
const THRESHOLDS: readonly Threshold[] = [
  {
    alert: 'CoreDNSErrorsHigh',
    where: OF_JOB,
    series: answering,
    tiers: [
      ['warning', 0.01, 0.0101, 10],
      ['critical', 0.1, 0.101, 10],
    ],
  },
  {
    alert: 'CoreDNSLatencyHigh',
    where: { ...OF_JOB, quantile: '0.99' },
    series: taking,
    tiers: [
      ['warning', 0.5, 0.501, 10],
      ['critical', 4, 4.001, 10],
    ],
  },
  {
    alert: 'CoreDNSUpstreamUnhealthy',
    where: { ...OF_JOB, ...TO },
    series: failing,
    tiers: [
      ['warning', 30, 30.01, 10],
      ['critical', 150, 150.01, 15],
    ],
  },
  {
    alert: 'DNSThrottledAtInterface',
    where: INTERFACE,
    series: dropping,
    tiers: [
      ['warning', 30, 30.01, 10],
      ['critical', 300, 300.01, 10],
    ],
  },
];

describeTiers(rules, THRESHOLDS);

test('these are all tiers, but those of alerts without a level', () => {
  expectAllTiers(generated, 'dns', THRESHOLDS, [
    'CoreDNSDown critical',
    'CoreDNSReplicasColocated warning',
    'NodeLocalDNSSetupErrors warning',
  ]);
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
