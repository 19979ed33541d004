import { escapeRegex, matches } from '../../promql/index.ts';
import { isChosen } from '../../shared/flows.ts';
import { instance, keepPort, node, scrapeJob } from '../../shared/scrape.ts';
import { BUFFER_BYTES, type EndLabels, type FlowSource } from '../../traffic/index.ts';
import { component, type ScrapeJob } from '../contract.ts';
import { BEYLA, OBI, READS, type EbpfConfig, type EbpfSettings } from './settings.ts';
import { beylaValues, obiValues } from './values.ts';

const ADDRESSES = ['src_address', 'dst_address'] as const;

const end = (side: 'src' | 'dst', addresses: boolean): EndLabels => ({
  namespace: `k8s_${side}_namespace`,
  pod: `k8s_${side}_name`,
  ...(addresses && { ip: `${side}_address` }),
  kind: `k8s_${side}_type`,
  workload_type: `k8s_${side}_owner_type`,
  workload: `k8s_${side}_owner_name`,
  zone: `${side}_zone`,
});

/**
 * OpenTelemetry eBPF Instrumentation, and Grafana Beyla, from which it came: one adapter, two prefixes.
 * Upstream: opentelemetry-ebpf-instrumentation, pkg/export/prom and pkg/export/attributes (attribute names), network metrics.
 */
const sourceOf = (id: 'obi' | 'beyla', settings: Pick<EbpfSettings, 'addresses' | 'app' | 'namespace'>): FlowSource => {
  const { addresses } = settings;
  return {
    id,
    selections: {
      // A call through a Service appears as an edge to the Service and one to the pod behind it. Only the latter counts.
      pods: {
        metrics: {
          network_bytes: `${id}_network_flow_bytes_total`,
          network_packets: `${id}_network_flow_packets_total`,
        },
        matchers: { k8s_src_type: matches('Pod|Node|'), k8s_dst_type: matches('Pod|Node|') },
      },
    },
    ends: { source: end('src', addresses), destination: end('dst', addresses) },
    reporter: `${id}_ip`,
    // Read with the rules only. Both charts call the DaemonSet like the release, whose name is that of the chart.
    get agents() {
      const { app } = settings;
      const namespace = () => settings.namespace;
      return [{ name: app, namespace, pods: `${escapeRegex(app)}-[a-z0-9]{5}`, jobs: [id], onEveryNode: true }];
    },
    packets: { reason: `${id} exports no dropped or reset packets` },
    byteError: BUFFER_BYTES,
    optionalLabels: ADDRESSES,
    /**
     * Packets that did not reach user space, as neither the map of flows nor the ring buffer behind it took them: not those of filters,
     * as the table of metrics on opentelemetry.io says. The share is a lower bound: what the map, an LRU, evicts to make room is in neither
     * counter, a failed update of a known flow counts at log level debug only (inferred, from the code of flows by process), and `packets`
     * may include the ignored ones.
     * Upstream: OBI, bpf/netolly/flows_common.h (flow_packet_stats), pkg/export/imetrics/iprom.go, pull request 1567.
     */
    lost: {
      counters: [{ metric: `${id}_bpf_network_ignored_packets_total`, matchers: {}, type: { name: 'flow_map' } }],
      seen: { metric: `${id}_bpf_network_packets_total`, matchers: {} },
      remedy: "raise network.cache_max_flows in the agent's configuration (5000 by default), for more memory and CPU",
    },
    deduplication: addresses
      ? 'Both nodes of a packet report it under the same addresses. Per pair of addresses, only the larger report counts. Edges to Services do not count.'
      : 'Both nodes of a packet report it under the same names. Per pod pair, only the larger report counts; of what has one name, only what ' +
        'exceeds the pairs of that name. Edges to Services do not count.',
    granularity: 'pod pair, workload and zone included',
    blindSpots: [
      'Pods on the host network: they appear as the node.',
      addresses
        ? 'Addresses without a name that kube-state-metrics does not know either are one external peer.'
        : `Addresses without a name: they appear as one external peer. ${id}.addresses tells them apart.`,
      'Packets that one node missed count as the other node reported them.',
    ],
  };
};

/** The flow metrics of every agent. */
const job = (id: 'obi' | 'beyla', { app, namespace, port }: EbpfSettings, config: EbpfConfig): ScrapeJob =>
  scrapeJob(config, id, {
    label: `app.kubernetes.io/name=${app}`,
    namespace,
    steps: [keepPort(port), instance, node],
  });

/** OpenTelemetry eBPF Instrumentation. */
export const obi = component({
  id: 'obi',
  settings: { obi: OBI },
  reads: READS,
  enabled: (config) => isChosen(config, 'obi'),
  exports: { 'obi_*': 'the OBI agents' },
  flowSources: {
    obi: { reads: ['obi.addresses', 'obi.app', 'obi.namespace'], adapter: (config) => sourceOf('obi', config.obi) },
  },
  hostPorts: ({ obi: { port } }) => [{ port, owner: 'obi.port', setting: 'obi.port' }],
  helmValues: (config) => [obiValues(config, sourceOf('obi', config.obi))],
  scrapeJobs: (config) => [job('obi', config.obi, config)],
});

/** Grafana Beyla, from which OpenTelemetry eBPF Instrumentation came. */
export const beyla = component({
  id: 'beyla',
  settings: { beyla: BEYLA },
  reads: READS,
  enabled: (config) => isChosen(config, 'beyla'),
  exports: { 'beyla_*': 'the Beyla agents' },
  flowSources: {
    beyla: {
      reads: ['beyla.addresses', 'beyla.app', 'beyla.namespace'],
      adapter: (config) => sourceOf('beyla', config.beyla),
    },
  },
  hostPorts: ({ beyla: { port } }) => [{ port, owner: 'beyla.port', setting: 'beyla.port' }],
  helmValues: (config) => [beylaValues(config, sourceOf('beyla', config.beyla))],
  scrapeJobs: (config) => [job('beyla', config.beyla, config)],
});
