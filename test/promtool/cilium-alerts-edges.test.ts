import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { counting, INTERVAL, type Labels } from './allowances-input.ts';
import { ONE, TWO } from './edges-input.ts';
import { ABSENT, constant, during, holding, type Turn } from './pipeline-input.ts';
import { ALWAYS, describeTiers, expectAllTiers, type Firing, firingOf, SEEN, type Threshold } from './tier-edges.ts';

const generated = generate({ flows: { source: 'cilium-hubble' } });
const rules = generated.file(RULES.cilium);
const expectFiring = firingOf(rules);

const N1: Labels = { ...ONE, node: 'n1' };
const N2: Labels = { ...ONE, node: 'n2' };

/** One series of a record at the level, and another node that is always below. */
const held =
  (record: string, own: Labels = {}, low = 0): Threshold['series'] =>
  (...turns) => [
    holding(record, { ...N1, ...own }, during(...turns)),
    constant(record, { ...N2, ...own }, low, ALWAYS),
  ];

const scaled = (turns: readonly Turn[], by: (level: number) => number): readonly Turn[] =>
  turns.map(([minutes, level]) => [minutes, by(Number(level))]);

/** Half of the drops in each direction, and drops that a healthy cluster has far above every threshold. */
const dropping: Threshold['series'] = (...turns) => [
  ...['INGRESS', 'EGRESS'].map((direction) =>
    holding(
      'cilium_node:drops:rate5m',
      { ...N1, reason: 'Service backend not found', direction },
      during(...scaled(turns, (level) => level / 2)),
    ),
  ),
  constant('cilium_node:drops:rate5m', { ...N1, reason: 'Policy denied', direction: 'INGRESS' }, 1e6, ALWAYS),
  constant('cilium_node:drops:rate5m', { ...N2, reason: 'Service backend not found', direction: 'INGRESS' }, 1, ALWAYS),
];

/** Of a hundred regenerations; the failing ones are of two outcomes, as versions name them. */
const regenerating: Threshold['series'] = (...turns) => [
  ...['fail', 'failure'].map((outcome) =>
    holding(
      'cilium_node:endpoint_regenerations:rate5m',
      { ...N1, outcome },
      during(...scaled(turns, (level) => level * 50)),
    ),
  ),
  holding(
    'cilium_node:endpoint_regenerations:rate5m',
    { ...N1, outcome: 'success' },
    during(...scaled(turns, (level) => 100 - level * 100)),
  ),
  // A node without any.
  constant('cilium_node:endpoint_regenerations:rate5m', { ...N2, outcome: 'fail' }, 0, ALWAYS),
];

const THRESHOLDS: readonly Threshold[] = [
  {
    alert: 'CiliumReconcilerFailing',
    where: { ...N1, module_id: 'loadbalancer-reconciler' },
    series: held('cilium_node:reconciler_errors:count', { module_id: 'loadbalancer-reconciler' }),
    tiers: [
      ['warning', 0, 1, 10],
      ['critical', 10, 11, 15],
    ],
  },
  {
    alert: 'CiliumBPFMapPressure',
    where: { ...N1, map_name: 'lb4_services_v2' },
    series: held('cilium_node:bpf_map_pressure:ratio', { map_name: 'lb4_services_v2' }),
    tiers: [
      ['warning', 0.8, 0.801, 15],
      ['critical', 0.95, 0.951, 15],
    ],
  },
  {
    alert: 'CiliumDropsHigh',
    where: { ...N1, reason: 'Service backend not found' },
    series: dropping,
    tiers: [
      ['warning', 10, 10.01, 10],
      ['critical', 100, 100.1, 10],
    ],
  },
  {
    alert: 'CiliumEndpointRegenerationFailing',
    where: N1,
    series: regenerating,
    tiers: [
      ['warning', 0.05, 0.051, 10],
      ['critical', 0.5, 0.51, 15],
    ],
  },
  {
    alert: 'CiliumAPIRateLimited',
    where: { ...N1, api_call: 'endpoint-create' },
    series: held('cilium_node:api_limiter_wait_seconds:mean', { api_call: 'endpoint-create' }),
    tiers: [
      ['warning', 1, 1.01, 10],
      ['critical', 10, 10.1, 10],
    ],
  },
  {
    alert: 'CiliumNodesUnreachable',
    where: { ...ONE, kind: 'endpoint' },
    series: (...turns) => [
      holding('cilium:paths_broken:ratio', { ...ONE, kind: 'endpoint' }, during(...turns)),
      constant('cilium:paths_broken:ratio', { ...TWO, kind: 'endpoint' }, 0, ALWAYS),
    ],
    tiers: [
      ['warning', 0, 0.001, 15],
      ['critical', 0.25, 0.26, 10],
    ],
  },
  {
    alert: 'CiliumIPAMExhausted',
    where: { ...N1, family: 'ipv4' },
    series: held('cilium_node:addresses_used:ratio', { family: 'ipv4' }),
    tiers: [
      ['warning', 0.9, 0.901, 15],
      ['critical', 0.999, 1, 10],
    ],
  },
];

