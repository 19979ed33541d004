import { ALERT_LABELS, type AlertSpec } from './alerts/spec.ts';
import type { EthtoolExporter } from './allowances/exporter.ts';
import type { Dashboard } from './model/dashboard.ts';
import type { Skipped } from './model/report.ts';
import type { AlertTraits, RuleFile } from './model/rules.ts';
import { VARIABLE_LABELS } from './panels/shared.ts';
import { type Check, type EnginePart, enginePart, type Part, sliceOf } from './settings/check.ts';
import type { Sections, Slice } from './settings/section.ts';
import type { FlowInput } from './traffic/input.ts';
import type { FlowSource } from './traffic/source.ts';

/** Readings that the chosen components provide and domains record. */
export interface Readings {
  /** The chosen flow sources; empty if flows.source is none. */
  readonly sources: readonly FlowSource[];
  /** The counters of those sources that the rules read, one per unit. */
  readonly inputs: readonly FlowInput[];
  /** The chosen exporters of ENA counters, the preferred one first; empty if ethtool.exporter is none. */
  readonly exporters: readonly EthtoolExporter[];
}

/** Metrics that kube-state-metrics must export. */
export interface StateMetrics {
  /** Collectors of kube-state-metrics, such as `pods`. */
  readonly resources: readonly string[];
  /** Kubernetes labels that kube-state-metrics must export, by collector. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Annotations that it must export, by collector; none by default. */
  readonly annotations?: Readonly<Record<string, readonly string[]>>;
}

const NO_METRICS: StateMetrics = { resources: [], labels: {} };

/** The part of the configuration that a domain sees, and the readings that it records. */
export type DomainConfig<S extends Sections> = Slice<S> & Readings;

/** Parts that were built, and parts that were skipped. */
export interface Built<T> {
  readonly built: readonly T[];
  readonly skipped: readonly Skipped[];
}

/** A dashboard of a domain. */
interface DashboardSpec<C> {
  readonly uid: string;
  /**
   * The dashboard without the user's changes, or the reason why there is none. `isBuilt` says whether there is a dashboard of a uid, to which
   * links may lead: that of another domain, too.
   */
  readonly build: (config: C, isBuilt: (uid: string) => boolean) => Dashboard | { readonly reason: string };
}

/** Records, alerts and dashboards of one subject, as its author defines them. */
interface Definition<S extends Sections, R extends Sections> extends Part<S, R> {
  /** Checks that need adapters of the chosen sources. They receive only adapters with valid settings. */
  readonly sourceChecks?: (sources: readonly FlowSource[]) => readonly Check[];
  /** True if the domain records anything; otherwise the reason, in terms of the configuration. */
  readonly enabled: (config: DomainConfig<S & R>) => true | string;
  readonly ruleFiles: (config: DomainConfig<S & R>) => Built<RuleFile>;
  /** Metrics of kube-state-metrics that the rules read. Called only if the domain records anything. */
  readonly stateMetrics?: (config: DomainConfig<S & R>) => StateMetrics;
  readonly alerts: readonly AlertSpec<DomainConfig<S & R>>[];
  readonly dashboards: readonly DashboardSpec<DomainConfig<S & R>>[];
  /**
   * Label names that its rules and dashboards use and the cluster label must not have; a name that ends in `*` is a prefix. Labels of flow
   * sources, and those that every alert and every dashboard has, are added.
   */
  readonly labels: readonly string[];
}

/** A domain as the engine sees it. */
export interface Domain<S extends Sections = Sections> extends EnginePart<S> {
  readonly sourceChecks: (sources: readonly FlowSource[]) => readonly Check[];
  readonly labels: readonly string[];
  readonly alerts: readonly (AlertTraits & { readonly alert: string })[];
  readonly dashboards: readonly string[];
  /** Binds the domain to a configuration. It sees only its own sections and those that it reads. */
  readonly bind: (
    config: object,
    readings: Readings,
  ) => {
    readonly enabled: () => true | string;
    readonly ruleFiles: () => Built<RuleFile>;
    readonly stateMetrics: () => StateMetrics;
    /** The reason why an alert is skipped; undefined if it is not. */
    readonly alertSkipped: (alert: string) => string | undefined;
    readonly dashboard: (
      uid: string,
      isBuilt: (uid: string) => boolean,
    ) => Dashboard | { readonly reason: string } | undefined;
  };
}

/** Whether a label is one of these names, ignoring case; a name that ends in `*` is a prefix. */
export const isAmong = (labels: readonly string[], label: string): boolean =>
  labels.some((name) => {
    const [taken, wanted] = [name.toLowerCase(), label.toLowerCase()];
    return taken.endsWith('*') ? wanted.startsWith(taken.slice(0, -1)) : wanted === taken;
  });

/** Defines a domain. `bind` gives it its slice of the configuration and nothing else. */
export function domain<const S extends Sections, const R extends Sections>(definition: Definition<S, R>): Domain<S> {
  const { sourceChecks = () => [], labels, alerts, dashboards } = definition;
  return {
    ...enginePart(definition),
    sourceChecks,
    labels: [...labels, ...ALERT_LABELS, ...VARIABLE_LABELS],
    alerts: alerts.map(({ alert, ratio, tier, escalation }) => ({
      alert,
      ratio,
      threshold: tier.threshold,
      ...(escalation !== undefined && { escalation: { threshold: escalation.threshold } }),
    })),
    dashboards: dashboards.map(({ uid }) => uid),
    bind: (config, readings) => {
      const own = { ...sliceOf(definition, config), ...readings };
      return {
        enabled: () => definition.enabled(own),
        ruleFiles: () => definition.ruleFiles(own),
        stateMetrics: () =>
          (definition.enabled(own) === true ? definition.stateMetrics?.(own) : undefined) ?? NO_METRICS,
        alertSkipped: (name) => alerts.find(({ alert }) => alert === name)?.without?.(own),
        dashboard: (name, isBuilt) => dashboards.find(({ uid }) => uid === name)?.build(own, isBuilt),
      };
    },
  };
}
