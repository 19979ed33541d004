import { generate } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import type { NodeSpec, PodSpec } from './scenario.ts';
import type { ContainerSpec, DescribedSpec } from './workloads-input.ts';

export const FILE = 'rules/prometheus/workload-resources.rules.yaml';
export const NODES: readonly NodeSpec[] = [
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
  'workload:cpu_usage_cores:avg_rate5m': 1000,
  'workload:cpu_usage_cores:max_rate5m': 1000,
  'workload:memory_rss_bytes:sum': 1 / MI,
  'workload:memory_working_set_bytes:avg': 1 / MI,
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
export type Rows = Readonly<Record<string, number>>;

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
export async function expectRecords(
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

export const pod = (name: string, rest: Partial<PodSpec> = {}): PodSpec => ({
  namespace: 'shop',
  name,
  node: 'node-a',
  ...rest,
});
export const app = (name: string, millicores: number, rest: Partial<ContainerSpec> = {}): ContainerSpec => ({
  namespace: 'shop',
  pod: name,
  container: 'app',
  millicores,
  rss: millicores,
  ...rest,
});
export const said = (name: string, rest: Partial<DescribedSpec> = {}): DescribedSpec => ({
  namespace: 'shop',
  pod: name,
  ...rest,
});
