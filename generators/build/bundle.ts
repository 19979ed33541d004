import type { Context } from '../components/contract.ts';
import type { Built, StateMetrics } from '../domain.ts';
import type { Bundle, SourceNote } from '../model/bundle.ts';
import { type Extra, NO_EXTRA } from '../model/extra.ts';
import type { Dashboard, PlacedPanel } from '../model/dashboard.ts';
import type { Skipped } from '../model/report.ts';
import { recordsIn } from '../promql/reads.ts';
import { COMPONENTS, type Config, DOMAINS } from '../registry.ts';
import type { DashboardOverride } from '../settings/overrides.ts';
import { type FlowSource, inputsOf, selectionName } from '../traffic/index.ts';
import { outputsOf } from './drafts.ts';
import { allFlowSources, readingsOf } from './readings.ts';

/** Builds a value on first use. */
export function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined;
  return () => (built ??= { value: build() }).value;
}

const OFF = 'switched off in the configuration';

type BoundDomain = ReturnType<(typeof DOMAINS)[number]['bind']>;

function dashboardOf(
  config: Config,
  uid: string,
  domain: BoundDomain,
  isBuilt: (uid: string) => boolean,
): Built<Dashboard> {
  const change = config.dashboards[uid] ?? {};
  const skipped = (reason: string): Built<Dashboard> => ({
    built: [],
    skipped: [{ kind: 'dashboard', dashboard: uid, reason }],
  });
  if (change === false) return skipped(OFF);
  const dashboard = domain.dashboard(uid, isBuilt);
  if (dashboard === undefined) return { built: [], skipped: [] };
  if ('reason' in dashboard) return skipped(dashboard.reason);
  return { built: [changedDashboard(withRecords(dashboard), change)], skipped: dashboard.skipped ?? [] };
}

const sourceNote = (config: Config, source: FlowSource, chosen: boolean): SourceNote => ({
  id: source.id,
  chosen,
  select: chosen
    ? (selectionName(config.flows, source) ?? 'custom matchers')
    : (Object.keys(source.selections)[0] ?? ''),
  selections: Object.keys(source.selections),
  units: inputsOf({ ...config.flows, select: 'default' }, source).map(({ unitLabel }) => unitLabel),
  granularity: source.granularity,
  deduplication: source.deduplication,
  blindSpots: source.blindSpots,
});

/** Lists by collector, merged. */
function mergedLists(all: readonly Readonly<Record<string, readonly string[]>>[]): Record<string, readonly string[]> {
  const collectors = [...new Set(all.flatMap((lists) => Object.keys(lists)))];
  return Object.fromEntries(
    collectors.map((collector) => [collector, [...new Set(all.flatMap((lists) => lists[collector] ?? []))].toSorted()]),
  );
}

const mergedMetrics = (all: readonly StateMetrics[]): StateMetrics => ({
  resources: [...new Set(all.flatMap(({ resources }) => resources))].toSorted(),
  labels: mergedLists(all.map(({ labels }) => labels)),
  annotations: mergedLists(all.map(({ annotations = {} }) => annotations)),
});

/**
 * Everything that a configuration generates, before it is written in an output format: rules, dashboards, Helm values, manifests, and the
 * parts that are skipped, with the reason. Pure and lazy: a part is built when it is first read.
 * @param config a complete configuration, from `loadConfig` or `completeConfig`.
 * @param extra rules and dashboards of the user's own, from `extraOf`.
 * @example const { ruleFiles } = makeBundle(loadConfig(file, text, makeCatalogue()));
 */
