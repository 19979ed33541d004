/**
 * The public API, for programs that build artifacts and for everything outside of this folder.
 * @example
 * const catalogue = makeCatalogue();
 * const config = loadConfig('azimuth.yaml', await readFile('azimuth.yaml', 'utf8'), catalogue);
 * const { artifacts, warnings } = build(config, catalogue, []);
 */
export { makeBundle } from './build/bundle.ts';
export { build, type Build, makeCatalogue } from './build/index.ts';
export { completeConfig, loadConfig } from './config/load.ts';
export type { Catalogue } from './config/schema.ts';
export type { Artifact, ArtifactKind } from './model/artifact.ts';
export type { Bundle, HelmValues, Manifest, Skipped, SourceNote, Warning } from './model/bundle.ts';
export type { Dashboard, Panel, PanelTarget, Section, Variable } from './model/dashboard.ts';
export { isRecording, ruleName } from './model/rules.ts';
export type { AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup } from './model/rules.ts';
export { parseLock, type LockEntry } from './output-dir/lock.ts';
export { COMPONENTS, DOMAINS, OUTPUTS } from './registry.ts';
export type { Config, ConfigInput, OutputName, SourceName } from './registry.ts';
export { ProblemError, type Problem } from './schema/problems.ts';
