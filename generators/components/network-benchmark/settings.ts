import { CPU, DNS_LABEL, MEMORY } from '../../schema/formats.ts';
import { choice, count, flag, inUnit, list, section, value } from '../../schema/settings.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { PACKAGING } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/** An image with a tag, and with a digest if it is known. */
const IMAGE = {
  type: 'string',
  pattern:
    '^(?!.*:latest(@|$))[a-z0-9][-a-z0-9._/]*(:[0-9]+/[-a-z0-9._/]+)?(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$',
  expected: 'an image with a tag other than latest, or a digest',
} as const;

/**
 * The image that `cilium connectivity perf` uses: iperf3 3.20 and netperf 2.7, with bash. Upstream: cilium/cilium, cilium-cli/defaults/defaults.go
 * (ConnectivityPerformanceImage, tag and digest); cilium/image-tools, images/network-perf/Dockerfile (what is in it).
 */
const PINNED =
  'quay.io/cilium/network-perf:3.20-1772622563-6fd6a90@sha256:3bb01019a14a17d07b29bbc39cdd57da7c4115f5d1a626164f4b1f296f6a9001';

/** Where the server is, as seen from the client. */
export const PATHS = ['same-node', 'same-zone', 'cross-zone'] as const;

/** Throughput and latency between pods. */
export const NETWORK_BENCHMARK = section(
  'Throughput, retransmits, loss and latency between pods on one node, in one zone and across zones, to compare before and after a change.',
  {
    enabled: flag(
      false,
      'Whether to write the manifest. Where traffic between zones costs money, so does the benchmark: its header says how much.',
    ),
    namespace: value(
      DNS_LABEL,
      'network-benchmark',
      'Namespace of its own, which the manifest creates: deleting it ends the benchmark.',
    ),
    paths: list(
      { enum: PATHS },
      PATHS,
      'Where servers are, as seen from the client: on its node, on another node of its zone, in another zone.',
      { minItems: 1 },
    ),
    through: choice(
      ['pod', 'service'],
      'pod',
      "pod: the client calls the server pod's own address (a headless Service); service: the address of a Service, so its load balancing counts too.",
    ),
    seconds: inUnit('seconds', count(10, 'Duration of each of the six tests.', { minimum: 2, maximum: 300 })),
    megabitsPerSecond: inUnit(
      'Mbit/s',
      count(
        10_000,
        'Most that a TCP test sends in each direction. More than the network carries measures the network; less bounds what is sent, and so its cost.',
        { minimum: 1, maximum: 400_000 },
      ),
    ),
    udpMegabitsPerSecond: inUnit(
      'Mbit/s',
      count(1000, 'What the UDP test sends. Loss and jitter mean something below what the network carries only.', {
        minimum: 1,
        maximum: 400_000,
      }),
    ),
    streams: inUnit('connections', count(4, 'Connections of the parallel test.', { minimum: 2, maximum: 128 })),
    image: value(IMAGE, PINNED, 'Pinned image with bash, netperf and iperf3 3.12 or newer.'),
    cpu: value(CPU, '4', 'CPU limit of each pod. A limit that is reached is what the benchmark then measures.'),
    memory: value(MEMORY, '512Mi', 'Memory request and limit of each pod.'),
  },
);

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { networkBenchmark: NETWORK_BENCHMARK };
export const READS = { cloud: CLOUD, packaging: PACKAGING };
export type NetworkBenchmarkConfig = Slice<typeof SETTINGS & typeof READS>;
