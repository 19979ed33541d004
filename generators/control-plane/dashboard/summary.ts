import type { Panel } from '../../model/dashboard.ts';
import { stat } from '../../panels/charts.ts';
import { firing, noneRow } from '../../panels/firing.ts';
import { COLOURS, inCluster, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import {
  aggregate,
  duration,
  either,
  join,
  labels,
  matches,
  not,
  promql,
  type Query,
  seconds,
  UniqueVector,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { controlPlaneAlerts } from '../alerts.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { PODS, type ScalePanel, type Series } from './panel.ts';

const { good, attention, warning, bad } = COLOURS;

const tile = (key: string, options: Parameters<typeof stat>[0]): ScalePanel => ({
  key,
  width: 3,
  height: 4,
  panel: () => stat({ ...options, now: true }),
});

/** Steps of a duration or a share: good, and from where on it is worth a look, a day's work, and waking someone. */
const steps = (look: number, work: number, wake: number): readonly Step[] => [
  [null, good],
  [look, attention],
  [work, warning],
  [wake, bad],
];

/** A number that is 0 where there are API servers and it has no series. */
const orZero = (query: Query, known: Query): Query => either(promql`sum(${query})`, promql`0 * count(${known})`);

/** The answers: is the API server within its promise, does anyone wait, is etcd slow, do pods fit and start. */
export const tiles = ({ now, slow }: Series): readonly ScalePanel[] => [
  tile('slow-requests', {
    title: 'Too slow',
    description:
      'Share of the requests of the worst kind (change, read, list) that take longer than Kubernetes promises: 1 s, for lists 30 s. It promises 99 %, so 1 % is the limit.',
    expr: promql`max(${slow})`,
    unit: 'percentunit',
    decimals: 2,
    steps: steps(0.005, 0.01, 0.1),
  }),
  tile('failed-requests', {
    title: 'Failed',
    description: 'Share of all requests that the API server failed (5xx) or refused as there were too many (429).',
    expr: promql`(${orZero(now('errors'), now('requests'))}) / sum(${now('requests')})`,
    unit: 'percentunit',
    decimals: 2,
    steps: steps(0.001, 0.01, 0.05),
  }),
  tile('waiting', {
    title: 'Wait',
    description:
      'At the priority level that waits longest, one request in a hundred waits this long for a seat. The latency of requests leaves it out.',
    expr: promql`max(${now('waited', { quantile: '0.99' })} >= 0)`,
    unit: 's',
    decimals: 1,
    steps: steps(0.1, 1, 10),
  }),
  tile('etcd', {
    title: 'etcd',
    description: 'One request to etcd in a hundred takes this long, of the slowest operation but lists.',
    expr: promql`max(${now('etcdLatency', { operation: { operator: '!~', value: 'list.*' } })} >= 0)`,
    unit: 's',
    decimals: 1,
    steps: steps(0.05, 0.1, 1),
  }),
  tile('fullest-node', {
    title: 'Fullest node',
    description: 'Pods of the fullest node as a share of its maxPods or of the addresses of its pod CIDR.',
    expr: promql`max(${now('placesUsed')})`,
    unit: 'percentunit',
    decimals: 0,
    steps: steps(0.8, 0.9, 1),
  }),
  tile('unschedulable', {
    title: 'Unschedulable',
    description: 'Pods that fit on no node: too many pods, or not enough CPU, memory or something else.',
    expr: orZero(now('unschedulable'), now('pods')),
    unit: 'none',
    decimals: 0,
    steps: [
      [null, good],
      [1, warning],
    ],
  }),
  tile('sandboxes', {
    title: 'Failed sandboxes',
    description:
      'Sandboxes of pods per minute that could not be made: mostly no addresses left. Such pods have a node, and stay in ContainerCreating.',
    expr: promql`sum(${now('sandboxErrors')}) * 60`,
    unit: 'suffix: /min',
    decimals: 1,
    steps: [
      [null, good],
      [0.000_001, warning],
    ],
  }),
  tile('pod-start', {
    title: 'Pod start',
    description:
      'One pod in a hundred takes this long to start, without pulling images. Kubernetes promises 5 s. No data while no pod starts.',
    expr: promql`max(${now('podStart', { stage: 'without_images', quantile: '0.99' })} >= 0)`,
    unit: 's',
    decimals: 1,
    steps: steps(5, 10, 60),
  }),
];

/** Alerts of kube-prometheus-stack on the same subjects, which fire where ours are off. Upstream: the chart's rules of kubernetes-mixin and etcd. */
const SHIPPED = (
  'KubeAPIErrorBudgetBurn KubeAPITerminatedRequests KubeAPIDown KubeAggregatedAPIErrors KubeSchedulerDown KubeControllerManagerDown ' +
  'KubeletTooManyPods KubeletPodStartUpLatencyHigh etcdInsufficientMembers etcdNoLeader etcdHighFsyncDurations etcdHighCommitDurations ' +
  'etcdDatabaseQuotaLowSpace etcdHighNumberOfLeaderChanges'
)
  .split(' ')
  .map((alert) => ({ alert }));

/** Firing alerts on the control plane, ours and those of kube-prometheus-stack. */
export function firingAlerts(config: ControlPlaneConfig, { now }: Series): Panel {
  const alerts = firing(inCluster(config), [...controlPlaneAlerts, ...SHIPPED]);
  return table({
    title: 'Firing alerts',
    description:
      'Firing alerts on the control plane: those of Azimuth, if controlPlane.alerts is true, and those of kube-prometheus-stack.',
    targets: [rows(alerts), noneRow('alertname', alerts, now('pods'))],
    columns: [
      { field: 'alertname', title: 'Alert' },
      { field: 'severity', title: 'Severity', width: 100 },
      ...clusterColumn(config),
      { field: 'kind', title: 'Kind', width: 100 },
      { field: 'priority_level', title: 'Priority level', width: 160 },
      { field: 'operation', title: 'Operation', width: 120 },
      { field: 'node', title: 'Node' },
      { field: 'limit', title: 'Limit', width: 100 },
    ],
    noValue: 'no data',
  });
}

const column = (field: string, title: string, unit: string, decimals: number, at?: readonly Step[]) => ({
  field,
  title,
  unit,
  decimals,
  width: 130,
  ...(at !== undefined && { cell: 'colour' as const, steps: at }),
});

const from = (work: number, wake: number): readonly Step[] => [
  [null, 'transparent'],
  [work, warning],
  [wake, bad],
];

/** The runs of kube-burner within the time range, each with the worst that happened meanwhile. */
export function runTable(config: ControlPlaneConfig, { now, slow }: Series): Panel {
  const cluster = clusterLabels(config);
  const own = labels(...cluster, 'uuid');
  const run = now('run', { uuid: [not(''), matches('$uuid')] });
  /** The worst value of the cluster while a run went on. */
  const worst = (query: Query): Query => {
    const one = new UniqueVector(aggregate('max', cluster, query), cluster);
    return promql`
      max by (${own}) (
        max_over_time(
          (
            ${join(run, one, [])}
          )[${duration('$__range')}:${duration(config.rules.interval)}]
        )
      )`;
  };
  const pods = (phase: string): Query => promql`
    max by (${own}) (max_over_time(${now('runPods', { phase, uuid: matches('$uuid') })}[${duration('$__range')}]))`;
  return table({
    title: 'Runs of kube-burner',
    description:
      'Runs within the time range, by the UUID that kube-burner prints and labels its namespaces with: pods at the most, and the worst figures of the cluster ' +
      'while the namespaces existed. Choose one above, and the graphs show that time only.',
    targets: [
      rows(
        promql`max by (${own}) (count_over_time(${run}[${duration('$__range')}])) * ${seconds(config.rules.interval)}`,
      ),
      rows(pods('Running')),
      rows(pods('Pending')),
      rows(worst(slow)),
      rows(worst(promql`${now('waited', { quantile: '0.99' })} >= 0`)),
      rows(worst(promql`${now('etcdLatency')} >= 0`)),
      rows(worst(promql`${now('podStart', { stage: 'without_images', quantile: '0.99' })} >= 0`)),
      rows(worst(promql`${now('placesUsed')}`)),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'uuid', title: 'Run' },
      column('Value #A', 'Lasted', 's', 0),
      column('Value #B', 'Running pods', PODS, 0),
      column('Value #C', 'Pending pods', PODS, 0),
      column('Value #D', 'Too slow', 'percentunit', 2, from(0.01, 0.1)),
      column('Value #E', 'Wait', 's', 1, from(1, 10)),
      column('Value #F', 'etcd', 's', 2, from(0.1, 1)),
      column('Value #G', 'Pod start', 's', 1, from(5, 60)),
      column('Value #H', 'Fullest node', 'percentunit', 0, from(0.9, 1)),
    ],
    noValue: 'no run in this time range',
  });
}
