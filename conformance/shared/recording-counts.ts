import { groupBy } from '../../bench/group.ts';
import type { Cluster, Labels, Node, Pod, Workload } from '../../bench/model.ts';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import type { Scrape } from '../../bench/scrape.ts';
import { family, growing } from '../../bench/series/family.ts';
import { kubeStateMetricsFamilies } from '../../bench/series/kube-state-metrics.ts';
import { readingsOf } from '../../generators/index.ts';
import { generated } from './cases.ts';
import { answersOf, type Input, type Sample } from './evaluate.ts';
import { OUTSIDE, type RecordedSeries, type Recording } from './recording.ts';
import { isAcrossNodes } from './recording-truth.ts';

/** All nodes together, as the rules count them. */
export const NODES = 'nodes';

/** What was counted or reported from one end to another: pods by name, Services as the pod behind them, nodes, or outside. */
export interface PairCount {
  readonly source: string;
  readonly destination: string;
  readonly value: number;
}

/** What became of a recording, in one unit. */
export interface Counts {
  /** Such as `network_bytes`. */
  readonly unit: string;
  /** What the rules count of each pair; nodes are one end, `nodes`. */
  readonly counted: readonly PairCount[];
  /** What the rules count of each pair of zones. */
  readonly zones: readonly PairCount[];
  /** Everything that all agents report: each observation of each packet. */
  readonly reported: readonly PairCount[];
  /** What the matchers of the selection take, and of several reporters the largest. */
  readonly selected: readonly PairCount[];
  /** The double-count check over pairs on different nodes; undefined where the source has no such check, NaN where it does not answer. */
  readonly ratio: number | undefined;
  /** What was read and is in no pair of zones. */
  readonly lost: number;
  /** Whether the source reports who received the traffic. */
  readonly hasPeer: boolean;
  /** Set where the source counts traffic of one locality only. */
  readonly locality: string | undefined;
}

type FlowInput = ReturnType<typeof readingsOf>['inputs'][number];
type Side = 'source' | 'destination';

const CLUSTER = 'recorded';
const STEP = 30;
/** The window of rates, within which the counters rise by what was recorded. */
const WINDOW = 300;
/** After a whole window, and every group was evaluated: the double-count check after four minutes. */
const AT = 300;

/** The configuration that reads a recording. */
function configurationOf({ source, config = {} }: Recording): Readonly<Record<string, unknown>> {
  const flows = { source, granularity: 'pod', ...(config['flows'] as object | undefined) };
  return {
    ...config,
    cluster: { name: CLUSTER },
    flows,
    rules: { window: `${WINDOW / 60}m` },
    targets: ['prometheus'],
  };
}

/** The controller in between, whose name the workload's is derived from. */
const controllerOf = ({ kind, name }: Workload) =>
  kind === 'Deployment' ? { kind: 'ReplicaSet', name: `${name}-7d4b9c8f6d` } : { kind, name };

const ipv6 = (address: string): boolean => address.includes(':');

/** The cluster as kube-state-metrics knows it. */
function clusterOf({ nodes, pods, services }: Recording): Cluster {
  const podsOf = Object.entries(pods).map(([key, { node, addresses, workload, hostNetwork = false }]): Pod => {
    const [namespace = '', name = ''] = key.split('/');
    const [kind = '', top = ''] = workload.split('/');
    const owner = { namespace, kind, name: top } as Workload;
    const second = addresses.find(ipv6);
    const first = addresses.find((address) => !ipv6(address)) ?? second ?? '';
    return {
      namespace,
      name,
      uid: `uid-${name}`,
      ip: first,
      ...(second !== undefined && second !== first && { ipv6: second }),
      node,
      workload: owner,
      controller: controllerOf(owner),
      createdAt: 1,
      hostNetwork,
    };
  });
  return {
    name: CLUSTER,
    nodes: Object.entries(nodes).map(([name, { zone, addresses }]): Node => {
      const second = addresses.find(ipv6);
      const first = addresses.find((address) => !ipv6(address)) ?? second ?? '';
      return {
        name,
        zone,
        providerId: '',
        internalIp: first,
        ...(second !== undefined && second !== first && { internalIpv6: second }),
        createdAt: 1,
        interfaces: [],
      };
    }),
    workloads: podsOf.map(({ workload }) => workload),
    pods: podsOf,
    services: Object.entries(services).map(([key, clusterIp]) => {
      const [namespace = '', name = ''] = key.split('/');
      return { namespace, name, clusterIp };
    }),
    connections: [],
  };
}

