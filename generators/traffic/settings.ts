import { LINE, matching } from '../schema/formats.ts';
import { choice, flag, inUnit, list, orNull, section, value, when } from '../schema/settings.ts';
import { ADDRESS_SOURCES, CIDRS, NAME, REGION, ZONE } from '../settings/ranges.ts';
import { type Names, typed } from '../settings/section.ts';

/** A list of entries with ranges of addresses. */
const ranges = <const I extends object>(entry: I, description: string) =>
  when({ 'flows.source': ADDRESS_SOURCES }, { type: 'array', items: entry, default: [], description } as const);

/** Zones of nodes and subnets. */
export const ZONES = section('Zones of nodes and subnets.', {
  from: list(
    { enum: ['node-label', 'provider-id'] },
    ['node-label', 'provider-id'],
    'Where the zone of a node is read from, in order of preference. If none has it, the zone is "unknown".',
    { minItems: 1 },
  ),
  nodeLabel: when(
    { 'zones.from': ['node-label'] },
    value(
      { ...LINE, minLength: 1 },
      'topology.kubernetes.io/zone',
      'Node label that holds the zone. topology.k8s.aws/zone-id gives IDs, by which zones of several AWS accounts can be compared.',
    ),
  ),
  valid: value(
    orNull(LINE),
    null,
    'Regular expression (RE2) that the whole zone must match, wherever it comes from; other values are "unknown", for the reason invalid_zone. ' +
      'null: every value counts; with cloud.provider azure, every value but a number, which is a fault domain.',
  ),
  subnets: ranges(
    {
      type: 'object',
      additionalProperties: false,
      required: ['cidrs'],
      expected: 'a mapping with cidrs and zone or region',
      properties: { cidrs: CIDRS, zone: ZONE, region: REGION },
    },
    'Zones of subnets, for addresses that are no pod, node or Service. The longest prefix wins.',
  ),
});

/** Addresses of nodes and of their pods. */
export const NODES = section('Addresses of nodes and of their pods.', {
  addresses: {
    ...ranges(
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

const PRICE = {
  unit: 'cloud.price.currency per gigabyte',
  type: ['number', 'null'],
  minimum: 0,
  expected: 'a number of at least 0, or null',
} as const;

const OWN_PRICE = section('Your own price, which overrides the built-in price book. null: the price of the book.', {
  egressPerGB: value(PRICE, null, 'Price per gigabyte that leaves a zone for another zone.'),
  ingressPerGB: value(PRICE, null, 'Price per gigabyte that enters a zone from another zone.'),
  currency: value(orNull(matching('^[A-Z]{3}$', 'a currency code such as USD')), null, 'Currency of the price.'),
  asOf: value(
    orNull(matching('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 'a date in quotes such as "2026-11-01"')),
    null,
    'Date on which you checked the price.',
  ),
});

/** The cloud provider, and its price for traffic between zones. */
export const CLOUD = when(
  'records of cost',
  section('The cloud provider, and its price for traffic between zones.', {
    provider: choice(
      ['aws', 'gcp', 'azure', 'none'],
      'aws',
      'Cloud provider whose prices apply. none: traffic between zones is free. azure also changes what zones.valid is by default.',
    ),
    region: {
      ...value(
        LINE,
        '',
        'Region, with which the regions of ranges are compared; also the default of adot.region. The price book has one price for all regions.',
      ),
      note: true,
    },
    bytesPerGB: inUnit(
      'bytes',
      choice([1_000_000_000, 1_073_741_824], 1_000_000_000, 'Bytes in a billed gigabyte: 10^9, or 2^30 (7 % more).'),
    ),
    price: OWN_PRICE,
  }),
);

const RULE_REGEX = {
  ...LINE,
  minLength: 1,
  maxLength: 200,
  expected: 'a regular expression (RE2) of up to 200 characters on one line',
} as const;

const RULE = {
  type: 'object',
  properties: {
    kind: {
      ...RULE_REGEX,
      description: 'Kind of the controller: the whole kind must match. Pod: a pod without a controller.',
    },
    name: { ...RULE_REGEX, description: 'Name of the controller: the whole name must match.' },
    workload: {
      type: 'string',
      maxLength: 200,
      pattern: String.raw`^([-A-Za-z0-9._:]|\$[1-9][0-9]?|\$\{[1-9][0-9]?\})+$`,
      expected: 'a name of up to 200 letters, digits, dashes and dots, in which $1 stands for the first group of name',
      description: 'Name of the workload. $1 is the first group of name.',
    },
    type: {
      ...matching('^[A-Z][A-Za-z0-9]{0,62}$', 'a kind such as Deployment'),
      description: 'Type of the workload. Without it, the kind of the controller.',
    },
  },
  required: ['kind', 'name', 'workload'],
  additionalProperties: false,
} as const;

/** Names of workloads. */
export const WORKLOADS = section('Names of workloads.', {
  rules: {
    ...list(
      RULE,
      [],
      'Rules that name a workload after its controller, for controllers whose owner kube-state-metrics does not export. They apply to what ' +
        'the ReplicaSet or Job of a pod belongs to; the first that matches wins.',
    ),
    maxItems: 50,
  },
  builtInRules: flag(
    true,
    'Whether rules for EphemeralRunner, Argo Workflows, Knative, Spark and GitLab Runner follow those of workloads.rules.',
  ),
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

/** What an external workload is; `internet` is in no zone. */
const KINDS = ['database', 'cache', 'broker', 'storage', 'internet', 'other'] as const;

/** A workload outside of the cluster. */
export interface External {
  readonly name: string;
  readonly cidrs: readonly string[];
  readonly kind: (typeof KINDS)[number];
  readonly zone?: string;
  readonly region?: string;
}

const SELECTION = {
  type: 'string',
  minLength: 1,
  description: 'Name of a selection, or PromQL matchers such as traffic_direction="ingress",type="Trace".',
} as const;

/** Settings of the flow sources. */
export const FLOWS = typed<Flows>()(({ flowSources }: Names) =>
  section('Sources of traffic between workloads.', {
    source: value(
      {
        if: { type: 'array' },
        then: { type: 'array', items: { enum: flowSources }, minItems: 1, uniqueItems: true },
        else: { enum: [...flowSources, 'none'] },
      },
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
    granularity: choice(
      ['zone', 'workload', 'pod'],
      'workload',
      'Finest granularity of recorded pairs. pod adds one series for each pair of pods that exchange traffic.',
    ),
    masquerade: when(
      { 'flows.source': MASQUERADE_SOURCES },
      value(
        { enum: [true, false, 'auto'] },
        'auto',
        'Whether nodes give what their pods send to the outside their own address. The agent then reports it as traffic of the pod and of the node; ' +
          'true takes it off the node. auto does so where the pods behind an agent have no more traffic with the outside than its node. false counts both.',
      ),
    ),
    external: ranges(
      {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'kind', 'cidrs'],
        expected: 'a mapping with name, kind and cidrs',
        properties: {
          name: { ...NAME, description: 'Name of the workload. Several entries may have one name, in several zones.' },
          kind: { enum: KINDS, description: 'What it is. internet is in no zone.' },
          cidrs: CIDRS,
          zone: { ...ZONE, description: 'Zone, as nodes have it; else that of zones.subnets.' },
          region: REGION,
        },
      },
      'Workloads outside of the cluster by their addresses: databases, brokers and the like. They are recorded as workloads of the type External ' +
        'in the namespace _external_. The longest prefix wins.',
    ),
  }),
);
