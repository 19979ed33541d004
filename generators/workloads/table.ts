import type { Panel } from '../model/dashboard.ts';
import { COLOURS, rows, type Step } from '../panels/shared.ts';
import { clusterColumn, table } from '../panels/table.ts';
import { aggregate, labels, type Matchers, promql, type Query, selector } from '../promql/index.ts';
import { resourceNames, workloadKey } from './records/names.ts';
import type { WorkloadsConfig } from './settings.ts';

/** The unit of CPU. */
export const CORES = 'suffix: cores';

/** One row for each workload: the fields that the write-ups ask for one by one. */
export function workloadTable(config: WorkloadsConfig, filter: Matchers): Panel {
  const names = resourceNames(config);
  const key = labels(...workloadKey(config));
  const of = (record: string): Query => selector(record, filter);
  const shown: readonly {
    readonly values: Query;
    readonly title: string;
    readonly unit: string;
    readonly decimals?: number;
    readonly steps?: readonly Step[];
  }[] = [
    { values: of(names.workload('cpu', 'sum')), title: 'CPU', unit: CORES, decimals: 2 },
    {
      values: aggregate('avg', workloadKey(config), of(names.pod('cpu'))),
      title: 'CPU, mean',
      unit: CORES,
      decimals: 2,
    },
    { values: of(names.workload('cpu', 'max')), title: 'CPU, max', unit: CORES, decimals: 2 },
    { values: of(names.workload('workingSet', 'sum')), title: 'Memory', unit: 'bytes', decimals: 1 },
    { values: of(names.workload('workingSet', 'max')), title: 'Memory, max', unit: 'bytes', decimals: 1 },
    {
      values: of(names.limitUsed),
      title: 'Of limit',
      unit: 'percentunit',
      decimals: 0,
      steps: [
        [null, 'transparent'],
        [0.8, COLOURS.warning],
        [0.95, COLOURS.bad],
      ],
    },
    {
      values: of(names.throttled),
      title: 'Throttled',
      unit: 'percentunit',
      decimals: 0,
      steps: [
        [null, 'transparent'],
        [0.25, COLOURS.warning],
        [0.5, COLOURS.bad],
      ],
    },
    {
      // No row means none.
      values: promql`(${of(names.restarts)} or 0 * ${of(names.pods)})`,
      title: 'Restarts',
      unit: 'short',
      decimals: 0,
      steps: [
        [null, 'transparent'],
        [0.5, COLOURS.warning],
      ],
    },
    { values: of(names.pods), title: 'Pods', unit: 'short', decimals: 0 },
  ];
  // The aggregation drops the metric name, so the rows of one workload merge. All columns are of the workloads with the most CPU.
  const most = promql`topk(50, ${of(names.workload('cpu', 'sum'))})`;
  return table({
    title: 'Workloads with the most CPU',
    description: `The 50 workloads that use most CPU, with the mean of their pods and the pod with the most; restarts are those of the last ${config.rules.window}. Click a workload for its pods. "unknown" are pods that kube-state-metrics does not describe.`,
    targets: shown.map(({ values }, index) =>
      rows(
        index === 0
          ? promql`max by (${key}) (${most})`
          : promql`
              max by (${key}) (${values})
              and on (${key})
              ${most}`,
      ),
    ),
    columns: [
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 120 },
      { field: 'workload_type', title: 'Kind', width: 110 },
      {
        field: 'workload',
        title: 'Workload',
        link: {
          title: 'Its pods',
          // eslint-disable-next-line no-template-curly-in-string -- Grafana's own template
          url: '/d/workload-resources?${datasource:queryparam}&${__url_time_range}&var-namespace=${__data.fields.Namespace}&var-workload=${__data.fields.Workload}',
        },
      },
      ...shown.map(({ title, unit, decimals, steps }, index) => ({
        field: `Value #${String.fromCodePoint(65 + index)}`,
        title,
        unit,
        width: 110,
        ...(decimals !== undefined && { decimals }),
        ...(steps !== undefined && { cell: 'colour' as const, steps }),
      })),
    ],
    sortBy: 'CPU',
    noValue: 'no data',
  });
}