/** What Prometheus scrapes: each agent with the labels of its node, an exporter for the whole cluster with its own. */
function scrapesOf(recording: Recording, series: readonly RecordedSeries[]): readonly Scrape[] {
  const agents = [...groupBy(series, ({ node }) => node)].map(([node, own]): Scrape => {
    const isCentral = node === '-';
    return {
      labels: { cluster: CLUSTER, job: recording.source, instance: node, ...(!isCentral && { node }) },
      honorLabels: isCentral,
      families: [...groupBy(own, ({ metric }) => metric)].map(([metric, some]) =>
        family(
          metric,
          'counter',
          metric,
          some.map(({ labels, change }) => growing(labels, change / WINDOW)),
        ),
      ),
      outages: [],
    };
  });
  const instance = 'kube-state-metrics-0';
  const state: Scrape = {
    labels: { cluster: CLUSTER, job: 'kube-state-metrics', namespace: 'monitoring', pod: instance, instance },
    honorLabels: true,
    families: kubeStateMetricsFamilies(clusterOf(recording)),
    outages: [],
  };
  return [...agents, state];
}

/** The end that labels of a series name, by what the source has for it: a name, an address or a workload. */
function endOf(recording: Recording, { source }: FlowInput, labels: Labels, side: Side): string {
  const { nodes, pods, services, traffic } = recording;
  const fields = source.ends[side];
  const value = (label: string | undefined): string => {
    const found = label === undefined ? '' : (labels[label] ?? '');
    return found === 'unknown' ? '' : found;
  };
  const [namespace, name, ip] = [value(fields.namespace), value(fields.pod), value(fields.ip)];
  const has = (addresses: readonly string[]) => ip !== '' && addresses.includes(ip);
  const service = Object.entries(services).find(([key, address]) => key === `${namespace}/${name}` || address === ip);
  const found = [
    ...Object.entries(pods).flatMap(([key, { addresses, workload }]) =>
      key === `${namespace}/${name}` ||
      has(addresses) ||
      (fields.pod === undefined && key.startsWith(`${namespace}/`) && workload.endsWith(`/${value(fields.workload)}`))
        ? [key]
        : [],
    ),
    ...traffic.flatMap(({ via, server }) => (service !== undefined && via === service[0] ? [server] : [])),
    ...Object.entries(nodes).flatMap(([key, { addresses }]) => (key === name || has(addresses) ? [key] : [])),
  ];
  return found[0] ?? OUTSIDE;
}

/** The conditions of a matcher on one label. */
function holds(condition: FlowInput['matchers'][string], actual: string): boolean {
  if (typeof condition === 'string') return actual === condition;
  return [condition].flat().every(({ operator, value }) => {
    const isEqual = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's').test(actual) : actual === value;
    return isEqual !== operator.startsWith('!');
  });
}

/** The series that a selection takes, by the matchers of the adapter. */
export const taken = (
  { series }: Pick<Recording, 'series'>,
  { metric, matchers }: FlowInput,
): readonly RecordedSeries[] =>
  series.filter(
    (one) =>
      one.metric === metric &&
      Object.entries(matchers).every(([label, condition]) => holds(condition, one.labels[label] ?? '')),
  );

const total = (series: readonly RecordedSeries[]): number => series.reduce((sum, { change }) => sum + change, 0);

/** Series by their pair of ends. */
const byPair = (recording: Recording, input: FlowInput, series: readonly RecordedSeries[]) =>
  [
    ...groupBy(series, ({ labels }) =>
      (['source', 'destination'] as const).map((side) => endOf(recording, input, labels, side)).join(' '),
    ),
  ].map(([key, own]) => {
    const [source = OUTSIDE, destination = OUTSIDE] = key.split(' ');
    return { source, destination, own };
  });

