/**
 * The library: what programs outside of this repository import from the package. Its types stand in declarations of their own, so
 * nothing here may name a part of the registry, or a type of another package.
 * @example
 * const catalogue = makeCatalogue();
 * const { artifacts, warnings } = build(loadConfig('azimuth.yaml', text, catalogue), catalogue, []);
 */
export { makeBundle } from './build/bundle.ts';
export { build, makeCatalogue, type Build } from './build/index.ts';
export { printed, type Printed } from './build/printed.ts';
export { completeConfig, loadConfig, parseYaml } from './config/load.ts';
export type { Catalogue } from './config/schema.ts';
export { extraOf } from './extra/index.ts';
export { buildFleet, completeFleet, isFleet, type Cluster, type Fleet } from './fleet/index.ts';
export type { Artifact, ArtifactKind } from './model/artifact.ts';
export type { Bundle, HelmValues, Manifest, SourceNote } from './model/bundle.ts';
export type { Extra } from './model/extra.ts';
export type { Dashboard, Panel, PanelTarget, PlacedPanel, Section, Variable } from './model/dashboard.ts';
export type { Skipped, Warning } from './model/report.ts';
export {
  isRecording,
  ruleName,
  type AlertingRule,
  type RecordingRule,
  type Rule,
  type RuleFile,
  type RuleGroup,
} from './model/rules.ts';
export { LOCK_PATH, parseLock, type LockEntry } from './output-dir/lock.ts';
export {
  alert,
  dashboard,
  defineConfig,
  Editor,
  panel,
  record,
  transformed,
  withJson,
  withUnit,
  type AlertInput,
  type ConfigFile,
  type DashboardInput,
  type PanelInput,
  type PanelPlace,
  type Parts,
  type RecordInput,
  type RulePlace,
  type Transform,
} from './transform/index.ts';
export type { Config, ConfigInput, OutputName, SourceName } from './registry.ts';
export { ProblemError, type Problem } from './schema/problems.ts';
