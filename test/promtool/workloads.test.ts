import { describe, jest, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { kubeStateMetrics, type NodeSpec, owners, type PodSpec } from './scenario.ts';
import {
  containers,
  type ContainerSpec,
  described,
  type DescribedSpec,
  interfaces,
  KUBELET,
} from './workloads-input.ts';

jest.setTimeout(120_000);

const FILE = 'rules/prometheus/workload-resources.rules.yaml';
const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
];

const MI = 2 ** 20;

/** Whole units, so that sums are exact whatever the order: thousandths of a core, MiB, bytes per second. */
const MEASURES = {
  'pod:cpu_usage_cores:rate5m': 1000,
  'pod:memory_rss_bytes:sum': 1 / MI,
  'pod:memory_working_set_bytes:sum': 1 / MI,
  'pod:network_receive_bytes:rate5m': 1,
  'pod:network_transmit_bytes:rate5m': 1,
  'pod:cpu_periods:rate5m': 1,
  'pod:cpu_throttled_periods:rate5m': 1,
  'workload:cpu_usage_cores:sum_rate5m': 1000,
  'workload:cpu_usage_cores:max_rate5m': 1000,
  'workload:memory_rss_bytes:sum': 1 / MI,
  'workload:memory_working_set_bytes:max': 1 / MI,
  'workload:network_transmit_bytes:sum_rate5m': 1,
  'workload:cpu_throttled:ratio_rate5m': 1000,
  'workload:resource_requests:sum{resource="cpu"}': 1000,
  'workload:resource_limits:sum{resource="cpu"}': 1000,
  'workload:resource_requests:sum{resource="memory"}': 1 / MI,
  'workload:resource_limits:sum{resource="memory"}': 1 / MI,
  'workload:memory_limit_used:max_ratio': 1000,
  'workload:container_restarts:increase5m': 1,
  'workload:pods:count': 1,
} as const;
type Measure = keyof typeof MEASURES;

/** Rows of a record by the labels that tell them apart, separated by blanks: `namespace pod` or `type namespace workload`, and the value. */
type Rows = Readonly<Record<string, number>>;

const labelsOf = (measure: Measure, row: string): string => {
  const [first = '', second = '', third = '', fourth = ''] = row.split(' ');
  return seriesText(
    '',
    measure.startsWith('pod:')
      ? { cluster: fourth === '' ? 'one' : fourth, namespace: first, pod: second, node: third }
      : { cluster: fourth === '' ? 'one' : fourth, workload_type: first, namespace: second, workload: third },
  );
};

/** Runs the rules of a configuration without flows, and compares these records as a whole at a time. */
async function expectRecords(
  input: readonly InputSeries[],
  expected: Readonly<Partial<Record<Measure, Rows>>>,
  { at = '15m', given = {} }: { readonly at?: string; readonly given?: object } = {},
): Promise<void> {
  const checks = (Object.entries(expected) as [Measure, Rows][]).map(([measure, rows]) => ({
    // Rounded to a ten-millionth, as rates have rounding errors.
    expr: measure.startsWith('pod:')
      ? `round(sum by (cluster, namespace, pod, node) (${measure}) * ${MEASURES[measure]}, 1e-7)`
      : `round(sum without (resource) (${measure}) * ${MEASURES[measure]}, 1e-7)`,
    eval_time: at,
    exp_samples: Object.entries(rows).map(([row, value]) => ({ labels: labelsOf(measure, row), value })),
  }));
  const rules = generate({ flows: { source: 'none' }, ...given }).file(FILE);
  await testRules([rules], [{ name: 'case', interval: '30s', input_series: input, promql_expr_test: checks }]);
}

const pod = (name: string, rest: Partial<PodSpec> = {}): PodSpec => ({
  namespace: 'shop',
  name,
  node: 'node-a',
  ...rest,
});
const app = (name: string, millicores: number, rest: Partial<ContainerSpec> = {}): ContainerSpec => ({
  namespace: 'shop',
  pod: name,
  container: 'app',
  millicores,
  rss: millicores,
  ...rest,
});
const said = (name: string, rest: Partial<DescribedSpec> = {}): DescribedSpec => ({
  namespace: 'shop',
  pod: name,
  ...rest,
});

