/** The library: what a TypeScript user imports to build artifacts in a program of their own. */
export { build, type Build } from './build/index.ts';
export { makeBundle } from './build/bundle.ts';
export { makeCatalogue } from './build/catalogue.ts';
export { completeConfig, loadConfig } from './config/load.ts';
export type { Catalogue } from './config/names.ts';
export { ProblemError, type Problem } from './schema/problems.ts';
export type { Config, ConfigInput } from './settings/index.ts';
export { parseLock, type LockEntry } from './output-dir/lock.ts';
export type { Artifact, ArtifactKind } from './model/artifact.ts';
export type { Bundle, HelmValues, Manifest, SourceNote } from './model/bundle.ts';
export type { Omission } from './model/skipped.ts';
export type { Dashboard, Panel, PanelTarget, Section, Variable } from './model/dashboard.ts';
export { isRecording, ruleName } from './model/rules.ts';
export type { AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup } from './model/rules.ts';
