import type { EthtoolExporter } from '../allowances/exporter.ts';
import type { Readings, StateMetrics } from '../domain.ts';
import type { Skipped, Warning } from '../model/report.ts';
import type { HelmValues, Manifest } from '../model/bundle.ts';
import type { Tree } from '../model/tree.ts';
import type { Kinds } from '../schema/objects.ts';
import { type EnginePart, enginePart, type Part, sliceOf } from '../settings/check.ts';
import { type PathIn, type Sections, type Slice, viewOf } from '../settings/section.ts';
import type { FlowSource } from '../traffic/source.ts';

/** Other parts of the same build, for components that embed or scrape them. Built on first use. */
export interface Context extends Readings {
  /** Metrics of kube-state-metrics that the rules of all domains read. */
  readonly stateMetrics: () => StateMetrics;
  readonly scrapeJobs: () => readonly ScrapeJob[];
  /** Values for kube-prometheus-stack from all components, merged in the order of the registry. */
  readonly stackValues: () => Values;
}

/** A Prometheus scrape job: pods selected by a label, relabelled. */
export interface ScrapeJob {
  /** Read only where it is written, so a component can build it on demand: settings of a job that is written nowhere then have no effect. */
  readonly job: Tree;
  /** Whether a ServiceMonitor of a chart scrapes the same pods. Then only a collector, which ignores ServiceMonitors, uses the job. */
  readonly isMonitored?: boolean;
}

/** A port that pods of a component use on the host network. */
export interface HostPort {
  readonly port: number;
  /** The setting of the port, or the process that uses it if the port is fixed. */
  readonly owner: string;
  /** Path of the setting; undefined if the port is fixed. */
  readonly setting?: string;
}

/** An output that a setting needs in order to have an effect. */
export interface Demand {
  readonly output: string;
  readonly setting: string;
}

/** A flow source of a component. */
interface SourceEntry<In> {
  /** Paths of settings that decide what the source exports. The adapter sees nothing else, so a check that runs without them does not either. */
  readonly reads?: readonly (PathIn<In> & string)[];
  readonly adapter: (config: In) => FlowSource;
}

/** Everything about one thing outside Azimuth. Its functions receive its own sections and those that it reads, never the whole configuration. */
interface Definition<S extends Sections, R extends Sections, Source extends string, Exporter extends string>
  extends Part<S, R>, Contributions<Slice<S & R>> {
  /** Flow sources that `flows.source` may name. */
  readonly flowSources?: Readonly<Record<Source, SourceEntry<Slice<S & R>>>>;
  /** Exporters of ENA counters that `ethtool.exporter` may name. */
  readonly exporters?: Readonly<Record<Exporter, EthtoolExporter>>;
  /** The metrics that rules and panels read from it, by name or by a name with one `*`, and who exports them in words. */
  readonly exports?: Readonly<Record<string, string>>;
  /** Outputs without which settings have no effect, while they are set. */
  readonly demands?: readonly (Demand & { readonly when: (config: Slice<S & R>) => boolean })[];
  /** Schemas of the kinds of objects that it writes. */
  readonly kinds?: Kinds;
}

/** Values of a chart, or some of their keys. */
export type Values = { readonly [key: string]: Tree | undefined };

/** The functions of a component over its part of the configuration. */
interface Contributions<In> {
  /** True if it is part of the installation; otherwise the reason, in terms of the configuration. */
  readonly enabled: (config: In) => true | string;
  /** Settings that are probably a mistake. */
  readonly warnings?: (config: In) => readonly Warning[];
  /** Parts of the installation that are skipped. Called even if the component is not enabled. */
  readonly skipped?: (config: In, context: Context) => readonly Skipped[];
  readonly hostPorts?: (config: In) => readonly HostPort[];
  readonly helmValues?: (config: In, context: Context) => readonly HelmValues[];
  /** Values of a chart that also installs rules; the output of that chart adds the rules. */
  readonly valuesWithRules?: (config: In, context: Context) => readonly HelmValues[];
  /** Values for kube-prometheus-stack, whose values several components share. Called even if the component is not enabled. */
  readonly stackValues?: (config: In, context: Context) => Values;
  readonly scrapeJobs?: (config: In, readings: Readings) => readonly ScrapeJob[];
  readonly manifests?: (config: In, context: Context) => readonly Manifest[];
}

/** The functions of a component over one configuration. */
type Bound = {
  readonly [K in keyof Contributions<never>]-?: NonNullable<Contributions<never>[K]> extends (
    config: never,
    ...context: infer C
  ) => infer T
    ? (...context: C) => T
    : never;
} & { readonly flowSource: (id: string) => FlowSource | undefined; readonly demands: () => readonly Demand[] };

/** A component as the engine knows it. */
export interface Component<S extends Sections, Source extends string, Exporter extends string> extends EnginePart<S> {
  /** Paths of settings that a flow source depends on, by its id. */
  readonly flowSources: Readonly<Record<Source, readonly string[]>>;
  readonly exporters: Readonly<Record<Exporter, EthtoolExporter>>;
  readonly kinds: Kinds;
  /** The metrics that are read from it, by a name that may have one `*`, and who exports them. */
  readonly exports: Readonly<Record<string, string>>;
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
  const { flowSources, exporters, kinds = {}, exports = {} } = definition;
  const sources = Object.entries(flowSources ?? {}) as [Source, SourceEntry<Slice<S & R>>][];
  return {
    ...enginePart(definition),
    flowSources: Object.fromEntries(sources.map(([name, entry]) => [name, entry.reads ?? []])) as never,
    exporters: exporters ?? ({} as Record<Exporter, EthtoolExporter>),
    kinds,
    exports,
    bind: (config) => {
      const slice = sliceOf(definition, config);
      /**
       * A list that is empty unless the component is enabled. A component without that list does not read its switch, which would record the
       * switch as used.
       */
      const ifEnabled =
        <C extends readonly unknown[], T>(part?: (own: Slice<S & R>, ...context: C) => readonly T[]) =>
        (...context: C): readonly T[] =>
          part === undefined || definition.enabled(slice) !== true ? [] : part(slice, ...context);
      return {
        enabled: () => definition.enabled(slice),
        skipped: (context) => definition.skipped?.(slice, context) ?? [],
        flowSource: (name) => {
          const entry = sources.find(([known]) => known === name)?.[1];
          return entry?.adapter(viewOf(slice, entry.reads ?? []) as Slice<S & R>);
        },
        demands: () => (definition.demands ?? []).filter(({ when }) => when(slice)),
        stackValues: (context) => definition.stackValues?.(slice, context) ?? {},
        warnings: ifEnabled(definition.warnings),
        hostPorts: ifEnabled(definition.hostPorts),
        helmValues: ifEnabled(definition.helmValues),
        valuesWithRules: ifEnabled(definition.valuesWithRules),
        scrapeJobs: ifEnabled(definition.scrapeJobs),
        manifests: ifEnabled(definition.manifests),
      };
    },
  };
}
