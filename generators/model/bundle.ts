import type { Schema } from '../schema/objects.ts';
import type { Problem } from '../schema/problems.ts';
import type { Dashboard } from './dashboard.ts';
import type { RuleFile } from './rules.ts';
import type { Tree } from './tree.ts';

/** Values for one Helm chart. */
export interface HelmValues {
  /** Name of the chart, and of the file without `.yaml`. */
  readonly chart: string;
  /** Header of the file: its purpose and the command that applies it. */
  readonly header: string;
  readonly values: Tree;
  /** Paths of values that the chart evaluates as templates. */
  readonly templated?: readonly (readonly string[])[];
  /** The key of rule files in the values, if the chart is to install the rules. */
  readonly rulesKey?: string;
}

/** A Kubernetes resource that no chart installs, a patch of a resource, or a profile of a tool. */
export interface Manifest {
  /** Path of the file in the folder of manifests, without extension. */
  readonly name: string;
  /** Header of the file: its purpose and the command that applies it. */
  readonly header: string;
  /** The whole document. */
  readonly content: Tree;
  /** Schema and checks of a document that is not a Kubernetes object. */
  readonly document?: { readonly schema: Schema; readonly check?: (document: object) => readonly Problem[] };
  /** Whether `kubectl apply` applies it; patches and profiles need other commands. */
  readonly isApplied?: boolean;
}

/** Properties of a flow source that matter for the interpretation of its numbers. */
export interface SourceNote {
  readonly id: string;
  /** Whether the configuration reads it. */
  readonly chosen: boolean;
  /** The selection in use; the default selection if the source is not chosen. */
  readonly select: string;
  /** Names of all selections; the first is the default. */
  readonly selections: readonly string[];
  /** Units per second, such as `bytes/s`. */
  readonly units: readonly string[];
  /** How precisely the source itself identifies an end. */
  readonly granularity: string;
  /** How packets are deduplicated. */
  readonly countOnce: string;
  /** Traffic that the source does not see. */
  readonly blindSpots: readonly string[];
}

/** Everything that Azimuth generates for a configuration, independent of files and output formats. Properties are built on first access. */
export interface Bundle {
  readonly ruleFiles: readonly RuleFile[];
  readonly dashboards: readonly Dashboard[];
  readonly helmValues: readonly HelmValues[];
  /** Values of charts that also install rules, without the rules. */
  readonly valuesWithRules: readonly HelmValues[];
  readonly manifests: readonly Manifest[];
  /** All flow sources, chosen or not. */
  readonly sources: readonly SourceNote[];
  readonly skipped: readonly Skipped[];
}

/**
 * A part that is not generated, because the configuration switches it off or the chosen source has no data for it. `kind` is `alert`,
 * `dashboard`, `panel`, or a description of any other part, such as `records of cost`.
 */
export interface Skipped {
  readonly kind: string;
  readonly alert?: string;
  /** Uid of the dashboard. */
  readonly dashboard?: string;
  /** Key of the panel. */
  readonly panel?: string;
  /** The reason, in terms of the configuration: `flows.source is none`. */
  readonly reason: string;
}

/** Settings that are valid, but probably a mistake. */
export interface Warning {
  /** `no effect`: no generated file depends on the settings. `doubtful`: the settings may not match each other. */
  readonly kind: 'no effect' | 'doubtful';
  /** Paths of settings, such as `cilium.version`. */
  readonly settings: readonly string[];
  readonly reason: string;
}
