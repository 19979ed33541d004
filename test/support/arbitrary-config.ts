import * as fc from 'fast-check';
import { EXPORTERS, type Catalogue } from '../../generators/index.ts';
import { escapeRegex } from '../../generators/promql/index.ts';
import type { FlowSource } from '../../generators/traffic/source.ts';
import { anyDuration, clusterLabel, durations, kubernetesName, line, port, some, url } from './arbitrary-values.ts';
import { catalogue } from './generate.ts';
import { ADAPTERS, TARGETS } from './registry.ts';

const number = fc.integer({ min: 0, max: 12 });

const version = (major: fc.Arbitrary<number>) => fc.tuple(major, number, number).map((parts) => `v${parts.join('.')}`);

const retina = {
  version: version(number),
  namespace: kubernetesName,
  dataAggregationLevel: fc.constantFrom('low', 'high'),
  hubblePort: port,
  eventQueueSize: fc.integer({ min: 1, max: 131_072 }),
  eventBufferCapacity: fc.constantFrom(1023, 8191, 65_535),
  resources: some({ cpu: fc.constantFrom('1', '0.5', '250m'), memory: fc.constantFrom('1Gi', '64Mi') }),
};

const namespaces = fc.uniqueArray(kubernetesName, { maxLength: 3 });

/** Retina in standard mode refuses releases that count wrongly, and two lists of namespaces at once. */
const retinaStandard = {
  ...retina,
  version: version(fc.integer({ min: 2, max: 12 })),
  namespaces: fc.oneof(some({ include: namespaces }), some({ exclude: namespaces })),
};

const agents = { namespace: kubernetesName, app: kubernetesName, port };

const device = fc.oneof(
  fc.constantFrom('eth.*|ens.*', 'eth0', '(eth|ens)[0-9]+', '"eth"', 'eth\\d', '[^v].*', '$'),
  line.map(escapeRegex),
);

type Known = Catalogue['alerts'][string];

/** Two thresholds, the second not below the first. */
const thresholds = (ratio: boolean): fc.Arbitrary<readonly [number, number]> => {
  const one = fc.double({ min: 0, max: ratio ? 1 : 1e6, noNaN: true });
  return fc.tuple(fc.oneof(one, fc.constant(0)), one).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
};

/** A change to one alert, within what the alert knows. */
function alertChange({ escalation, ratio }: Known) {
  const severity = fc.constantFrom('warning', 'info');
  const times = some({ for: anyDuration, keepFiringFor: anyDuration });
  const changed = fc
    .tuple(times, times, fc.option(thresholds(ratio)), severity, fc.boolean())
    .map(([first, second, limits, level, escalates]) => ({
      ...first,
      ...(limits === null ? {} : { threshold: limits[0] }),
      ...(escalates ? { severity: level } : {}),
      ...(escalation === undefined || !escalates
        ? {}
        : { escalation: { ...second, ...(limits === null ? {} : { threshold: limits[1] }) } }),
      ...(escalation !== undefined && !escalates ? { escalation: false } : {}),
    }));
  return fc.oneof(fc.constant(false), fc.constant({}), changed);
}

const panelChange = fc.oneof(
  fc.constant(false),
  some({ title: line, description: fc.string({ unit: 'grapheme', minLength: 1 }) }),
);

const dashboardChange = (panels: readonly string[], uid: string) =>
  fc.oneof(
    fc.constant(false),
    some({
      // A title of its own for each, as Grafana wants it.
      title: line.map((text) => `${uid}: ${text.trim()}.`),
      refresh: fc.integer({ min: 5, max: 7200 }).map((length) => `${length}s`),
      from: fc.constantFrom('now-1h', 'now-30d', 'now-2M'),
      panels: some(Object.fromEntries(panels.map((key) => [key, panelChange]))),
    }),
  );

const changes = <T>(of: Readonly<Record<string, T>>, change: (known: T, name: string) => fc.Arbitrary<unknown>) =>
  some(Object.fromEntries(Object.entries(of).map(([name, known]) => [name, change(known, name)])));

/** Entries with ranges, some inside of others; every range once. */
const addresses = fc.subarray([
  { node: String.raw`"a|\d{1}'.*`, cidrs: ['10.2.0.0/16', 'fd00:2::/64'] },
  { zone: 'zone-b', cidrs: ['10.2.64.0/18'] },
]);
const subnets = fc.subarray([
  { zone: 'zone-a', cidrs: ['10.2.0.0/17', '::/1'] },
  { zone: 'zone.c', cidrs: ['10.2.0.1/32'] },
]);
const external = fc.subarray([
  { name: 'orders-db', kind: 'database', zone: 'zone-a', cidrs: ['10.2.0.9/32', 'fd00:2::/96'] },
  { name: 'net', kind: 'internet', cidrs: ['0.0.0.0/0'] },
]);

const zones = some({
  subnets,
  from: fc.shuffledSubarray(['node-label', 'provider-id'], { minLength: 1 }),
  nodeLabel: fc.constantFrom('topology.kubernetes.io/zone', 'topology.k8s.aws/zone-id', 'example.com/Zone', 'zone'),
  valid: fc.constantFrom(null, '.+', String.raw`zone.*|("b\\|\d)(?i:c)`),
});

