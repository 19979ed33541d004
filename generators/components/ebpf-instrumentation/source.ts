import { matches } from '../../promql/index.ts';
import type { EndLabels, FlowSource } from '../../traffic/index.ts';

const end = (side: 'src' | 'dst'): EndLabels => ({
  namespace: `k8s_${side}_namespace`,
  pod: `k8s_${side}_name`,
  kind: `k8s_${side}_type`,
  workload_type: `k8s_${side}_owner_type`,
  workload: `k8s_${side}_owner_name`,
  zone: `${side}_zone`,
});

/**
 * OpenTelemetry eBPF Instrumentation, and Grafana Beyla, from which it came: one adapter, two prefixes.
 * Upstream: opentelemetry-ebpf-instrumentation, pkg/export/prom and pkg/export/attributes (attribute names), network metrics.
 */
const ebpfInstrumentation = (id: 'obi' | 'beyla') =>
  ({
    id,
    selections: {
      // A call by a Service appears as an edge to the Service and as one to the pod behind it: the former does not count.
      pods: {
        metrics: {
          network_bytes: `${id}_network_flow_bytes_total`,
          network_packets: `${id}_network_flow_packets_total`,
        },
        matchers: { k8s_src_type: matches('Pod|Node|'), k8s_dst_type: matches('Pod|Node|') },
      },
    },
    ends: { source: end('src'), destination: end('dst') },
    reporter: `${id}_ip`,
    deduplication:
      'Both nodes of a packet report it under the same names; of the reports for one pair of pods the larger counts, and edges to Services do not.',
    granularity: 'pod pair, workload and zone included',
    blindSpots: [
      'Pods on the network of their host: they are the node.',
      'Addresses without a name: without the opt-in attributes of addresses they are one external peer.',
      'Packets that one of the two nodes missed count as the other node saw them.',
    ],
  }) as const satisfies FlowSource;

/** The adapters of both programs, by their ids. */
export const adapters = { obi: ebpfInstrumentation('obi'), beyla: ebpfInstrumentation('beyla') };