describeTiers(rules, THRESHOLDS);

test('these are all tiers, but those of alerts without a level', () => {
  expectAllTiers(generated, 'cilium', THRESHOLDS, [
    'CiliumAgentDown critical',
    'CiliumAgentDown warning',
    'CiliumOperatorDown critical',
  ]);
});

test('few regenerations count as well', async () => {
  const few = (outcome: string) =>
    constant('cilium_node:endpoint_regenerations:rate5m', { ...N1, outcome }, 0.1, ALWAYS);
  for (const severity of ['warning', 'critical']) {
    const failing = severity === 'warning' ? ['success', 'fail'] : ['fail', 'failure'];
    await expectFiring('CiliumEndpointRegenerationFailing', severity, failing.map(few), [[20, N1]]);
  }
});

test('the wait for the own limit of an agent is a wait, too', async () => {
  const waiting = (level: number) => constant('cilium_node:k8s_client_wait_seconds:mean_rate5m', N1, level, ALWAYS);
  await expectFiring('CiliumAPIRateLimited', 'warning', [waiting(1.1)], [[15, { ...N1, api_call: 'kubernetes' }]]);
  await expectFiring('CiliumAPIRateLimited', 'warning', [waiting(1)], [[15]]);
  await expectFiring('CiliumAPIRateLimited', 'critical', [waiting(11)], [[15, { ...N1, api_call: 'kubernetes' }]]);
});

