import { describe, jest, test } from '@jest/globals';
import { generate, RULES } from '../../support/generate.ts';
import { blocks, tableRows } from '../../support/markdown.ts';
import { seriesText, type InputSeries } from '../../support/rule-test.ts';
import { kubeStateMetrics, owners, sample, values } from '../scenario.ts';
import { all, caseOf, caseTest, guide, expectQueries } from './guide.ts';
import { publishedCpu, publishedOwners } from './published.ts';

jest.setTimeout(120_000);

const SECTION = 'Metrics by workload owner';

describe(`the section ${SECTION}`, () => {
  const rows = tableRows(guide, SECTION, 'pod');
  const records = generate().file(RULES.zoneTraffic);
  const query = blocks(guide, 'promql').find((block) => block.includes('container_cpu_usage')) ?? '';
  const POD = { cluster: 'one', namespace: 'shop', pod: 'p' };

  const constant = (metric: string, labels: Readonly<Record<string, string>>): InputSeries => ({
    series: seriesText(metric, labels),
    values: values(() => 1),
  });

  /** A pod that a controller owns, what kube-state-metrics says of its owners, and its CPU as the kubelet has it. */
  function input(kind: string, name: string, more: readonly InputSeries[]): InputSeries[] {
    const cores = { app: 1, POD: 0.25, '': 1.25 };
    return [
      ...kubeStateMetrics(
        [{ name: 'n', label: 'zone-a' }],
        [{ namespace: 'shop', name: 'p', node: 'n', controller: [kind, name] }],
      ),
      constant('kube_pod_owner', { ...POD, owner_kind: kind, owner_name: name, owner_is_controller: 'true' }),
      ...more,
      ...Object.entries(cores).map(([container, used]) => ({
        series: seriesText('container_cpu_usage_seconds_total', { ...POD, container }),
        values: values((minute) => used * 60 * minute),
      })),
    ];
  }

  /** By the first words of a row: the series, and the owner that the published dashboard's variables select. */
  const PODS: Readonly<Record<string, { readonly series: readonly InputSeries[]; readonly owner: string }>> = {
    'of a Deployment': {
      series: input('ReplicaSet', 'cart-1', [
        ...owners('kube_replicaset_owner', [['shop', 'cart-1', 'Deployment', 'cart']]),
      ]),
      owner: 'owner_kind="Deployment", owner_name="cart"',
    },
    'of a DaemonSet': { series: input('DaemonSet', 'agent', []), owner: 'owner_kind="DaemonSet", owner_name="agent"' },
    "of a CronJob's Job": {
      series: input('Job', 'report-1', [...owners('kube_job_owner', [['shop', 'report-1', 'CronJob', 'report']])]),
      owner: 'owner_kind="Job", owner_name="report-1"',
    },
  };

  test.each(rows)('%s', async (row = '', published, own) => {
    const [name = '', as = ''] = row.split(', ');
    const { series, owner } = caseOf(PODS, name);
    const label = as === 'queries as published' ? 'pod_name' : 'pod';
    await expectQueries(
      [records],
      [
        caseTest(row, series, [
          ...all([`count(${publishedOwners('shop')})`, publishedCpu('shop', owner, label)], published),
          ...all(['count(cluster_namespace_pod:identity:info)', query], own),
        ]),
      ],
    );
  });

  test('owners are those that the guide names', async () => {
    const named: Record<string, readonly [string, string]> = {
      'of a Deployment': ['Deployment', 'cart'],
      'of a DaemonSet': ['DaemonSet', 'agent'],
      "of a CronJob's Job": ['CronJob', 'report'],
    };
    await expectQueries(
      [records],
      Object.entries(named).map(([name, [workload_type, workload]]) =>
        caseTest(name, caseOf(PODS, name).series, [
          {
            expr: query,
            eval_time: '20m',
            exp_samples: [sample({ __name__: '', cluster: 'one', namespace: 'shop', workload_type, workload }, 1)],
          },
        ]),
      ),
    );
  });
});
