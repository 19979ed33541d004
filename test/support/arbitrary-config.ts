import * as fc from 'fast-check';
import { LINE, URL_FORM } from '../../generators/config/forms.ts';
import type { Catalogue } from '../../generators/index.ts';
import { escapeRegex } from '../../generators/promql/index.ts';
import { catalogue } from './generate.ts';

/** An object with any of these keys; the others are absent, not undefined. */
const some = <T extends object>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });

const AWKWARD = [
  '"',
  "it's",
  'a\\b',
  'a: b',
  '# a',
  '- a',
  '{a}',
  '[a]',
  '&a',
  '*a',
  '%a',
  '!a',
  'yes',
  '007',
  '~',
  ' a ',
  'é😀',
];

/** Text on one line, as a setting may hold it. */
export const line: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((text) => new RegExp(LINE.pattern, 'u').test(text)),
);

/** A base URL, or a path. */
const url = fc.oneof(
  fc.webUrl(),
  line.filter((text) => new RegExp(URL_FORM.pattern, 'u').test(text)),
);

/** Seconds as a duration, in one of several spellings. */
const spelled = (seconds: number): fc.Arbitrary<string> =>
  fc.constantFrom(
    `${seconds}s`,
    `${seconds * 1000}ms`,
    seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m${seconds % 60}s`,
  );

const anyDuration = fc.integer({ min: 0, max: 7200 }).chain(spelled);

/** Intervals, window and lookback that fit each other. */
const durations = fc
  .record({
    scrape: fc.integer({ min: 1, max: 120 }),
    interval: fc.integer({ min: 1, max: 300 }),
    more: fc.integer({ min: 0, max: 900 }),
    longer: fc.integer({ min: 0, max: 900 }),
  })
  .chain(({ scrape, interval, more, longer }) => {
    const window = Math.max(4 * scrape, scrape + interval) + more;
    return fc.record({
      scrape: spelled(scrape),
      interval: spelled(interval),
      window: spelled(window),
      infoLookback: spelled(window + longer),
    });
  });

const port = fc.integer({ min: 1, max: 65_535 });
const kubernetesName = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
const number = fc.integer({ min: 0, max: 12 });

/** A label of the cluster that is none of ours, or that PromQL knows as a word. */
export const clusterLabel: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'cluster',
    'k8s_cluster',
    'Cluster',
    'X',
    '_',
    'on',
    'by',
    'and',
    'bool',
    'offset',
    'sum',
    'start',
    'group_left',
  ),
  fc.stringMatching(/^k8s[a-zA-Z0-9_]{0,20}$/),
);

const retina = some({
  version: fc.tuple(number, number, number).map((parts) => `v${parts.join('.')}`),
  namespace: kubernetesName,
  dataAggregationLevel: fc.constantFrom('low', 'high'),
  hubblePort: port,
  eventQueueSize: fc.integer({ min: 1, max: 131_072 }),
  eventBufferCapacity: fc.constantFrom(1023, 8191, 65_535),
  resources: some({ cpu: fc.constantFrom('1', '0.5', '250m'), memory: fc.constantFrom('1Gi', '64Mi') }),
});

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

const dashboardChange = (panels: readonly string[]) =>
  fc.oneof(
    fc.constant(false),
    some({
      title: line,
      refresh: anyDuration,
      from: fc.constantFrom('now-1h', 'now-30d', 'now-2M'),
      panels: some(Object.fromEntries(panels.map((key) => [key, panelChange]))),
    }),
  );

const changes = <T>(of: Readonly<Record<string, T>>, change: (known: T) => fc.Arbitrary<unknown>) =>
  some(Object.fromEntries(Object.entries(of).map(([name, known]) => [name, change(known)])));

const zones = some({
  from: fc.shuffledSubarray(['node-label', 'provider-id'], { minLength: 1 }),
  nodeLabel: fc.constantFrom('topology.kubernetes.io/zone', 'example.com/Zone', 'zone'),
});

/** Traffic and allowances are not both left out, as nothing would be left. */
const sources = fc.constantFrom(
  { flows: 'retina-hubble', exporter: 'showmax' },
  { flows: 'none', exporter: 'showmax' },
  { flows: 'retina-hubble', exporter: 'none' },
);

const TARGETS = ['prometheus', 'kube-prometheus-stack', 'helm-values', 'grafana'];

/** Any valid configuration, as a program gives it, from the ranges of the schema. */
export const validConfig: fc.Arbitrary<object> = fc
  .record({
    cluster: some({ label: fc.oneof(clusterLabel, fc.constant(null)), name: line }),
    zones,
    durations: fc.option(durations, { nil: undefined }),
    rules: some({
      labels: fc.dictionary(fc.stringMatching(/^team[a-z0-9_]{0,8}$/), line, { maxKeys: 3 }),
      runbookBaseUrl: url,
      articleRecords: fc.boolean(),
    }),
    sources,
    select: fc.constantFrom('server-side', 'client-side', 'articles'),
    ethtool: some({ device, app: kubernetesName, port }),
    retina,
    grafana: some({ url }),
    alerts: changes(catalogue.alerts, alertChange),
    dashboards: changes(catalogue.dashboards, dashboardChange),
    targets: fc.shuffledSubarray(TARGETS, { minLength: 1 }),
    keep: fc.uniqueArray(fc.constantFrom('dashboards/a.json', 'rules/mine/'), { maxLength: 2 }),
  })
  .map(({ durations: fitting, sources: { flows, exporter }, select, rules, ethtool, ...rest }) => ({
    ...rest,
    ...(fitting === undefined ? {} : { scrape: { interval: fitting.scrape } }),
    rules: {
      ...rules,
      ...(fitting === undefined
        ? {}
        : { interval: fitting.interval, window: fitting.window, infoLookback: fitting.infoLookback }),
    },
    flows: { source: flows, select },
    ethtool: { ...ethtool, exporter },
  }));