describe('CiliumAgentDown', () => {
  /** A node whose agent is gone for some minutes after the first twenty. */
  const node = (where: Labels, gone = 0): readonly InputSeries[] => [
    holding('up', { ...where, job: 'cilium-agent' }, during([20, 1], [gone, 0], [60 - gone, 1])),
    constant('kube_node_info', where, 1, ALWAYS + 20),
  ];
  const nodes = (count: number, place: Labels = ONE, from = 2): readonly InputSeries[] =>
    Array.from({ length: count }, (_, index) => node({ ...place, node: `n${from + index}` })).flat();
  const expectDown = (severity: string, series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('CiliumAgentDown', severity, series, firing);

  test('warns of one after ten minutes, and ends at once when it is back', async () => {
    await expectDown(
      'warning',
      [...node(N1, 20), ...nodes(9), ...nodes(1, TWO)],
      [20 + SEEN + 9],
      [20 + SEEN + 10, N1],
      [40, N1],
      [40 + SEEN],
    );
  });

  test('is critical after five minutes above a quarter of the nodes, not at it', async () => {
    const at = [...node(N1, 30), ...nodes(3), ...nodes(9, TWO)];
    const above = [...node(N1, 30), ...node(N2, 30), ...nodes(5, ONE, 3), ...nodes(9, TWO)];
    await expectDown('critical', at, [45]);
    // An agent whose pod is gone is one of the nodes, too.
    const gone = [
      holding('up', { ...N1, job: 'cilium-agent' }, during([20, 1], [1, ABSENT])),
      constant('kube_node_info', N1, 1, ALWAYS + 20),
    ];
    await expectDown('critical', [...gone, ...nodes(3), ...nodes(9, TWO)], [45]);
    await expectDown('critical', above, [20 + SEEN + 4], [20 + SEEN + 5, N1, N2]);
  });

  test('is critical just above a quarter, of all nodes that have an agent, and ends at once', async () => {
    const seven = Array.from({ length: 7 }, (_, index) => node({ ...ONE, node: `gone${index}` }, 20)).flat();
    const where = Array.from({ length: 7 }, (_, index) => ({ ...ONE, node: `gone${index}` }));
    await expectDown('critical', [...seven, ...nodes(20)], [39, ...where], [40, ...where], [40 + SEEN]);
    // An agent that does not answer on a node that Kubernetes does not know is one of four.
    const unknown = constant('up', { ...ONE, node: 'unknown', job: 'cilium-agent' }, 0, ALWAYS);
    await expectDown('critical', [...node(N1, 30), unknown, ...nodes(2)], [45]);
  });

  test('tells each cluster its own share', async () => {
    const other = { ...TWO, node: 'n1' };
    await testRules(
      [counting(rules)],
      [
        {
          name: 'shares',
          interval: INTERVAL,
          input_series: [...node(N1, 30), ...nodes(3), ...node(other, 30), ...nodes(7, TWO)],
          alert_rule_test: [
            {
              alertname: 'CiliumAgentDown',
              eval_time: '45m',
              exp_alerts: [
                { exp_labels: { ...N1, severity: 'warning' }, exp_annotations: { counted: '250m' } },
                { exp_labels: { ...other, severity: 'warning' }, exp_annotations: { counted: '125m' } },
              ],
            },
          ],
        },
      ],
    );
    // Shares of both are critical.
    await expectDown('critical', [...node(N1, 30), ...nodes(1), ...node(other, 30), ...nodes(1, TWO)], [45, N1, other]);
  });

  test('is silent while agents restart one after another, and when a node leaves', async () => {
    const restarting = Array.from({ length: 12 }, (_, index) => {
      const where = { ...ONE, node: `r${index}` };
      const begin = 5 + 3 * index;
      return [
        holding('up', { ...where, job: 'cilium-agent' }, during([begin, 1], [2, 0], [60 - begin, 1])),
        constant('kube_node_info', where, 1, ALWAYS + 20),
      ];
    }).flat();
    const leaving = [
      holding('up', { ...ONE, node: 'leaving', job: 'cilium-agent' }, during([20, 1], [1, ABSENT])),
      holding('kube_node_info', { ...ONE, node: 'leaving' }, during([20, 1], [1, ABSENT])),
    ];
    for (const severity of ['warning', 'critical']) {
      await expectDown(severity, [...restarting, ...leaving], [12], [25], [35], [45]);
    }
  });

  test('remembers an agent for a day', async () => {
    const gone = holding('up', { ...N1, job: 'cilium-agent' }, during([20, 1], [1, ABSENT]));
    const day = 24 * 60;
    const there = constant('kube_node_info', N1, 1, day + 40);
    await expectDown('warning', [gone, there], [40, N1], [day + 15, N1], [day + 25]);
  });
});

describe('CiliumOperatorDown', () => {
  const operator = (where: Labels, ...turns: readonly Turn[]) =>
    holding('up', { ...where, instance: where['node'] ?? '', job: 'cilium-operator' }, during(...turns));
  const expectDown = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('CiliumOperatorDown', 'critical', series, firing);

  test('fires ten minutes after the last of them, and ends at once', async () => {
    await expectDown(
      [operator(N1, [20, 1], [60, 0]), operator(N2, [25, 1], [20, ABSENT], [20, 1])],
      [25 + SEEN + 9],
      [25 + SEEN + 10, ONE],
      [45, ONE],
      [45 + SEEN],
    );
  });

  test('is silent while another one leads, where there never was one, and without the label of the cluster', async () => {
    await expectDown([operator(N1, [20, 1], [60, 0]), operator(N2, [80, 1])], [60]);
    await expectDown([operator(N1, [80, 0])], [60]);
    const counted = holding('cilium:operators:count', ONE, during([20, 0], [20, ABSENT]));
    await expectDown([counted], [35]);
    await expectDown([operator({ node: 'n1' }, [20, 1], [60, ABSENT])], [60]);
  });

  test('counts operators of the same cluster only', async () => {
    const other = operator({ ...TWO, node: 'n1' }, [80, 1]);
    await expectDown([operator(N1, [20, 1], [60, 0]), other], [60, ONE]);
  });

  test('remembers a day', async () => {
    const day = 24 * 60;
    await expectDown([operator(N1, [20, 1], [1, ABSENT])], [day + 15, ONE], [day + 25]);
  });
});
