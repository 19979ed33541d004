import type { SourceId } from '../../bench/sources/index.ts';
import type { Labels } from './allowances-input.ts';

/** Counters as the agents of a source export them; written down here once more, apart from the adapters. */
export interface Exported {
  readonly seen: readonly [metric: string, labels: Labels];
  /** Counters of losses, each with the type under which it must be recorded. */
  readonly lost: readonly (readonly [type: string, metric: string, labels: Labels])[];
  /** Series of these counters that are no loss of flows. */
  readonly others: readonly (readonly [metric: string, labels: Labels])[];
  /** Whether a series begins with the first loss. */
  readonly begins?: true;
  readonly given?: object;
}

/** It begins at 0, wherever it is exported. */
export const HUBBLE = 'hubble_lost_events_total';
export const RETINA = 'controlplane_networkobservability_lost_events_counter';
export const PARSED = 'controlplane_networkobservability_parsed_packets_counter';
export const FLOWS = 'hubble_flows_processed_total';
const DROPPED = 'netobserv_agent_dropped_flows_total';
const inHubble = (source: string) => [source, HUBBLE, { source }] as const;
const inRetina = (type: string, reason = 'packetparser') => [type, RETINA, { type, reason }] as const;
const RING = [HUBBLE, { source: 'hubble_ring_buffer' }] as const;
const OTHER_PLUGIN = [RETINA, { type: 'kernel', reason: 'dns' }] as const;

const ebpf = (id: string): Exported => ({
  seen: [`${id}_bpf_network_packets_total`, {}],
  lost: [['flow_map', `${id}_bpf_network_ignored_packets_total`, {}]],
  others: [],
});

export const EXPORTED: Readonly<Partial<Record<SourceId, Exported>>> = {
  'retina-hubble': {
    seen: [PARSED, {}],
    lost: [
      inRetina('kernel'),
      inRetina('buffered_channel'),
      inRetina('external_channel'),
      inHubble('observer_events_queue'),
    ],
    others: [RING, OTHER_PLUGIN],
    begins: true,
  },
  'retina-standard': {
    seen: [PARSED, {}],
    lost: [inRetina('kernel'), inRetina('buffered_channel'), inRetina('enricher_ring', 'metricModule')],
    others: [RING, OTHER_PLUGIN],
    begins: true,
  },
  'cilium-hubble': {
    seen: [FLOWS, { type: 'Trace', subtype: 'to-endpoint', source_pod: 'web' }],
    lost: [inHubble('perf_event_ring_buffer'), inHubble('observer_events_queue')],
    others: [RING],
    // The check reads all flows, so by default it runs every 4 minutes.
    given: { rules: { interval: '30s' } },
  },
  obi: ebpf('obi'),
  beyla: ebpf('beyla'),
  netobserv: {
    seen: ['netobserv_agent_evicted_flows_total', { source: 'hashmap' }],
    lost: [
      ['CannotCreateFlowsHashMap', DROPPED, { source: 'flow-fetcher', reason: 'CannotCreateFlowsHashMap' }],
      ['full', DROPPED, { source: 'limiter', reason: 'full' }],
    ],
    others: [
      [DROPPED, { source: 'flow-fetcher', reason: 'CannotUpdateDNSHashMap' }],
      ['netobserv_agent_evicted_flows_total', { source: 'accounter', reason: 'full' }],
    ],
    begins: true,
  },
};

export const SHARE = 'cluster_instance:flow_events_lost:ratio_rate5m';
export const RATE = 'cluster_instance:flow_events_lost:rate5m';
export const AGENT: Labels = { cluster: 'production', instance: 'node-a', node: 'node-a', job: 'one' };
export const OTHER: Labels = { ...AGENT, instance: 'node-b', node: 'node-b' };
export const MINUTES = 40;
export const AT = 35;