export function makeBundle(config: Config, extra: Extra = NO_EXTRA): Bundle {
  const readings = once(() => readingsOf(config));
  const domains = once(() => DOMAINS.map((domain) => ({ domain, bound: domain.bind(config, readings()) })));
  const components = COMPONENTS.map((component) => component.bind(config));
  const ruleFiles = once(() => domains().map(({ bound }) => bound.ruleFiles()));
  const dashboardBy = once(() => {
    const all = domains().flatMap(({ domain, bound }) => domain.dashboards.map((uid) => [uid, bound] as const));
    // What asks for links is being built already, so a dashboard that is asked for within itself is there.
    const begun = new Set<string>();
    const isBuilt = (uid: string): boolean => begun.has(uid) || (built.get(uid)?.().built ?? []).length > 0;
    const built: ReadonlyMap<string, () => Built<Dashboard>> = new Map(
      all.map(([uid, bound]) => [
        uid,
        once(() => {
          begun.add(uid);
          const found = dashboardOf(config, uid, bound, isBuilt);
          begun.delete(uid);
          return found;
        }),
      ]),
    );
    return built;
  });
  const dashboards = once(() => [...dashboardBy().values()].map((build) => build()));
  const context: Context = {
    get sources() {
      return readings().sources;
    },
    get inputs() {
      return readings().inputs;
    },
    get exporters() {
      return readings().exporters;
    },
    stateMetrics: once(() => mergedMetrics(domains().map(({ bound }) => bound.stateMetrics()))),
    scrapeJobs: once(() => components.flatMap((component) => component.scrapeJobs(readings()))),
    stackValues: once(
      () => Object.assign({}, ...components.map((component) => component.stackValues(context))) as object,
    ) as Context['stackValues'],
  };
  const helmValues = once(() => components.flatMap((component) => component.helmValues(context)));
  const valuesWithRules = once(() => components.flatMap((component) => component.valuesWithRules(context)));
  const manifests = once(() => components.flatMap((component) => component.manifests(context)));
  const skipped = once((): readonly Skipped[] => [
    ...relativeLinks(config),
    ...components.flatMap((component) => component.skipped(context)),
    ...ruleFiles().flatMap((files) => files.skipped),
    ...dashboards().flatMap((all) => all.skipped),
    ...Object.entries(config.dashboards).flatMap(([uid, change]) => (change === false ? [] : switchedOff(uid, change))),
    ...domains().flatMap(({ domain, bound }) =>
      domain.alerts.flatMap(({ alert }) => {
        const reason = config.alerts[alert] === false ? OFF : bound.alertSkipped(alert);
        return reason === undefined ? [] : [{ kind: 'alert', alert, reason }];
      }),
    ),
    ...outputsOf(config).flatMap((output) => output.bind(config).skipped()),
  ]);
  const allRules = once(() => [...ruleFiles().flatMap(({ built }) => built), ...extra.ruleFiles]);
  const allDashboards = once(() => [...dashboards().flatMap(({ built }) => built), ...extra.dashboards]);
  const { transform } = extra;
  // Both at once, as one change may be of a record and of the panel that reads it.
  const changed =
    transform === undefined
      ? undefined
      : once(() => transform({ ruleFiles: allRules(), dashboards: allDashboards() }, config));
  return {
    get ruleFiles() {
      return changed === undefined ? allRules() : changed().ruleFiles;
    },
    get dashboards() {
      return changed === undefined ? allDashboards() : changed().dashboards;
    },
    get helmValues() {
      return helmValues();
    },
    get valuesWithRules() {
      return valuesWithRules();
    },
    get manifests() {
      return manifests();
    },
    get sources() {
      const chosen = new Set(readings().sources.map(({ id }) => id));
      return allFlowSources(config).map((source) => sourceNote(config, source, chosen.has(source.id)));
    },
    get skipped() {
      return skipped();
    },
  };
}

/** A dashboard whose panels say at the end of their description which records they read: `azimuth explain` tells the rest. */
const withRecords = (dashboard: Dashboard): Dashboard => ({
  ...dashboard,
  sections: dashboard.sections.map((section) => ({
    ...section,
    panels: section.panels.map((placed) => {
      const records = [...new Set(placed.panel.targets.flatMap(({ expr }) => recordsIn(expr.text)))];
      if (records.length === 0) return placed;
      const reads = `${records.length === 1 ? 'Record' : 'Records'}: ${records.join(', ')}`;
      return { ...placed, panel: { ...placed.panel, description: `${placed.panel.description}\n\n${reads}` } };
    }),
  })),
});

const changedPanel = (
  placed: PlacedPanel,
  change: Exclude<DashboardOverride['panels'], undefined>[string] | undefined,
): PlacedPanel[] => {
  if (change === false) return [];
  return [change === undefined ? placed : { ...placed, panel: { ...placed.panel, ...change } }];
};

/** A dashboard with the changes of the configuration. */
function changedDashboard(dashboard: Dashboard, change: DashboardOverride): Dashboard {
  const { panels = {}, ...rest } = change;
  return {
    ...dashboard,
    ...rest,
    sections: dashboard.sections.map((section) => ({
      ...section,
      panels: section.panels.flatMap((placed) => changedPanel(placed, panels[placed.key])),
    })),
  };
}

/** Panels that the configuration switches off. */
const switchedOff = (uid: string, change: DashboardOverride): readonly Skipped[] =>
  Object.entries(change.panels ?? {})
    .filter(([, panel]) => panel === false)
    .map(([key]) => ({ kind: 'panel', dashboard: uid, panel: key, reason: OFF }));

const isUrl = (text: string): boolean => /^https?:/.test(text);

const relative = (links: string, reason: string): Skipped => ({ kind: `host of the ${links} links in alerts`, reason });

/** Links in alerts without a host: they work only inside that host. */
const relativeLinks = ({ grafana, rules }: Config): readonly Skipped[] => [
  ...(isUrl(grafana.url) ? [] : [relative('dashboard', `grafana.url is ${grafana.url === '' ? 'empty' : 'no URL'}`)]),
  ...(isUrl(rules.runbookBaseUrl) ? [] : [relative('runbook', 'rules.runbookBaseUrl is no URL')]),
];