describe('what pods use, by the workload that owns them', () => {
  const PODS = {
    'web-7d9f-x': { spec: pod('web-7d9f-x', { controller: ['ReplicaSet', 'web-7d9f'] }), as: 'Deployment shop web' },
    'web-7d9f-y': {
      spec: pod('web-7d9f-y', { controller: ['ReplicaSet', 'web-7d9f'], node: 'node-b' }),
      as: 'Deployment shop web',
    },
    'web-9a-z': { spec: pod('web-9a-z', { controller: ['ReplicaSet', 'web-9a'] }), as: 'Deployment shop web' },
    'rollout-5b-y': {
      spec: pod('rollout-5b-y', { controller: ['ReplicaSet', 'rollout-5b'] }),
      as: 'Rollout shop rollout',
    },
    'lonely-rs-z': {
      spec: pod('lonely-rs-z', { controller: ['ReplicaSet', 'lonely-rs'] }),
      as: 'ReplicaSet shop lonely-rs',
    },
    'db-0': { spec: pod('db-0', { controller: ['StatefulSet', 'db'] }), as: 'StatefulSet shop db' },
    'agent-q': { spec: pod('agent-q', { controller: ['DaemonSet', 'agent'] }), as: 'DaemonSet shop agent' },
    'report-28-w': { spec: pod('report-28-w', { controller: ['Job', 'report-28'] }), as: 'CronJob shop report' },
    'report-29-w': { spec: pod('report-29-w', { controller: ['Job', 'report-29'] }), as: 'CronJob shop report' },
    'migrate-v': { spec: pod('migrate-v', { controller: ['Job', 'migrate'] }), as: 'Job shop migrate' },
    'custom-0': { spec: pod('custom-0', { controller: ['CloneSet', 'custom'] }), as: 'CloneSet shop custom' },
    'mine-abc-1': { spec: pod('mine-abc-1', { controller: ['Mine', 'mine-abc'] }), as: 'MineSet shop mine' },
    bare: { spec: pod('bare'), as: 'Pod shop bare' },
    'etcd-node-a': { spec: pod('etcd-node-a', { controller: ['Node', 'node-a'] }), as: 'StaticPod shop etcd-node-a' },
  } as const;
  const names = Object.keys(PODS) as (keyof typeof PODS)[];
  const cores = Object.fromEntries(names.map((name, index) => [name, 10 * (index + 1)]));
  /** What is true of each workload, from the pods above. */
  const byWorkload = (statistic: (values: readonly number[]) => number): Rows => {
    const groups = new Map<string, number[]>();
    for (const name of names) groups.set(PODS[name].as, [...(groups.get(PODS[name].as) ?? []), cores[name] ?? 0]);
    return Object.fromEntries([...groups].map(([workload, values]) => [workload, statistic(values)]));
  };
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const input = [
    // Two replicas of kube-state-metrics.
    ...kubeStateMetrics(
      NODES,
      names.map((name) => PODS[name].spec),
      2,
    ),
    ...owners('kube_replicaset_owner', [
      ['shop', 'web-7d9f', 'Deployment', 'web'],
      ['shop', 'web-9a', 'Deployment', 'web'],
      ['shop', 'rollout-5b', 'Rollout', 'rollout'],
    ]),
    ...owners('kube_job_owner', [
      ['shop', 'report-28', 'CronJob', 'report'],
      ['shop', 'report-29', 'CronJob', 'report'],
    ]),
    // A pod with two ownerReferences has two rows here, which no rule reads.
    ...['app', 'other'].map((owner) => ({
      series: seriesText('kube_pod_owner', {
        cluster: 'one',
        namespace: 'shop',
        pod: 'db-0',
        owner_kind: 'Widget',
        owner_name: owner,
      }),
      values: '1x60',
    })),
    ...containers(names.map((name) => app(name, cores[name] ?? 0))),
    ...described(
      names.map((name) => said(name)),
      2,
    ),
  ];
  const given = { workloads: { rules: [{ kind: 'Mine', name: '(.+)-[a-z]+', workload: '$1', type: 'MineSet' }] } };

  test('sum, largest pod and number of pods of every kind', async () => {
    await expectRecords(
      input,
      {
        'workload:cpu_usage_cores:sum_rate5m': byWorkload(sum),
        'workload:cpu_usage_cores:max_rate5m': byWorkload((values) => Math.max(...values)),
        'workload:memory_rss_bytes:sum': byWorkload(sum),
        'workload:memory_working_set_bytes:max': byWorkload((values) => 2 * Math.max(...values)),
        'workload:pods:count': byWorkload((values) => values.length),
      },
      { given },
    );
  });

  test('each pod with its node', async () => {
    await expectRecords(
      input,
      {
        'pod:cpu_usage_cores:rate5m': Object.fromEntries(
          names.map((name) => [`shop ${name} ${PODS[name].spec.node}`, cores[name] ?? 0]),
        ),
      },
      { given },
    );
  });
});