/** Rules with everything that must be escaped somewhere. */
const workloads = some({
  builtInRules: fc.boolean(),
  rules: fc.uniqueArray(
    fc.constantFrom(
      { kind: 'Pod|StaticPod', name: String.raw`(.+)\.[0-9]+`, workload: '$1' },
      { kind: '.*', name: `"it's" (a|b{1,2})`, workload: '${1}x', type: 'Other' },
      { kind: 'Job', name: '{{ $labels.x }}', workload: 'fixed' },
    ),
  ),
});

/** Matchers of one's own, with everything that must be escaped somewhere. */
const matchersOf = ({ ends }: FlowSource): string =>
  String.raw`{${ends.source.namespace ?? 'namespace'}="Trace", ${ends.source.pod ?? 'pod'}!~"a|\"b"}`;

/** One exporter of ENA counters, or several in any order. */
const exporters = fc.oneof(fc.constantFrom(...EXPORTERS), fc.shuffledSubarray([...EXPORTERS], { minLength: 1 }));

/** Sources with selections of theirs; traffic and allowances are not both left out, as nothing would be left. */
const sources = fc.oneof(
  ...[
    ...ADAPTERS.map((adapter) => ({
      flows: adapter.id,
      selections: ['default', ...Object.keys(adapter.selections), matchersOf(adapter)],
    })),
    { flows: ['retina-hubble', 'netobserv'], selections: ['default', { 'retina-hubble': 'client-side' }] },
  ].map(({ flows, selections }) =>
    fc.record({
      flows: fc.constant(flows),
      select: fc.constantFrom<unknown>(...selections),
      exporter: fc.oneof(exporters, fc.constant('none')),
    }),
  ),
  exporters.map((exporter) => ({ flows: 'none', select: 'default', exporter })),
);

const amount = fc.oneof(fc.constant(null), fc.constant(0), fc.double({ min: 0, max: 10, noNaN: true }));

const cloud = some({
  provider: fc.constantFrom('aws', 'gcp', 'azure', 'none'),
  region: line,
  bytesPerGB: fc.constantFrom(1_000_000_000, 1_073_741_824),
  price: some({
    egressPerGB: amount,
    ingressPerGB: amount,
    currency: fc.constantFrom(null, 'USD', 'KRW'),
    asOf: fc.constantFrom(null, '2026-11-01'),
  }),
});

/** Text that is no template. */
const fixed = line.filter((text) => !text.includes('{{'));

// Short intervals are refused for AMP by a quota, which is no business of these tests.
export const AMP = { workspaceId: 'ws-1', quotas: { interval: '1ms' } };

const SECTIONS = {
  cluster: some({ label: fc.oneof(clusterLabel, fc.constant(null)), name: line, cidrs: fc.subarray(['10.2.0.0/15']) }),
  zones,
  workloads,
  nodes: some({ addresses }),
  external: fc.option(external, { nil: undefined }),
  durations: fc.option(durations, { nil: undefined }),
  rules: some({
    labels: fc.dictionary(fc.stringMatching(/^team[a-z0-9_]{0,8}$/), fixed, { maxKeys: 3 }),
    runbookBaseUrl: url,
    compatibilityRecords: fc.boolean(),
  }),
  sources,
  cloud,
  dns: some({
    enabled: fc.boolean(),
    resolvers: fc.constantFrom('10[.]0[.]0[.]2:53', String.raw`"a|b\d{1}'`, '.*'),
    clients: fc.boolean(),
    names: fc.boolean(),
  }),
  granularity: fc.constantFrom('zone', 'workload', 'pod'),
  masquerade: fc.constantFrom(true, false, 'auto'),
  ethtool: some({ device, app: kubernetesName, port }),
  retina: fc.record({ hubble: some(retina), standard: some(retinaStandard) }),
  cilium: some({ namespace: kubernetesName, hubblePort: port }),
  obi: some(agents),
  beyla: some(agents),
  netobserv: some({ ...agents, sampling: fc.constantFrom(1, 50) }),
  kubezonnet: some(agents),
  grafana: some({ url }),
  alerts: changes(catalogue.alerts, alertChange),
  dashboards: changes(catalogue.dashboards, dashboardChange),
  amp: fc.constant(AMP),
  targets: fc
    .shuffledSubarray([...TARGETS], { minLength: 1 })
    .map((targets) => (targets.includes('amp') ? targets.filter((id) => id !== 'prometheus-operator') : targets)),
  keep: fc.uniqueArray(fc.constantFrom('dashboards/a.json', 'rules/mine/'), { maxLength: 2 }),
};

/** The sections of components and outputs that `validConfig` fills. */
export const VALID_SECTIONS = Object.keys(SECTIONS);

/** Any valid configuration, as a program gives it, from the ranges of the schema. */
export const validConfig: fc.Arbitrary<object> = fc
  .record(SECTIONS)
  .map(
    ({
      durations: fitting,
      sources: { flows, select, exporter },
      granularity,
      masquerade,
      external: outside,
      rules,
      ethtool,
      retina: modes,
      ...rest
    }) => ({
      ...rest,
      retina: [flows].flat().includes('retina-standard') ? modes.standard : modes.hubble,
      ...(fitting === undefined ? {} : { scrape: { interval: fitting.scrape } }),
      rules: {
        ...rules,
        ...(fitting === undefined
          ? {}
          : { interval: fitting.interval, window: fitting.window, infoLookback: fitting.infoLookback }),
      },
      flows: {
        source: flows,
        select,
        granularity,
        masquerade,
        ...(outside === undefined ? {} : { external: outside }),
      },
      ethtool: { ...ethtool, exporter },
    }),
  );
