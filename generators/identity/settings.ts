import { LINE, matching } from '../schema/formats.ts';
import { flag, list, orNull, section, value, when } from '../schema/settings.ts';
import { addressRanges, CIDRS, REGION, ZONE } from '../settings/ranges.ts';

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
  subnets: addressRanges(
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

/** Workloads: what they use, and their names. */
export const WORKLOADS = section('Workloads: what they use, and their names.', {
  resources: flag(
    true,
    "Whether to record what workloads use and request, from the kubelets' cAdvisor and kube-state-metrics: CPU, memory, network, throttling and restarts.",
  ),
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