describe('nothing is counted twice', () => {
  const limits = described(
    ['a', 'b'].map((name) => said(name, { memory: 200 })),
    2,
  );
  const known = [...kubeStateMetrics(NODES, [pod('a'), pod('b')]), ...limits];
  const rows = [
    app('a', 200, { throttled: 0.5 }),
    app('a', 50, { container: 'sidecar', throttled: 0.1 }),
    app('b', 300),
  ];
  const truth = {
    'pod:cpu_usage_cores:rate5m': { 'shop a node-a': 250, 'shop b node-a': 300 },
    'pod:memory_rss_bytes:sum': { 'shop a node-a': 250, 'shop b node-a': 300 },
    'pod:memory_working_set_bytes:sum': { 'shop a node-a': 500, 'shop b node-a': 600 },
    'pod:network_receive_bytes:rate5m': { 'shop a node-a': 20_000, 'shop b node-a': 40_000 },
    'pod:network_transmit_bytes:rate5m': { 'shop a node-a': 10_000, 'shop b node-a': 20_000 },
    'pod:cpu_periods:rate5m': { 'shop a node-a': 20 },
    'pod:cpu_throttled_periods:rate5m': { 'shop a node-a': 6 },
    'workload:memory_limit_used:max_ratio': { 'Pod shop a': 500, 'Pod shop b': 750 },
  };
  const net = (container = '') => [
    { namespace: 'shop', pod: 'a', sent: 10_000, container },
    { namespace: 'shop', pod: 'b', sent: 15_000, container },
    // A second interface of its own.
    { namespace: 'shop', pod: 'b', sent: 5_000, container, interface: 'net1' },
  ];
  const both = (target: Readonly<Record<string, string>>, container = ''): InputSeries[] => [
    ...containers(rows, target),
    ...interfaces(net(container), target),
  ];

  // Each way in which one kubelet may be scraped a second time.
  test.each([
    ['by one job', []],
    ['by another job', both({ job: 'cadvisor', instance: 'node-a' })],
    [
      'by another job of other labels, as the node',
      both({ job: 'kubernetes-nodes-cadvisor', kubernetes_io_arch: 'arm64' }),
    ],
    ['by another release, under the same job', both({ ...KUBELET, service: 'other-kubelet' })],
    [
      'by another job, which began late and sees less',
      containers(
        rows.map((row) => ({ ...row, rss: 1, from: 12 })),
        { job: 'cadvisor', instance: 'node-a' },
      ),
    ],
    ['by the port without TLS', both({ ...KUBELET, endpoint: 'http-metrics', instance: '10.0.0.1:10255' })],
    [
      'under /metrics/resource',
      containers(
        rows.map((row) => ({ ...row, image: '', id: '' })),
        { ...KUBELET, metrics_path: '/metrics/resource' },
      ),
    ],
  ])('%s', async (_name, again) => {
    await expectRecords([...known, ...both(KUBELET), ...again], truth);
  });

  test.each([
    ['containerd', ''],
    ['CRI-O and Docker', 'POD'],
  ])('pause containers and cgroups of %s', async (_name, pause) => {
    const more = ['a', 'b'].flatMap((name) => [
      app(name, 7, { container: pause, id: `/pause-${name}`, image: 'pause' }),
      // The cgroup of the pod holds all of its containers once more.
      app(name, 307, { container: '', id: `/kubepods/pod-${name}`, image: '' }),
    ]);
    const ofNode = [
      app('', 5000, { namespace: '', container: '', id: '/', image: '' }),
      app('', 4000, { namespace: '', container: '', id: '/kubepods.slice', image: '' }),
    ];
    const root = interfaces([{ namespace: '', pod: '', sent: 1e6, interface: 'ens5' }]);
    await expectRecords([...known, ...both(KUBELET, pause), ...containers([...more, ...ofNode]), ...root], truth);
  });

  test('pods on the host network have no network of their own', async () => {
    await expectRecords(
      [
        ...kubeStateMetrics(NODES, [pod('a'), pod('b'), pod('host', { hostNetwork: true })]),
        ...limits,
        ...both(KUBELET),
        ...containers([app('host', 40)]),
        ...interfaces([{ namespace: 'shop', pod: 'host', sent: 1e6, interface: 'ens5' }]),
      ],
      {
        ...truth,
        'pod:cpu_usage_cores:rate5m': { ...truth['pod:cpu_usage_cores:rate5m'], 'shop host node-a': 40 },
        'pod:memory_rss_bytes:sum': { ...truth['pod:memory_rss_bytes:sum'], 'shop host node-a': 40 },
        'pod:memory_working_set_bytes:sum': { ...truth['pod:memory_working_set_bytes:sum'], 'shop host node-a': 80 },
      },
    );
  });

  test('pods of the same names in two clusters, and in two namespaces', async () => {
    const cluster = 'two';
    const web = { namespace: 'web', controller: ['DaemonSet', 'a'] } as const;
    await expectRecords(
      [
        ...kubeStateMetrics([{ name: 'node-a', cluster }], [pod('a', { cluster, controller: ['StatefulSet', 'a'] })]),
        ...kubeStateMetrics(NODES, [pod('a'), pod('a', web)]),
        ...containers([
          app('a', 200, { throttled: 0.5 }),
          app('a', 70, { cluster, throttled: 0.2 }),
          app('a', 5, { namespace: 'web', throttled: 0.1 }),
        ]),
        ...described([
          said('a', { millicores: 100, restartsAt: [12, 13] }),
          said('a', { cluster, millicores: 70, restartsAt: [13] }),
          said('a', { namespace: 'web', millicores: 5 }),
        ]),
      ],
      {
        'workload:cpu_usage_cores:sum_rate5m': {
          'Pod shop a one': 200,
          'StatefulSet shop a two': 70,
          'DaemonSet web a one': 5,
        },
        'pod:memory_rss_bytes:sum': { 'shop a node-a one': 200, 'shop a node-a two': 70, 'web a node-a one': 5 },
        'pod:cpu_periods:rate5m': { 'shop a node-a one': 10, 'shop a node-a two': 10, 'web a node-a one': 10 },
        'workload:cpu_throttled:ratio_rate5m': {
          'Pod shop a one': 500,
          'StatefulSet shop a two': 200,
          'DaemonSet web a one': 100,
        },
        'workload:container_restarts:increase5m': { 'Pod shop a one': 2, 'StatefulSet shop a two': 1 },
        'workload:resource_limits:sum{resource="cpu"}': {
          'Pod shop a one': 200,
          'StatefulSet shop a two': 140,
          'DaemonSet web a one': 10,
        },
      },
    );
  });
});

