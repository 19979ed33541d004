/** The library: the public face for programs that build artifacts by themselves, and for everything outside of this folder. */
export { makeBundle } from './build/bundle.ts';
export { makeCatalogue } from './build/index.ts';
export { build, type Build } from './build/index.ts';
export { completeConfig, loadConfig } from './config/load.ts';
export { namedSchema, type Catalogue } from './config/schema.ts';
export type { Artifact, ArtifactKind } from './model/artifact.ts';
export type { Bundle, HelmValues, Manifest, SourceNote } from './model/bundle.ts';
export type { Dashboard, Panel, PanelTarget, Section, Variable } from './model/dashboard.ts';
export type { Skipped, Warning } from './model/bundle.ts';
export { isRecording, ruleName } from './model/rules.ts';
export type { AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup } from './model/rules.ts';
export { parseLock, type LockEntry } from './output-dir/lock.ts';
export { DOMAINS, COMPONENTS, OUTPUTS } from './registry.ts';
export type { Config, ConfigInput, OutputName, SourceName } from './registry.ts';
export { ProblemError, type Problem } from './schema/problems.ts';
