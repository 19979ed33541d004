import * as fc from 'fast-check';
import { CHOICES } from '../../generators/components/cilium/profiles.ts';
import { CILIUM } from '../../generators/components/cilium/settings.ts';
import { ONE_LOADER } from './registry.ts';
import { COMPONENTS, OUTPUTS } from '../../generators/index.ts';
import { AMP, VALID_SECTIONS, validConfig } from './arbitrary-config.ts';
import { kubernetesName, line, port, some } from './arbitrary-values.ts';
import { problemsOf } from './problems.ts';

/** A schema of the configuration, as far as values are made from it. */
interface Schema {
  readonly enum?: readonly unknown[];
  readonly type?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const enabled = fc.constantFrom(true, true, false);

const labels = fc.dictionary(kubernetesName, fc.stringMatching(/^[A-Za-z0-9]{1,20}$/), { minKeys: 1, maxKeys: 3 });

/** The values of an enumeration of the schema, so that a new one is tried without a change here. */
const anyOf = (schema: { readonly enum: readonly unknown[] }) => fc.constantFrom(...schema.enum);

const cilium = CILIUM.properties;

const choices = Object.fromEntries(
  CHOICES.map((key) => {
    const schema: object = cilium[key];
    if ('enum' in schema) return [key, fc.constantFrom(...(schema.enum as readonly unknown[]))];
    return [
      key,
      key === 'mapDynamicSizeRatio' ? fc.constantFrom(null, 0.005, 0.1) : fc.constantFrom(null, true, false),
    ];
  }),
);

/** A whole installation: what a profile takes at least, and settings that are changed one by one where they fit. */
const ciliumInFull = fc.constantFrom(
  { values: 'full', profile: 'conservative' },
  { values: 'full', profile: 'large-cluster' },
  {
    values: 'full',
    profile: 'low-latency',
    kernel: '6.12',
    apiServer: { host: 'auto' },
    nativeRoutingCIDR: '10.0.0.0/8',
  },
);

const ciliumChanges = some({
  version: fc.constantFrom('1.16.0', '1.17.4', '1.18.1', '1.19.5'),
  kernel: fc.constantFrom('5.10', '6.1', '6.8'),
  nodes: fc.integer({ min: 1, max: 5000 }),
  apiServer: fc.constant({ host: 'api.example.com', port: 443 }),
  nativeRoutingCIDR: fc.constant('172.16.0.0/12'),
  ...choices,
  ipam: anyOf(cilium.ipam),
  ipv6: fc.boolean(),
  encryption: anyOf(cilium.encryption),
  egressGateway: fc.boolean(),
  autoDirectNodeRoutes: fc.boolean(),
  skipUnreachableRoutes: fc.boolean(),
  endpointRoutes: fc.boolean(),
  healthChecking: fc.boolean(),
  nativeRoutingCIDRv6: fc.constant('fd00::/8'),
});

const service = fc.record({ namespace: kubernetesName, name: kubernetesName });

/** Parts of an installation by section and path; each is taken where it fits what is there already. */
const SECTIONS = {
  kubernetes: fc.constantFrom('1.27', '1.30', '1.31', '1.33', '1.34', '1.35').map((version) => ({ version })),
  monitors: some({ enabled, namespace: kubernetesName, labels }),
  routing: fc.record({
    services: fc.array(service, { maxLength: 2 }),
    workloads: fc.array(
      fc
        .tuple(service, fc.constantFrom('Deployment', 'StatefulSet'), labels)
        .map(([named, kind, selected]) => ({ ...named, kind, labels: selected })),
      { maxLength: 2 },
    ),
  }),
  trafficCheck: fc.record({
    enabled,
    zones: fc.uniqueArray(kubernetesName, { minLength: 2, maxLength: 3 }),
    through: fc.constantFrom('service', 'pod'),
  }),
  nodeLocalDns: some({ scrape: enabled, namespace: kubernetesName, app: kubernetesName }),
  descheduler: some({
    enabled,
    kind: fc.constantFrom('Deployment', 'CronJob'),
    replicas: fc.integer({ min: 1, max: 3 }),
    dryRun: fc.boolean(),
    version: fc.constantFrom('0.30.0', '0.33.0', '0.36.0'),
    namespaces: some({ exclude: fc.uniqueArray(kubernetesName, { maxLength: 2 }) }),
  }),
  kubeStateMetrics: some({
    standalone: enabled,
    replicas: fc.constantFrom(1, 2),
    scrape: fc.constantFrom('monitor', 'job'),
  }),
  nodeExporter: some({
    port,
    collectors: fc.constantFrom('ethtool', 'all'),
    scrape: fc.constantFrom('monitor', 'job'),
  }),
  cilium: ciliumInFull,
  adot: fc.record({
    enabled,
    region: fc.constant('eu-west-1'),
    endpoint: fc.constant('https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write'),
  }),
  prometheusOperator: some({ namespace: kubernetesName, labels }),
  packaging: some({ apply: fc.constantFrom('server-side', 'client-side') }),
  grafana: fc.record({
    sidecar: some({ namespace: kubernetesName, folder: fc.oneof(line, fc.constant(null)) }),
    operator: some({ namespace: kubernetesName, folderUID: fc.constantFrom(null, 'net') }),
    version: fc.constantFrom(12, 13),
  }),
} as const;

/** A value that a schema takes: any of a few, or its default; undefined where it has neither. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> | undefined {
  const { enum: known, type, minimum, maximum, properties } = schema;
  if (properties !== undefined) return sectionOf(properties);
  if (known !== undefined) return fc.constantFrom(...known);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' && minimum !== undefined && maximum !== undefined) {
    return fc.integer({ min: minimum, max: maximum });
  }
  return 'default' in schema ? fc.constant(schema.default) : undefined;
}

const sectionOf = (properties: Readonly<Record<string, Schema>>) =>
  some(
    Object.fromEntries(
      Object.entries(properties).flatMap(([key, schema]) => {
        const value = valueOf(schema);
        return value === undefined ? [] : [[key, value] as const];
      }),
    ),
  );

/** Sections of parts that neither `SECTIONS` nor `validConfig` has, such as `kubeBurner`, from their schemas. */
const OTHERS = Object.fromEntries(
  [...COMPONENTS, ...OUTPUTS].flatMap(({ settings }) =>
    Object.entries(settings as Readonly<Record<string, Schema>>)
      .filter(([key]) => !(key in SECTIONS) && !VALID_SECTIONS.includes(key))
      .map(([key, { properties = {} }]) => [key, sectionOf(properties)] as const),
  ),
);

const ALL = { ...SECTIONS, ...OTHERS };

/** The sections that `deployedConfig` adds. */
export const ADDED = Object.keys(ALL);

type Given = Readonly<Record<string, unknown>>;

/** A configuration with more in one section, or as it was where the checks refuse that. */
function withMore(given: Given, key: string, more: object): Given {
  const before = given[key];
  const all = { ...given, [key]: typeof before === 'object' ? { ...before, ...more } : more };
  return problemsOf(all).length === 0 ? all : given;
}

/**
 * Any valid configuration in every packaging, with whatever of an installation the checks take beside it: what they take must
 * build, and pass the validation that each build runs.
 */
export const deployedConfig: fc.Arbitrary<Given> = fc
  .tuple(validConfig, fc.record(ALL), ciliumChanges)
  .map(([valid, sections, changes]) => {
    const start: Given = { ...valid, amp: AMP, targets: ONE_LOADER };
    const given = Object.entries(sections).reduce((all, [key, section]) => withMore(all, key, section), start);
    return Object.entries(changes).reduce((all, [key, value]) => withMore(all, 'cilium', { [key]: value }), given);
  });
