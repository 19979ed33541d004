import { load } from 'js-yaml';
import { endLabels, type FlowSource, SIDES } from '../../generators/traffic/source.ts';
import { readingsOf } from '../../generators/build/readings.ts';
import type { PacketCounter } from '../../generators/shared/agents.ts';
import type { Generated } from './generate.ts';

/** Labels by the metric that carries them. */
export type Exported = Readonly<Record<string, readonly string[]>>;

const sorted = (labels: readonly string[]): readonly string[] => [...new Set(labels)].toSorted();

/** What the adapters say that rules read, straight from them: labels of the ends, of the observer and of the matchers. */
export function readLabels({ config }: Pick<Generated, 'config'>): Exported {
  const labelsOf = (source: FlowSource, matchers: object): readonly string[] => [
    ...SIDES.flatMap((side) => endLabels(source, side)),
    ...(source.reporter === undefined ? [] : [source.reporter]),
    ...Object.keys(matchers),
  ];
  const read = readingsOf(config).inputs.flatMap(({ source, metric, matchers, peerView }) => [
    { metric, labels: labelsOf(source, matchers) },
    ...(peerView === undefined ? [] : [{ metric: peerView.metric, labels: labelsOf(source, peerView.matchers) }]),
  ]);
  const ofMetric = (name: string) => read.flatMap(({ metric, labels }) => (metric === name ? labels : []));
  return Object.fromEntries(read.map(({ metric }) => [metric, sorted(ofMetric(metric))]));
}

/** What every series of Hubble's flows carries without being asked. */
const HUBBLE_BASE = ['protocol', 'type', 'subtype', 'verdict'];

interface HubbleValues {
  readonly hubble: { readonly metrics: { readonly enabled: readonly string[] } };
}

/** The labels that Hubble is asked to attach to flows. Upstream: Cilium, pkg/hubble/metrics/api/context.go. */
export const hubbleContext = (generated: Generated, chart: 'cilium' | 'retina-hubble'): readonly string[] => {
  const { hubble } = load(generated.file(`helm-values/${chart}.yaml`)) as HubbleValues;
  const flow = hubble.metrics.enabled.find((entry) => entry.startsWith('flow:')) ?? '';
  return /labelsContext=([^;]*)/.exec(flow)?.[1]?.split(',') ?? [];
};

/** Labels of Hubble's counters of packets that go wrong: those that they always have, and those that it is asked for. */
export function hubblePacketsExported(generated: Generated, chart: 'cilium' | 'retina-hubble'): Exported {
  const { hubble } = load(generated.file(`helm-values/${chart}.yaml`)) as HubbleValues;
  const BASE = { drop: ['hubble_drop_total', 'reason', 'protocol'], tcp: ['hubble_tcp_flags_total', 'flag', 'family'] };
  return Object.fromEntries(
    Object.entries(BASE).map(([entry, [metric = '', ...base]]) => {
      const asked = hubble.metrics.enabled.find((one) => one.startsWith(`${entry}:`)) ?? '';
      return [metric, sorted([...base, ...(/labelsContext=([^;]*)/.exec(asked)?.[1]?.split(',') ?? [])])];
    }),
  );
}

/** Labels of Hubble's flows. */
export const hubbleExported = (generated: Generated, chart: 'cilium' | 'retina-hubble'): Exported => ({
  hubble_flows_processed_total: sorted([...HUBBLE_BASE, ...hubbleContext(generated, chart)]),
});

interface EbpfValues {
  readonly config: {
    readonly data: {
      readonly network: { readonly enable: boolean };
      readonly metrics: { readonly features: readonly string[] };
      readonly attributes: { readonly select: Readonly<Record<string, { readonly include: readonly string[] }>> };
    };
  };
}

/** By the feature that exports it, the end of a counter's name. Upstream: OBI, pkg/export/feature.go and attributes/metric.go. */
const EBPF_COUNTERS = { network: 'network_flow_bytes', network_flow_packets: 'network_flow_packets' };

