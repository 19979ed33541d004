import type { EthtoolExporter } from '../allowances/index.ts';
import type { Readings, StateMetrics } from '../domain.ts';
import type { HelmValues, Manifest, Skipped, Warning } from '../model/bundle.ts';
import type { Tree } from '../model/tree.ts';
import type { Kinds } from '../schema/objects.ts';
import type { Check } from '../settings/check.ts';
import { type PathIn, pick, type Sections, type Slice } from '../settings/section.ts';
import type { FlowSource } from '../traffic/source.ts';

/** Everything else that is built for the same configuration, for components that carry or collect it. Built when asked for. */
export interface Context extends Readings {
  /** Metrics of kube-state-metrics that all rules read, merged. */
  readonly stateMetrics: () => StateMetrics;
  readonly scrapeJobs: () => readonly ScrapeJob[];
  /** Values that components have for kube-prometheus-stack, merged in the order of the registry. */
  readonly stackValues: () => { readonly [key: string]: Tree | undefined };
}

/** A scrape job of Prometheus: pods by a label, relabelled. */
export interface ScrapeJob {
  readonly job: Tree;
  /** A ServiceMonitor of a chart scrapes the same; only a collector, which reads no ServiceMonitors, takes the job. */
  readonly isMonitored?: boolean;
}

/** A port that a component's pods occupy on the network of their host. */
export interface HostPort {
  readonly port: number;
  /** The setting that changes it, or who has it where none does. */
  readonly owner: string;
  /** Path of that setting; left out where the port is fixed. */
  readonly setting?: string;
}

/** An output without which a setting has no effect. */
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
 * Everything about one thing of the outside world. Its functions receive its own sections and those that it names in `reads`, never the
 * whole configuration.
 */
export interface Definition<S extends Sections, R extends Sections, Source extends string, Exporter extends string> {
  readonly id: string;
  /** Sections of the configuration that belong to it. */
  readonly settings: S;
  /** Sections of others that it reads. */
  readonly reads: R;
  readonly checks?: readonly Check[];
  /** Whether it is part of the installation; otherwise the reason, in words of the configuration. */
  readonly enabled: (config: Slice<S & R>) => true | string;
  /** Settings that may not fit each other, though that is no mistake for sure. */
  readonly warnings?: (config: Slice<S & R>) => readonly Warning[];
  /** Parts of the installation that the configuration leaves to others, and why. Asked whether the component is enabled or not. */
  readonly skipped?: (config: Slice<S & R>, context: Context) => readonly Skipped[];
  /** Flow sources that `flows.source` may name. */
  readonly flowSources?: Readonly<Record<Source, SourceEntry<Slice<S & R>>>>;
  /** Exporters of ENA counters that `ethtool.exporter` may name. */
  readonly exporters?: Readonly<Record<Exporter, EthtoolExporter>>;
  readonly hostPorts?: (config: Slice<S & R>) => readonly HostPort[];
  readonly demands?: readonly (Demand & { readonly when: (config: Slice<S & R>) => boolean })[];
  readonly helmValues?: (config: Slice<S & R>, context: Context) => readonly HelmValues[];
  /** Values of a chart that takes rule files too; the output of that chart adds them. */
  readonly valuesWithRules?: (config: Slice<S & R>, context: Context) => readonly HelmValues[];
  /** Values for kube-prometheus-stack, which carries more than its own. */
  readonly stackValues?: (config: Slice<S & R>, context: Context) => { readonly [key: string]: Tree | undefined };
  readonly scrapeJobs?: (config: Slice<S & R>, context: Readings) => readonly ScrapeJob[];
  readonly manifests?: (config: Slice<S & R>, context: Context) => readonly Manifest[];
  /** Schemas of the kinds of objects that it writes. */
  readonly kinds?: Kinds;
}

/** The functions of a component over one configuration. */
export interface Bound {
  readonly enabled: () => true | string;
  readonly warnings: () => readonly Warning[];
  readonly skipped: (context: Context) => readonly Skipped[];
  readonly flowSource: (id: string) => FlowSource | undefined;
  readonly hostPorts: () => readonly HostPort[];
  readonly demands: () => readonly Demand[];
  readonly helmValues: (context: Context) => readonly HelmValues[];
  readonly valuesWithRules: (context: Context) => readonly HelmValues[];
  readonly stackValues: (context: Context) => { readonly [key: string]: Tree | undefined };
  readonly scrapeJobs: (readings: Readings) => readonly ScrapeJob[];
  readonly manifests: (context: Context) => readonly Manifest[];
}

/** A component as the engine knows it. */
export interface Component<
  S extends Sections = Sections,
  Source extends string = string,
  Exporter extends string = string,
> {
  readonly id: string;
  readonly settings: S;
  readonly reads: readonly string[];
  readonly checks: readonly Check[];
  /** Paths of settings that a flow source depends on, by its id. */
  readonly flowSources: Readonly<Record<Source, readonly string[]>>;
  readonly exporters: Readonly<Record<Exporter, EthtoolExporter>>;
  readonly kinds: Kinds;
  /** @param config a configuration; the component sees its own sections and those that it reads. */
  readonly bind: (config: object) => Bound;
}

/** Defines a component: hides its slice of the configuration behind `bind`. */
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
      type In = Slice<S & R>;
      /** One part of an enabled component. The switch of a component without that part is not read: it changes nothing there. */
      const optional = <C, T>(part: ((own: In, context: C) => readonly T[]) | undefined, context: C): readonly T[] =>
        part === undefined || definition.enabled(slice) !== true ? [] : part(slice, context);
      return {
        enabled: () => definition.enabled(slice),
        warnings: () => definition.warnings?.(slice) ?? [],
        skipped: (context) => definition.skipped?.(slice, context) ?? [],
        flowSource: (name) => sources.find(([known]) => known === name)?.[1].adapter(slice),
        hostPorts: () => optional(definition.hostPorts, undefined),
        demands: () => (definition.demands ?? []).filter(({ when }) => when(slice)),
        helmValues: (context) => optional(definition.helmValues, context),
        valuesWithRules: (context) => optional(definition.valuesWithRules, context),
        stackValues: (context) => definition.stackValues?.(slice, context) ?? {},
        scrapeJobs: (readings) => optional(definition.scrapeJobs, readings),
        manifests: (context) => optional(definition.manifests, context),
      };
    },
  };
}
