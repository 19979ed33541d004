import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { type Lifetime, sample, values } from './scenario.ts';

const IP = '10.0.0.7';

/** An object that has the address at some time. */
interface Candidate extends Lifetime {
  readonly name: string;
  /** Unix time in seconds; without it, no creation time is exported. */
  readonly created?: number;
}

const at = (
  metric: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  lifetime: Lifetime,
): InputSeries => ({
  series: seriesText(metric, { cluster: 'one', ...labels }),
  values: values(() => value, lifetime, 'stale'),
});

/** A kind of object, its series, and its row of cluster_ip:identity:info. The zone of a node is its name. */
const KINDS = {
  nodes: {
    series: ({ name: node, created, ...lifetime }: Candidate) => [
      at('kube_node_info', { node, internal_ip: IP }, 1, lifetime),
      at('kube_node_labels', { node, label_topology_kubernetes_io_zone: node }, 1, lifetime),
      at('kube_node_status_addresses', { node, type: 'InternalIP', address: IP }, 1, lifetime),
      ...(created === undefined ? [] : [at('kube_node_created', { node }, created, lifetime)]),
    ],
    row: (zone: string) => ({ namespace: '_nodes_', workload_type: 'Node', workload: 'nodes', zone }),
  },
  Services: {
    series: ({ name: service, created, ...lifetime }: Candidate) => {
      const identity = { namespace: 'shop', service, uid: `uid-${service}` };
      return [
        at('kube_service_info', { ...identity, cluster_ip: IP }, 1, lifetime),
        ...(created === undefined ? [] : [at('kube_service_created', identity, created, lifetime)]),
      ];
    },
    row: (workload: string) => ({ namespace: 'shop', workload_type: 'Service', workload, zone: 'unknown' }),
  },
} as const;

const TIMES: Readonly<Record<string, readonly [older: Omit<Candidate, 'name'>, newer: Omit<Candidate, 'name'>]>> = {
  'made within a second of one another': [{ created: 1_760_000_000 }, { created: 1_760_000_001 }],
  'made years apart': [{ created: 1_400_000_000 }, { created: 2_100_000_000 }],
  'one gone when the other came': [
    { created: 1_760_000_000, until: 4 },
    { created: 1_760_000_300, from: 5 },
  ],
  'one gone, without creation times': [{ until: 4 }, { from: 4.5 }],
  'the newer one without samples of late': [{ created: 1_760_000_000 }, { created: 1_760_000_001, until: 5 }],
};

describe.each(Object.entries(KINDS))('of two %s at one address the newer one counts', (_, { series, row }) => {
  test.each(Object.entries(TIMES))('%s', async (name, [older, newer]) => {
    const cases = [
      ['aaa', 'zzz'],
      ['zzz', 'aaa'],
    ] as const;
    await testRules(
      [generate().file(RULES.zoneTraffic)],
      cases.map(([first, second]) => ({
        name,
        interval: '30s',
        input_series: [...series({ name: first, ...older }), ...series({ name: second, ...newer })],
        promql_expr_test: ['8m', '13m'].map((eval_time) => ({
          expr: 'cluster_ip:identity:info',
          eval_time,
          exp_samples: [sample({ __name__: 'cluster_ip:identity:info', cluster: 'one', ip: IP, ...row(second) }, 1)],
        })),
      })),
    );
  });
});

test('a node comes before a newer Service, and both before nothing', async () => {
  const node = KINDS.nodes.series({ name: 'node-a', created: 1_500_000_000 });
  const service = KINDS.Services.series({ name: 'db', created: 2_100_000_000, until: 6 });
  const rows = (eval_time: string, ...found: readonly object[]) => ({
    expr: 'cluster_ip:identity:info',
    eval_time,
    exp_samples: found.map((row) =>
      sample({ __name__: 'cluster_ip:identity:info', cluster: 'one', ip: IP, ...row }, 1),
    ),
  });
  await testRules(
    [generate().file(RULES.zoneTraffic)],
    [
      {
        name: 'both',
        interval: '30s',
        input_series: [...node, ...service],
        promql_expr_test: [rows('5m', KINDS.nodes.row('node-a'))],
      },
      {
        name: 'Service',
        interval: '30s',
        input_series: service,
        promql_expr_test: [rows('5m', KINDS.Services.row('db')), rows('18m')],
      },
    ],
  );
});

test('a controller that was made again under its name has its new owner', async () => {
  const owner = (kind: string, lifetime: Lifetime) =>
    at(
      'kube_job_owner',
      { namespace: 'shop', job_name: 'report', owner_kind: kind, owner_name: 'x', owner_is_controller: 'true' },
      1,
      lifetime,
    );
  await testRules(
    [generate().file(RULES.zoneTraffic)],
    (['CronJob', 'Workflow'] as const).map((before, index) => {
      const after = ['Workflow', 'CronJob'][index] ?? '';
      const record = 'cluster_namespace_controller:workload:info';
      const labels = {
        cluster: 'one',
        namespace: 'shop',
        created_by_kind: 'Job',
        created_by_name: 'report',
        workload: 'x',
      };
      return {
        name: `${before} before ${after}`,
        interval: '30s',
        input_series: [owner(before, { until: 4 }), owner(after, { from: 5 })],
        promql_expr_test: [
          {
            expr: record,
            eval_time: '4m',
            exp_samples: [sample({ __name__: record, ...labels, workload_type: before }, 1)],
          },
          {
            expr: record,
            eval_time: '6m',
            exp_samples: [sample({ __name__: record, ...labels, workload_type: after }, 1)],
          },
        ],
      };
    }),
  );
});