/** Labels of the counters that OBI or Beyla exports. Upstream: OBI, pkg/export/attributes: dots become underscores. */
export function ebpfExported(generated: Generated, id: 'obi' | 'beyla', chart: string): Exported {
  const { config } = load(generated.file(`helm-values/${chart}.yaml`)) as EbpfValues;
  const { network, metrics, attributes } = config.data;
  const features = new Set([...metrics.features, ...(network.enable ? ['network'] : [])]);
  return Object.fromEntries(
    Object.entries(EBPF_COUNTERS)
      .filter(([feature]) => features.has(feature))
      .map(([, counter]) => {
        const include = attributes.select[`${id}_${counter}`]?.include ?? [];
        return [`${id}_${counter}_total`, sorted(include.map((name) => name.replaceAll('.', '_')))];
      }),
  );
}

interface MetricsConfiguration {
  readonly spec: {
    readonly contextOptions: readonly {
      readonly metricName: string;
      readonly sourceLabels: readonly string[];
      readonly destinationLabels?: readonly string[];
      readonly additionalLabels?: readonly string[];
    }[];
  };
}

/**
 * Retina's metrics by the names under which a MetricsConfiguration asks for them, with the labels that they always have.
 * Upstream: Retina, pkg/utils/metric_names.go and pkg/module/metrics, v1.0.0 to v1.2.6.
 */
const RETINA_METRICS: Readonly<Record<string, readonly [name: string, ...base: string[]]>> = {
  forward_bytes: ['forward_bytes', 'direction'],
  forward_count: ['forward_count', 'direction'],
  drop_count: ['drop_count', 'direction', 'reason'],
  tcp_flag_gauges: ['tcpflags_count', 'flag'],
  tcp_retransmission_count: ['tcpretrans_count', 'direction'],
};

/** What rules read of packets that go wrong: the ends, what the matchers read, the reason of a drop. */
export function packetLabels({ config }: Pick<Generated, 'config'>): Exported {
  return Object.fromEntries(
    readingsOf(config)
      .sources.flatMap(({ packets }) => ('reason' in packets ? [] : Object.values(packets)))
      .map((counter) => [
        counter.metric,
        sorted([
          ...counter.ends.flatMap(({ namespace, pod }: PacketCounter['ends'][number]) => [namespace, pod]),
          ...Object.keys(counter.matchers),
          ...('reason' in counter ? [String(counter.reason)] : []),
        ]),
      ]),
  );
}

/** Labels of Retina's advanced metrics in remote context. Upstream: Retina, pkg/module/metrics/types.go, ContextOptions. */
export function retinaExported(generated: Generated): Exported {
  const { spec } = load(generated.file('manifests/metrics-configuration.yaml')) as MetricsConfiguration;
  const expand = (side: string, label: string) =>
    (label === 'workload' ? ['workload_kind', 'workload_name'] : [label]).map((name) => `${side}_${name}`);
  return Object.fromEntries(
    spec.contextOptions.map(({ metricName, sourceLabels, destinationLabels = [], additionalLabels = [] }) => {
      const [name = metricName, ...base] = RETINA_METRICS[metricName] ?? [];
      return [
        `networkobservability_adv_${name}`,
        sorted([
          ...base,
          ...sourceLabels.flatMap((label) => expand('source', label)),
          ...destinationLabels.flatMap((label) => expand('destination', label)),
          ...additionalLabels,
        ]),
      ];
    }),
  );
}

interface FlowCollector {
  readonly spec: {
    readonly processor: { readonly addZone?: boolean; readonly metrics: { readonly includeList: readonly string[] } };
  };
}

/** What the operator attaches and the rules do not read. */
export const NETOBSERV_EXTRA = ['K8S_FlowLayer', 'SrcSubnetLabel', 'DstSubnetLabel'];

/** Labels of NetObserv's metrics by workload. Upstream: network-observability-operator, internal/pkg/metrics/predefined_metrics.go. */
export function netobservExported(generated: Generated): Exported {
  const { processor } = (load(generated.file('manifests/flow-collector.yaml')) as FlowCollector).spec;
  const fields = ['Namespace', 'OwnerName', 'OwnerType', 'Type', ...(processor.addZone === true ? ['Zone'] : [])];
  const labels = sorted([...fields.flatMap((field) => [`SrcK8S_${field}`, `DstK8S_${field}`]), ...NETOBSERV_EXTRA]);
  return Object.fromEntries(processor.metrics.includeList.map((name) => [`netobserv_${name}`, labels]));
}
