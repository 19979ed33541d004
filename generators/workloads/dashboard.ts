import type { Dashboard, Panel, PlacedPanel } from '../model/dashboard.ts';
import { stat, timeSeries } from '../panels/charts.ts';
import { COLOURS, commonVariables, inCluster, overTime, type Step, withHost } from '../panels/shared.ts';
import { duration, type Matchers, matches, promql, type Query, selector } from '../promql/index.ts';
import { resourceNames, type Use } from './records/names.ts';
import type { WorkloadsConfig } from './settings.ts';
import { CORES, workloadTable } from './table.ts';
import { workloadVariables } from './variables.ts';

const healthy: Step = [null, COLOURS.good];

const full = (key: string, panel: Panel): PlacedPanel => ({ key, width: 24, height: 8, panel });
const half = (key: string, panel: Panel): PlacedPanel => ({ key, width: 12, height: 8, panel });
const tile = (key: string, options: Parameters<typeof stat>[0]): PlacedPanel => ({
  key,
  width: 4,
  height: 4,
  panel: stat(options),
});

/** Pods with the most, and the average of their workloads beside them. */
const MOST_PODS = 12;

/** The panel of one use: each pod with its node, and the average pod of each workload that is chosen. */
function besideAverage(
  config: WorkloadsConfig,
  filter: Matchers,
  use: Use,
  { title, unit, what }: { readonly title: string; readonly unit: string; readonly what: string },
): Panel {
  const names = resourceNames(config);
  return timeSeries({
    title,
    description: `${what} of the ${MOST_PODS} pods with the most, each with its node, and of the average pod of the ${MOST_PODS} workloads with the most. A pod far from the average of its workload is the odd one out.`,
    targets: [
      overTime(
        withHost(promql`topk(${MOST_PODS}, ${selector(names.pod(use), filter)})`, 'node'),
        '{{pod}} on {{host}}',
      ),
      overTime(
        promql`topk(${MOST_PODS}, ${selector(names.workload(use, 'avg'), filter)})`,
        'average pod of {{namespace}}/{{workload}}',
      ),
    ],
    unit,
    legend: 'table',
  });
}

/** The tiles: what the selection uses now, and what is wrong with it. */
function tiles(config: WorkloadsConfig, filter: Matchers): readonly PlacedPanel[] {
  const names = resourceNames(config);
  const total = (record: string): Query => promql`sum(${selector(record, filter)})`;
  const sumOf = (use: Use): Query => total(names.workload(use, 'sum'));
  const restarts = promql`sum_over_time(${selector(names.restarts, filter)}[1h:${duration(config.rules.window)}])`;
  return [
    tile('limit-used', {
      title: 'Closest to a memory limit',
      description:
        'RSS of the container that is closest to its memory limit, as a share of that limit. At 100 % the kernel kills it.',
      expr: promql`max(${selector(names.limitUsed, filter)})`,
      unit: 'percentunit',
      decimals: 0,
      steps: [healthy, [0.8, COLOURS.warning], [0.95, COLOURS.bad]],
      now: true,
    }),
    tile('throttled', {
      title: 'Most throttled workload',
      description:
        'The workload whose containers wait most for CPU: the share of their periods of 100 ms in which their quota was used up.',
      expr: promql`max(${selector(names.throttled, filter)})`,
      unit: 'percentunit',
      decimals: 0,
      steps: [healthy, [0.25, COLOURS.warning], [0.5, COLOURS.bad]],
      now: true,
    }),
    tile('restarts', {
      title: 'Restarts in the last hour',
      description: 'Restarts of containers in the last hour. It should be 0.',
      // No row means none, where there are pods.
      expr: promql`
        sum(${restarts})
        or
        0 * ${total(names.pods)}`,
      unit: 'short',
      decimals: 0,
      steps: [healthy, [0.5, COLOURS.warning]],
      now: true,
    }),
    tile('cpu', {
      title: 'CPU used',
      description: 'CPU that the selected workloads use, in cores.',
      expr: sumOf('cpu'),
      unit: CORES,
      decimals: 1,
      steps: [[null, COLOURS.total]],
    }),
    tile('memory', {
      title: 'Memory used',
      description: 'Working set of the selected workloads: memory that the kernel cannot drop at once.',
      expr: sumOf('workingSet'),
      unit: 'bytes',
      steps: [[null, COLOURS.total]],
    }),
    tile('pods', {
      title: 'Pods',
      description: 'Pods of the selected workloads that run or wait to.',
      expr: total(names.pods),
      unit: 'short',
      decimals: 0,
      steps: [[null, COLOURS.total]],
    }),
  ];
}