/** The end that labels of a recorded pair name. */
function countedEnd({ pods }: Recording, labels: Labels, side: Side): string {
  const label = (name: string) => labels[`${side}_${name}`] ?? '';
  if (label('namespace') === '_nodes_') return NODES;
  const [namespace, name] = [label('namespace'), label('pod')];
  const workload = `${label('workload_type')}/${label('workload')}`;
  const found = Object.entries(pods).find(([key, pod]) =>
    name === '' ? key.startsWith(`${namespace}/`) && pod.workload === workload : key === `${namespace}/${name}`,
  );
  return found?.[0] ?? OUTSIDE;
}

const pairsIn = (samples: readonly Sample[], endIn: (labels: Labels, side: Side) => string): readonly PairCount[] =>
  samples.map(({ labels, value }) => ({
    source: endIn(labels, 'source'),
    destination: endIn(labels, 'destination'),
    value: value * WINDOW,
  }));

/** Runs the generated rules over a recording, its counters rising by what was recorded within the window of the rates. */
export async function countsOf(recording: Recording): Promise<readonly Counts[]> {
  const { artifacts, config } = generated({ name: recording.title, given: configurationOf(recording) });
  const rules = artifacts.filter(({ kind }) => kind === 'rules').map(({ text }) => text);
  const { inputs } = readingsOf(config);
  const record = (level: string, unit: string, of = '') => `${level}:${unit}${of}:rate${config.rules.window}`;
  const ratioOf = (unit: string) => `cluster:${unit}_initiator_over_receiver:ratio_rate${config.rules.window}`;
  const scraped = (series: readonly RecordedSeries[], queries: readonly string[]): Input => ({
    step: STEP,
    series: samplesOf(scrapesOf(recording, series), { step: STEP, duration: AT }).map(promtoolSeries),
    queries,
  });
  const across = (input: FlowInput) =>
    byPair(recording, input, recording.series).flatMap(({ source, destination, own }) =>
      isAcrossNodes(recording, source, destination) ? own : [],
    );
  const checked = inputs.filter(({ unit }) => rules.some((text) => text.includes(ratioOf(unit))));
  const [first] = checked;
  const answers = await answersOf(
    rules,
    [
      scraped(
        recording.series,
        inputs.flatMap(({ unit }) => [
          record('pod_pair', unit),
          record('zone_pair', unit),
          record('cluster', unit, '_lost'),
        ]),
      ),
      ...(first === undefined
        ? []
        : [
            scraped(
              across(first),
              checked.map(({ unit }) => ratioOf(unit)),
            ),
          ]),
    ],
    AT,
  );
  const answer = (query: string) => answers.get(query) ?? [];
  return inputs.map((input): Counts => {
    const { unit, source, metric } = input;
    const all = recording.series.filter((one) => one.metric === metric);
    return {
      unit,
      counted: pairsIn(answer(record('pod_pair', unit)), (labels, side) => countedEnd(recording, labels, side)),
      zones: pairsIn(answer(record('zone_pair', unit)), (labels, side) => labels[`${side}_zone`] ?? ''),
      reported: byPair(recording, input, all).map(({ own, ...ends }) => ({ ...ends, value: total(own) })),
      selected: byPair(recording, input, taken(recording, input)).map(({ own, ...ends }) => {
        const reports = groupBy(own, ({ labels }) => labels[source.reporter ?? ''] ?? '');
        return { ...ends, value: Math.max(...[...reports.values()].map(total)) };
      }),
      ratio: checked.includes(input) ? (answer(ratioOf(unit))[0]?.value ?? Number.NaN) : undefined,
      lost: (answer(record('cluster', unit, '_lost'))[0]?.value ?? 0) * WINDOW,
      hasPeer: Object.keys(source.ends.destination).length > 0,
      locality: source.locality,
    };
  });
}
