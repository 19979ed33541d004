import type { Skipped } from './report.ts';
import type { Schema } from '../schema/objects.ts';
import type { Problem } from '../schema/problems.ts';
import type { Dashboard } from './dashboard.ts';
import type { RuleFile } from './rules.ts';
import type { Tree } from './tree.ts';

/** Values for one Helm chart. */
export interface HelmValues {
  /** Name of the chart and of the file. */
  readonly chart: string;
  /** The file's header: its purpose and how it is applied. */
  readonly header: string;
  readonly values: Tree;
  /** Paths of values that the chart passes through its template engine. */
  readonly templated?: readonly (readonly string[])[];
  /** The key under which the chart takes rule files, where it is to carry them. */
  readonly rulesKey?: string;
}

/** A Kubernetes resource that no chart brings, a patch of one, or a profile of a tool. */
export interface Manifest {
  /** Path of the file below the folder of manifests, without its extension. */
  readonly name: string;
  /** The file's header: its purpose and how it is applied. */
  readonly header: string;
  /** The whole document: of a resource, apiVersion, kind, metadata and whatever its kind has. */
  readonly content: Tree;
  /** Schema and further checks of a document that is no Kubernetes object. */
  readonly document?: { readonly schema: Schema; readonly check?: (document: object) => readonly Problem[] };
  /** Whether `kubectl apply` takes it; patches and profiles of tools have commands of their own. */
  readonly isApplied?: boolean;
}

/** A flow source, for people who must judge its numbers. */
export interface SourceNote {
  readonly id: string;
  /** Whether the configuration reads it. */
  readonly chosen: boolean;
  /** The selection in force, or the default one of a source that is not chosen. */
  readonly select: string;
  readonly selections: readonly string[];
  /** Units per second, such as `bytes/s`. */
  readonly units: readonly string[];
  /** How precisely it names both ends by itself. */
  readonly granularity: string;
  /** How the rules count each packet once. */
  readonly deduplication: string;
  readonly blindSpots: readonly string[];
}

/** Everything that Azimuth generates for one configuration, free of files, YAML and output formats. Parts are built when they are read. */
export interface Bundle {
  readonly ruleFiles: readonly RuleFile[];
  readonly dashboards: readonly Dashboard[];
  readonly helmValues: readonly HelmValues[];
  /** Values of charts that take rule files too, without the rules. */
  readonly valuesWithRules: readonly HelmValues[];
  readonly manifests: readonly Manifest[];
  readonly sources: readonly SourceNote[];
  readonly skipped: readonly Skipped[];
}