/** Grey: where some containers have no limit, usage above it is no fault. */
const LIMITS = 'limits, where there are any';

/** What is used beside what is requested and allowed. */
function allotted(config: WorkloadsConfig, filter: Matchers, resource: 'cpu' | 'memory'): Panel {
  const names = resourceNames(config);
  const isCpu = resource === 'cpu';
  const used = selector(names.workload(isCpu ? 'cpu' : 'workingSet', 'sum'), filter);
  const allowed = (record: string): Query => promql`sum(${selector(record, { ...filter, resource })})`;
  return timeSeries({
    title: isCpu ? 'CPU: used, requested, allowed' : 'Memory: used, requested, allowed',
    description:
      'All selected workloads together. Far below the requests, nodes are paid for and idle; above them, pods depend on what others leave. ' +
      'Containers without a request or a limit are missing in that line.',
    targets: [
      overTime(promql`sum(${used})`, 'used'),
      overTime(allowed(names.requests), 'requested'),
      overTime(allowed(names.limits), LIMITS),
    ],
    unit: isCpu ? CORES : 'bytes',
    colours: { used: COLOURS.total, requested: COLOURS.good, [LIMITS]: COLOURS.unknown },
  });
}

/** What workloads use: which of them most, and whether one of their pods differs from the others. */
export function workloadResources(config: WorkloadsConfig): Dashboard {
  const filter: Matchers = {
    ...inCluster(config),
    namespace: matches('$namespace'),
    workload_type: matches('$kind'),
    workload: matches('$workload'),
  };
  const names = resourceNames(config);
  const limitUsed = selector(names.podLimitUsed, filter);
  const throttled = promql`${selector(names.podThrottled, filter)} / (${selector(names.podPeriods, filter)} > 0)`;
  return {
    uid: 'workload-resources',
    title: 'Workload resources',
    description:
      'CPU, memory, network, throttling and restarts of workloads: which use most, and which pod differs from the average of its workload.',
    tags: ['azimuth', 'workloads'],
    from: 'now-3h',
    refresh: '1m',
    variables: [...commonVariables(config, selector(names.workload('cpu', 'sum'))), ...workloadVariables(config)],
    sections: [
      {
        panels: [
          ...tiles(config, filter),
          { key: 'workloads', width: 24, height: 9, panel: workloadTable(config, filter) },
        ],
      },
      {
        title: 'Pods beside the average of their workload',
        panels: [
          full(
            'limit-used-by-pod',
            timeSeries({
              title: 'Memory: share of the limit',
              description: `The ${MOST_PODS} pods closest to a memory limit: RSS of a container as a share of its limit. At 100 % the kernel kills it.`,
              targets: [overTime(withHost(promql`topk(${MOST_PODS}, ${limitUsed})`, 'node'), '{{pod}} on {{host}}')],
              unit: 'percentunit',
              legend: 'table',
            }),
          ),
          full('cpu-by-pod', besideAverage(config, filter, 'cpu', { title: 'CPU', unit: CORES, what: 'CPU' })),
          full(
            'memory-by-pod',
            besideAverage(config, filter, 'workingSet', {
              title: 'Memory: working set',
              unit: 'bytes',
              what: 'Working set',
            }),
          ),
          full(
            'rss-by-pod',
            besideAverage(config, filter, 'rss', {
              title: 'Memory: RSS',
              unit: 'bytes',
              what: 'Allocated memory (RSS)',
            }),
          ),
          full(
            'throttled-by-pod',
            timeSeries({
              title: 'Throttled',
              description: `The ${MOST_PODS} pods that wait most for CPU, as a share of their periods of 100 ms. Only pods with a CPU limit can.`,
              targets: [overTime(withHost(promql`topk(${MOST_PODS}, ${throttled})`, 'node'), '{{pod}} on {{host}}')],
              unit: 'percentunit',
              legend: 'table',
            }),
          ),
          full(
            'receive-by-pod',
            besideAverage(config, filter, 'receive', {
              title: 'Network: received',
              unit: 'Bps',
              what: 'Bytes received',
            }),
          ),
          full(
            'transmit-by-pod',
            besideAverage(config, filter, 'transmit', { title: 'Network: sent', unit: 'Bps', what: 'Bytes sent' }),
          ),
        ],
      },
      {
        title: 'Requests and limits',
        panels: [
          half('cpu-allotted', allotted(config, filter, 'cpu')),
          half('memory-allotted', allotted(config, filter, 'memory')),
        ],
      },
    ],
  };
}
