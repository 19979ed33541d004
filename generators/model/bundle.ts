import type { Tree } from './tree.ts';
import type { Dashboard } from './dashboard.ts';
import type { Omission } from './skipped.ts';
import type { RuleFile } from './rules.ts';

/** Values for one Helm chart. */
export interface HelmValues {
  /** Name of the chart and of the file. */
  readonly chart: string;
  /** What the file is for and how it is applied; written at its top. */
  readonly about: string;
  readonly values: Tree;
}

/** A Kubernetes resource that no chart brings, a patch of one, or a profile of a tool. */
export interface Manifest {
  /** Path of the file below the folder of manifests, without its extension. */
  readonly name: string;
  /** What the file is for and how it is applied; written at its top. */
  readonly about: string;
  /** The whole document: of a resource, apiVersion, kind, metadata and whatever its kind has. */
  readonly content: Tree;
}

/** What a flow source measures, for people who must judge its numbers. */
export interface SourceNote {
  readonly id: string;
  /** Whether the configuration reads it. */
  readonly chosen: boolean;
  /** The selection in force, or the default one of a source that is not chosen. */
  readonly select: string;
  readonly selections: readonly string[];
  /** Units per second, such as `bytes/s`. */
  readonly units: readonly string[];
  /** What it tells of an end without help. */
  readonly granularity: string;
  readonly countOnce: string;
  readonly blindSpots: readonly string[];
}

/** Everything that Azimuth generates for one configuration, free of files, YAML and packaging. */
export interface Bundle {
  readonly ruleFiles: readonly RuleFile[];
  readonly dashboards: readonly Dashboard[];
  readonly helmValues: readonly HelmValues[];
  readonly manifests: readonly Manifest[];
  readonly sources: readonly SourceNote[];
  readonly omissions: readonly Omission[];
}