describe('pods that change within the window', () => {
  const START = 12;

  test('a container that restarts: its CPU adds up, its memory is that of the new one, even while the old one lingers', async () => {
    const known = kubeStateMetrics(NODES, [pod('a')]);
    const old = app('a', 600, { until: START, end: '_' });
    const next = app('a', 200, { id: 'next', from: START + 0.5, rss: 300 });
    // 600 until minute 12, 200 from then on: at minute 15 a window of five minutes has two and three of them.
    await expectRecords([...known, ...containers([{ ...old, rss: 250 }, next])], {
      'pod:memory_rss_bytes:sum': { 'shop a node-a': 300 },
      'workload:memory_rss_bytes:sum': { 'Pod shop a': 300 },
    });
    const { series } = { series: containers([{ ...old, end: 'stale' }, next]) };
    const rates = 'sum(rate(container_cpu_usage_seconds_total[5m]))';
    await testRules(
      [generate({ flows: { source: 'none' } }).file(FILE)],
      [
        {
          name: 'both incarnations',
          interval: '30s',
          input_series: [...known, ...series],
          promql_expr_test: [
            {
              expr: `count(abs(sum(pod:cpu_usage_cores:rate5m) - ${rates}) < 1e-9)`,
              eval_time: '15m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
            // More than either of them alone.
            {
              expr: 'count(sum(pod:cpu_usage_cores:rate5m) > 0.3)',
              eval_time: '15m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        },
      ],
    );
  });

  test('a pod that moves to another node is one pod, with the new node and one memory', async () => {
    const db = { controller: ['StatefulSet', 'db'] } as const;
    await expectRecords(
      [
        ...kubeStateMetrics(NODES, [
          pod('db-0', { ...db, uid: 'old', until: START, created: 0 }),
          pod('db-0', { ...db, uid: 'new', node: 'node-b', from: START, created: START }),
        ]),
        ...containers([app('db-0', 400, { until: START, end: '_', id: 'old' })]),
        ...containers([app('db-0', 400, { from: START, id: 'new' })], { ...KUBELET, instance: '10.0.0.2:10250' }),
        ...described([
          said('db-0', { uid: 'old', until: START, memory: 64 }),
          said('db-0', { uid: 'new', from: START, memory: 64 }),
        ]),
      ],
      {
        'pod:memory_rss_bytes:sum': { 'shop db-0 node-b': 400 },
        'workload:memory_rss_bytes:sum': { 'StatefulSet shop db': 400 },
        'workload:resource_requests:sum{resource="memory"}': { 'StatefulSet shop db': 64 },
        'workload:pods:count': { 'StatefulSet shop db': 1 },
      },
    );
  });

  test('a pod that kube-state-metrics does not describe belongs to the workload unknown, so nothing is lost', async () => {
    await expectRecords(
      [...kubeStateMetrics(NODES, [pod('a')]), ...containers([app('a', 100), app('orphan', 30), app('stray', 5)])],
      {
        'workload:cpu_usage_cores:sum_rate5m': { 'Pod shop a': 100, 'unknown shop unknown': 35 },
        'workload:cpu_usage_cores:max_rate5m': { 'Pod shop a': 100, 'unknown shop unknown': 30 },
        'pod:cpu_usage_cores:rate5m': { 'shop a node-a': 100, 'shop orphan ': 30, 'shop stray ': 5 },
      },
    );
  });

  test('kubelets on Windows have CPU and working set under /metrics/resource alone', async () => {
    const resource = { ...KUBELET, metrics_path: '/metrics/resource' };
    const windows = containers([app('w', 80, { image: '', id: '' })], resource).filter(
      ({ series }) => !series.includes('rss'),
    );
    await expectRecords([...kubeStateMetrics(NODES, [pod('w')]), ...windows], {
      'pod:cpu_usage_cores:rate5m': { 'shop w node-a': 80 },
      'pod:memory_working_set_bytes:sum': { 'shop w node-a': 160 },
      'pod:memory_rss_bytes:sum': {},
    });
  });

  test('series whose namespace is that of the scrape do not count', async () => {
    const foreign = containers([app('a', 900)], { ...KUBELET, exported_namespace: 'other' });
    await expectRecords([...kubeStateMetrics(NODES, [pod('a')]), ...containers([app('a', 100)]), ...foreign], {
      'workload:cpu_usage_cores:sum_rate5m': { 'Pod shop a': 100 },
    });
  });
});

describe('what pods may use', () => {
  const web = (name: string): PodSpec => pod(name, { controller: ['StatefulSet', 'web'] });

  test('requests and limits of pods that have not ended, with two replicas of kube-state-metrics', async () => {
    await expectRecords(
      [
        ...kubeStateMetrics(NODES, [web('web-0'), web('web-1'), pod('done', { controller: ['Job', 'done'] })], 2),
        ...containers([app('web-0', 100), app('web-1', 100)]),
        ...described(
          [
            said('web-0', { millicores: 250, memory: 64 }),
            said('web-0', { millicores: 50, container: 'sidecar' }),
            said('web-1', { millicores: 250, memory: 64, phase: 'Pending' }),
            // The incarnation before, which the API server still has.
            said('web-1', { millicores: 250, memory: 64, uid: 'before', phase: 'Succeeded' }),
            said('done', { millicores: 4000, memory: 4000, phase: 'Succeeded' }),
          ],
          2,
        ),
      ],
      {
        'workload:resource_requests:sum{resource="cpu"}': { 'StatefulSet shop web': 550 },
        'workload:resource_limits:sum{resource="cpu"}': { 'StatefulSet shop web': 1100 },
        'workload:resource_requests:sum{resource="memory"}': { 'StatefulSet shop web': 128 },
        'workload:resource_limits:sum{resource="memory"}': { 'StatefulSet shop web': 256 },
        'workload:pods:count': { 'StatefulSet shop web': 2 },
      },
    );
  });

  test('the container closest to its limit counts, not the pod: a pod with an unlimited container is far from none', async () => {
    await expectRecords(
      [
        ...kubeStateMetrics(NODES, [web('web-0'), web('web-1')]),
        ...containers([
          app('web-0', 10, { rss: 96 }),
          app('web-0', 10, { container: 'unlimited', rss: 5000 }),
          app('web-1', 10, { rss: 32 }),
        ]),
        ...described([said('web-0', { memory: 64 }), said('web-1', { memory: 64 })]),
      ],
      { 'workload:memory_limit_used:max_ratio': { 'StatefulSet shop web': 750 } },
    );
  });

  test('throttling: shares of all periods, not an average of shares', async () => {
    await expectRecords(
      [
        ...kubeStateMetrics(NODES, [web('web-0'), web('web-1'), pod('free')]),
        ...containers([
          app('web-0', 10, { throttled: 0.5 }),
          app('web-0', 10, { container: 'sidecar', throttled: 0 }),
          app('web-1', 10, { throttled: 0.1 }),
          app('free', 10),
        ]),
      ],
      {
        // Of 30 periods a second, 6.
        'workload:cpu_throttled:ratio_rate5m': { 'StatefulSet shop web': 200 },
      },
    );
  });

  test.each([
    ['within the window', [11, 13], { 'StatefulSet shop web': 2 }],
    ['before the window', [2, 9], {}],
  ])('restarts %s, in whole numbers; those of a pod that appears are old', async (_name, restartsAt, restarts) => {
    await expectRecords(
      [
        ...kubeStateMetrics(NODES, [web('web-0'), pod('fresh', { from: 12 })], 2),
        ...containers([app('web-0', 10), app('fresh', 10, { from: 12 })]),
        ...described([said('web-0', { restartsAt }), said('fresh', { from: 12 })], 2),
      ],
      { 'workload:container_restarts:increase5m': restarts },
    );
  });
});
