import type { DocumentSchema } from './artifact.ts';
import type { Dashboard } from './dashboard.ts';
import type { Skipped } from './report.ts';
import type { RuleFile } from './rules.ts';
import type { Tree } from './tree.ts';

/** Values for one Helm chart. */
export interface HelmValues {
  /** Name of the chart, and of the file without `.yaml`. */
  readonly chart: string;
  /** The EKS add-on that takes the values, if they are no complete values of a chart in a repository. */
  readonly addOn?: string;
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
  readonly document?: DocumentSchema;
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
  /** How precisely it names both ends by itself. */
  readonly granularity: string;
  /** How the rules count each packet once. */
  readonly deduplication: string;
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
