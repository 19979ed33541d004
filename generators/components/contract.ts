import type { Kinds } from '../schema/kinds.ts';
import type { EthtoolExporter } from '../allowances/exporter.ts';
import type { Check } from '../settings/check.ts';
import type { Readings, StateMetrics } from '../domain.ts';
import type { HelmValues, Manifest } from '../model/bundle.ts';
import type { Tree } from '../model/tree.ts';
import type { Warning } from '../model/report.ts';
import { pick, type PathIn, type Sections, type Slice } from '../settings/section.ts';
import type { FlowSource } from '../traffic/source.ts';

/** Everything else built for the same configuration, for components that carry or scrape it. Built lazily. */
export interface Context extends Readings {
  /** All metrics of kube-state-metrics that the rules read, merged. */
  readonly stateMetrics: () => StateMetrics;
  readonly scrapeJobs: () => readonly ScrapeJob[];
  /** Values that components contribute to kube-prometheus-stack, merged in registry order. */
  readonly stackValues: () => { readonly [key: string]: Tree | undefined };
}

/** A Prometheus scrape job: selects pods by label and relabels them. */
export interface ScrapeJob {
  readonly job: Tree;
  /** The chart's ServiceMonitor already scrapes these pods. Only a collector takes the job, as it reads no ServiceMonitors. */
  readonly isMonitored?: boolean;
}

/** A port that a component's pods open on the host network. */
export interface HostPort {
  readonly port: number;
  /** The setting that changes it, or the program that owns a fixed port. */
  readonly owner: string;
  /** Path of that setting; absent for a fixed port. */
  readonly setting?: string;
}

/** An output that a setting needs to take effect. */
export interface Demand {
  readonly output: string;
  readonly setting: string;
}

/** A flow source of a component. */
interface SourceEntry<In> {
  /** Paths of settings that decide what the source exports. */
  readonly reads?: readonly (PathIn<In> & string)[];
  readonly adapter: (config: In) => FlowSource;
}

/**
 * Everything about one external component, such as Retina. Its functions receive its own sections and those named in `reads`, never the
 * whole configuration.
 */
export interface Definition<S extends Sections, R extends Sections, Source extends string, Exporter extends string> {
  readonly id: string;
  /** Configuration sections that it owns. */
  readonly settings: S;
  /** Sections of other components that it reads. */
  readonly reads: R;
  readonly checks?: readonly Check[];
  /** True if it is part of the installation; otherwise the reason, in terms of settings. */
  readonly enabled: (config: Slice<S & R>) => true | string;
  /** Settings that are probably a mistake. */
  readonly warnings?: (config: Slice<S & R>) => readonly Warning[];
  /** Flow sources that `flows.source` may name. */
  readonly flowSources?: Readonly<Record<Source, SourceEntry<Slice<S & R>>>>;
  /** Exporters of ENA counters that `ethtool.exporter` may name. */
  readonly exporters?: Readonly<Record<Exporter, EthtoolExporter>>;
  readonly hostPorts?: (config: Slice<S & R>) => readonly HostPort[];
  readonly demands?: readonly (Demand & { readonly when: (config: Slice<S & R>) => boolean })[];
  readonly helmValues?: (config: Slice<S & R>, context: Context) => readonly HelmValues[];
  /** Values of a chart that also takes rule files; the chart's output adds the rules. */
  readonly valuesWithRules?: (config: Slice<S & R>, context: Context) => HelmValues;
  /** Its contribution to the values of kube-prometheus-stack. */
  readonly stackValues?: (config: Slice<S & R>, context: Context) => { readonly [key: string]: Tree | undefined };
  readonly scrapeJobs?: (config: Slice<S & R>, context: Readings) => readonly ScrapeJob[];
  readonly manifests?: (config: Slice<S & R>, context: Context) => readonly Manifest[];
  /** Schemas of the object kinds that it writes. */
  readonly kinds?: Kinds;
}

/** A component bound to one configuration. */
export interface Bound {
  readonly enabled: () => true | string;
  readonly warnings: () => readonly Warning[];
  readonly flowSource: (id: string) => FlowSource | undefined;
  readonly hostPorts: () => readonly HostPort[];
  readonly demands: () => readonly Demand[];
  readonly helmValues: (context: Context) => readonly HelmValues[];
  readonly valuesWithRules: (context: Context) => HelmValues | undefined;
  readonly stackValues: (context: Context) => { readonly [key: string]: Tree | undefined };
  readonly scrapeJobs: (readings: Readings) => readonly ScrapeJob[];
  readonly manifests: (context: Context) => readonly Manifest[];
}

/** A component as the engine sees it. */
export interface Component<
  S extends Sections = Sections,
  Source extends string = string,
  Exporter extends string = string,
> {
  readonly id: string;
  readonly settings: S;
  readonly reads: readonly string[];
  readonly checks: readonly Check[];
  /** Paths of settings that each flow source depends on. */
  readonly flowSources: Readonly<Record<Source, readonly string[]>>;
  readonly exporters: Readonly<Record<Exporter, EthtoolExporter>>;
  readonly kinds: Kinds;
  /** @param config a whole configuration; the component sees only its own sections and those that it reads. */
  readonly bind: (config: object) => Bound;
}

/** Defines a component and hides its slice of the configuration behind `bind`. */
export function component<
  const S extends Sections,
  const R extends Sections,
  const Source extends string = never,
  const Exporter extends string = never,
>(definition: Definition<S, R, Source, Exporter>): Component<S, Source, Exporter> {
  const { id, settings, reads, checks = [], flowSources, exporters, kinds = {} } = definition;
  const sources = Object.entries(flowSources ?? {}) as [Source, SourceEntry<Slice<S & R>>][];
  return {
    id,
    settings,
    reads: Object.keys(reads),
    checks,
    flowSources: Object.fromEntries(sources.map(([name, entry]) => [name, entry.reads ?? []])) as never,
    exporters: exporters ?? ({} as Record<Exporter, EthtoolExporter>),
    kinds,
    bind: (config) => {
      const slice = pick(config, [...Object.keys(settings), ...Object.keys(reads)]) as Slice<S & R>;
      const isEnabled = () => definition.enabled(slice) === true;
      return {
        enabled: () => definition.enabled(slice),
        warnings: () => definition.warnings?.(slice) ?? [],
        flowSource: (name) => sources.find(([known]) => known === name)?.[1].adapter(slice),
        hostPorts: () => (isEnabled() ? (definition.hostPorts?.(slice) ?? []) : []),
        demands: () => (definition.demands ?? []).filter(({ when }) => when(slice)),
        helmValues: (context) => (isEnabled() ? (definition.helmValues?.(slice, context) ?? []) : []),
        valuesWithRules: (context) => (isEnabled() ? definition.valuesWithRules?.(slice, context) : undefined),
        stackValues: (context) => definition.stackValues?.(slice, context) ?? {},
        scrapeJobs: (readings) => (isEnabled() ? (definition.scrapeJobs?.(slice, readings) ?? []) : []),
        manifests: (context) => (isEnabled() ? (definition.manifests?.(slice, context) ?? []) : []),
      };
    },
  };
}
