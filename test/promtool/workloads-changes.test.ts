import { describe, jest, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { kubeStateMetrics, type PodSpec } from './scenario.ts';
import { containers, described, KUBELET } from './workloads-input.ts';
import { app, expectRecords, FILE, NODES, pod, said } from './workloads-records.ts';

jest.setTimeout(120_000);

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
