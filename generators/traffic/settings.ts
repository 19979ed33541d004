import { list, oneOrMore, section, value, when } from '../schema/settings.ts';
import { GRANULARITY } from '../shared/settings.ts';
import { addressRanges, CIDRS, NAME, REGION, ZONE } from '../settings/ranges.ts';
import { type Names, typed } from '../settings/section.ts';

/** Addresses of nodes and of their pods. */
export const NODES = section('Addresses of nodes and of their pods.', {
  addresses: {
    ...addressRanges(
      {
        type: 'object',
        additionalProperties: false,
        required: ['cidrs'],
        expected: 'a mapping with cidrs and either node or zone',
        properties: {
          node: {
            type: 'string',
            minLength: 1,
            maxLength: 100,
            description:
              'Regular expression (RE2) for the names of nodes, all of them in one zone, which is that of the ranges.',
          },
          zone: ZONE,
          cidrs: CIDRS,
        },
      },
      "Ranges of pods and nodes where the CNI does not use the pod CIDR of nodes (Cilium's cluster-pool, Calico's IPAM, the VPC CNI): the zone of " +
        'addresses in them without a known pod, node or Service. The longest prefix wins.',
    ),
    maxItems: 64,
  },
});

/** The section `flows`. Its schema uses `if`, from which no type can be inferred. */
export interface Flows {
  readonly source: string | readonly string[];
  readonly select: string | Readonly<Record<string, string>>;
  readonly units: readonly ('flows' | 'packets' | 'bytes')[];
  readonly granularity: 'zone' | 'workload' | 'pod';
  readonly masquerade: boolean | 'auto';
  readonly external: readonly External[];
}

/** Flow sources whose agents see masqueraded packets twice: at the interface of the pod, and as the node's own at its network card. */
const MASQUERADE_SOURCES = ['obi', 'beyla'] as const;

/** What an external workload is; `internet` is in no zone, and `storage` need not be in one. */
const KINDS = ['database', 'cache', 'broker', 'storage', 'internet', 'other'] as const;

/**
 * How an end beyond the cluster is reached. `nat`: through a NAT gateway, which bills each gigabyte whichever way it goes. `endpoint`: through a gateway
 * endpoint of the VPC, which is free and leads to the region's own storage only. `direct`: neither.
 * Upstream: Amazon VPC pricing (NAT gateway: "each gigabyte processed, regardless of the traffic's source or destination"); Amazon VPC, AWS PrivateLink
 * guide, gateway endpoints ("no additional charge").
 */
const THROUGH = ['nat', 'endpoint', 'direct'] as const;

/** A workload outside of the cluster. */
export interface External {
  readonly name: string;
  readonly cidrs: readonly string[];
  readonly kind: (typeof KINDS)[number];
  readonly zone?: string;
  readonly region?: string;
  /** Missing where nobody has said it: then no NAT gateway is charged. */
  readonly through?: (typeof THROUGH)[number];
}

const SELECTION = {
  type: 'string',
  minLength: 1,
  description: 'Name of a selection, or PromQL matchers such as traffic_direction="ingress",type="Trace".',
} as const;

/** Settings of the flow sources. */
export const FLOWS = typed<Flows>()(({ flowSources }: Names) =>
  section('Sources of traffic between workloads.', {
    source: oneOrMore(
      flowSources,
      'retina-hubble',
      'Flow source, or a list of flow sources that count in different units. none: no rules and dashboards for traffic.',
    ),
    select: value(
      {
        if: { type: 'object' },
        then: {
          type: 'object',
          properties: Object.fromEntries(flowSources.map((source) => [source, SELECTION])),
          additionalProperties: false,
        },
        else: SELECTION,
      },
      'default',
      'Which observation of a packet is counted, if the source reports several: default, the name of a selection (see azimuth list --sources), ' +
        'or PromQL matchers. With several sources, a mapping by source.',
    ),
    units: list(
      { enum: ['flows', 'packets', 'bytes'] },
      ['flows', 'packets', 'bytes'],
      'Units to record, if a source counts them.',
      { minItems: 1 },
    ),
    granularity: GRANULARITY,
    masquerade: when(
      { 'flows.source': MASQUERADE_SOURCES },
      value(
        { enum: [true, false, 'auto'] },
        'auto',
        'Whether nodes give what their pods send to the outside their own address. The agent then reports it as traffic of the pod and of the node; ' +
          'true takes it off the node. auto does so where the pods behind an agent have no more traffic with the outside than its node. false counts both.',
      ),
    ),
    external: addressRanges(
      {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'kind', 'cidrs'],
        expected: 'a mapping with name, kind and cidrs',
        properties: {
          name: { ...NAME, description: 'Name of the workload. Several entries may have one name, in several zones.' },
          kind: {
            enum: KINDS,
            description:
              'What it is. internet is in no zone, even at a private address; storage without a zone is in the region, but stands apart, as it is free by an endpoint and paid through a NAT gateway.',
          },
          cidrs: CIDRS,
          zone: { ...ZONE, description: 'Zone, as nodes have it; else that of zones.subnets.' },
          region: REGION,
          through: {
            enum: THROUGH,
            description:
              'How it is reached from the cluster. nat: through a NAT gateway, whose price (cloud.price.natPerGB) counts in both directions. endpoint: ' +
              'through a gateway endpoint of the VPC, which is free. direct: neither. Flows do not show it: without it, no NAT gateway is charged. It holds for all entries of the name.',
          },
        },
      },
      'Workloads outside of the cluster by their addresses: databases, brokers and the like. They are recorded as workloads of the type External ' +
        'in the namespace _external_. The longest prefix wins. Other public addresses are the workload external.',
    ),
  }),
);
