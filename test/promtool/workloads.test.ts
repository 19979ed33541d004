import { describe, jest, test } from '@jest/globals';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { kubeStateMetrics, owners } from './scenario.ts';
import { containers, described, interfaces, KUBELET } from './workloads-input.ts';
import { app, expectRecords, NODES, pod, type Rows, said } from './workloads-records.ts';

jest.setTimeout(120_000);

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

  const average = (values: readonly number[]) => sum(values) / values.length;

  test('sum, average pod, largest pod and number of pods of every kind', async () => {
    await expectRecords(
      input,
      {
        'workload:cpu_usage_cores:sum_rate5m': byWorkload(sum),
        'workload:cpu_usage_cores:avg_rate5m': byWorkload(average),
        'workload:cpu_usage_cores:max_rate5m': byWorkload((values) => Math.max(...values)),
        'workload:memory_rss_bytes:sum': byWorkload(sum),
        'workload:memory_working_set_bytes:avg': byWorkload((values) => 2 * average(values)),
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
