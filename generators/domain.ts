import type { AlertSpec } from './alerts/spec.ts';
import type { EthtoolExporter } from './allowances/exporter.ts';
import type { Skipped } from './model/report.ts';
import type { Dashboard } from './model/dashboard.ts';
import type { RuleFile } from './model/rules.ts';
import { type Check, type EnginePart, enginePart, type Part, sliceOf } from './settings/check.ts';
import type { Sections, Slice } from './settings/section.ts';
import type { FlowInput } from './traffic/input.ts';
import type { FlowSource } from './traffic/source.ts';

/** Readings that the chosen components provide, and domains record. */
export interface Readings {
  /** The chosen flow sources; empty if `flows.source` is none. */
  readonly sources: readonly FlowSource[];
  /** The counters of these sources that the rules read, one for each unit. */
  readonly inputs: readonly FlowInput[];
  /** The chosen exporter of ENA counters; undefined if `ethtool.exporter` is none. */
  readonly exporter: EthtoolExporter | undefined;
}

/** Metrics that kube-state-metrics must export. */
export interface StateMetrics {
  /** Collectors of kube-state-metrics, such as `pods`. */
  readonly resources: readonly string[];
  /** Kubernetes labels that it must export, by collector. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** The part of the configuration that a domain sees, and the readings. */
export type DomainConfig<S extends Sections> = Slice<S> & Readings;

/** Parts that were built, and parts that were skipped with the reason. */
export interface Built<T> {
  readonly built: readonly T[];
  readonly skipped: readonly Skipped[];
}

/** A dashboard of a domain. */
interface DashboardSpec<C> {
  readonly uid: string;
  /** The dashboard before the user's overrides, or the reason why there is none. */
  readonly build: (config: C) => Dashboard | { readonly reason: string };
}

/** Records, alerts and dashboards of one subject, as its folder defines them. */
interface Definition<S extends Sections, R extends Sections> extends Part<S, R> {
  /** Checks that need the adapters of the chosen sources; sources with invalid settings are omitted. */
  readonly sourceChecks?: (sources: readonly FlowSource[]) => readonly Check[];
  /** True if there is anything to record, else the reason in terms of the settings. */
  readonly enabled: (config: DomainConfig<S & R>) => true | string;
  readonly ruleFiles: (config: DomainConfig<S & R>) => Built<RuleFile>;
  /** Metrics of kube-state-metrics that the rules read. */
  readonly stateMetrics?: (config: DomainConfig<S & R>) => StateMetrics;
  readonly alerts: readonly AlertSpec<DomainConfig<S & R>>[];
  readonly dashboards: readonly DashboardSpec<DomainConfig<S & R>>[];
  /**
   * Labels that its rules and dashboards use, so the cluster label must not be one of them. A name that ends in `*` stands for every
   * label with that prefix. The labels of flow sources come from the adapters.
   */
  readonly labels: readonly string[];
}

/** Properties of an alert that the checks of its overrides need. */
interface AlertTraits {
  readonly alert: string;
  readonly ratio: boolean;
  readonly threshold: number;
  readonly escalation?: { readonly threshold: number };
}

/** A domain as the engine sees it. */
interface Domain<S extends Sections = Sections> extends EnginePart<S> {
  readonly sourceChecks: (sources: readonly FlowSource[]) => readonly Check[];
  readonly labels: readonly string[];
  readonly alerts: readonly AlertTraits[];
  readonly dashboards: readonly string[];
  /** Binds the domain to a configuration. It sees only its own sections and those that it reads. */
  readonly bind: (
    config: object,
    readings: Readings,
  ) => {
    readonly enabled: () => true | string;
    readonly ruleFiles: () => Built<RuleFile>;
    readonly stateMetrics: () => StateMetrics;
    /** Why an alert is skipped; undefined if it is not. */
    readonly alertSkipped: (alert: string) => string | undefined;
    readonly dashboard: (uid: string) => Dashboard | { readonly reason: string } | undefined;
  };
}

/** Whether a label is one of these names, or has the prefix of one that ends in `*`; case is ignored. */
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
    labels,
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
        stateMetrics: () => definition.stateMetrics?.(own) ?? { resources: [], labels: {} },
        alertSkipped: (name) => alerts.find(({ alert }) => alert === name)?.without?.(own),
        dashboard: (name) => dashboards.find(({ uid }) => uid === name)?.build(own),
      };
    },
  };
}
