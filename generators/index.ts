/**
 * The public API, for programs that build artifacts and for everything outside of this folder.
 * @example
 * const catalogue = makeCatalogue();
 * const config = loadConfig('azimuth.yaml', await readFile('azimuth.yaml', 'utf8'), catalogue);
 * const { artifacts, warnings } = build(config, catalogue, []);
 */
export { makeBundle } from './build/bundle.ts';
export { build, makeCatalogue, type Build } from './build/index.ts';
export { MONTH_NAMES, noCost } from './build/money.ts';
export { printed, type Printed } from './build/printed.ts';
export { readingsOf } from './build/readings.ts';
export { noMembers, noQueues } from './control-plane/index.ts';
export { completeConfig, loadConfig, parseYaml } from './config/load.ts';
export { EXPORTERS, FLOW_SOURCES, namedSchema, type Catalogue } from './config/schema.ts';
export type { Artifact, ArtifactKind } from './model/artifact.ts';
export type { Bundle, HelmValues, Manifest, SourceNote } from './model/bundle.ts';
export type { Skipped, Warning } from './model/report.ts';
export type { Dashboard, Panel, PanelTarget, Section, Variable } from './model/dashboard.ts';
export {
  isRecording,
  ruleName,
  type AlertingRule,
  type RecordingRule,
  type Rule,
  type RuleFile,
  type RuleGroup,
} from './model/rules.ts';
export { plain } from './model/tree.ts';
export { LOCK_PATH, parseLock, type LockEntry } from './output-dir/lock.ts';
export { lifeOf, parseOwner, thisProcess, type Owner } from './output-dir/owner.ts';
export { rulesByName } from './outputs/rule-groups.ts';
export { seconds } from './promql/index.ts';
export { COMPONENTS, DOMAINS, OUTPUTS } from './registry.ts';
export type { Config, ConfigInput, OutputName, SourceName } from './registry.ts';
export { parseUpstream, type Upstream } from './schema/upstream.ts';
export { redactText, redactUrl } from './schema/urls.ts';
export { listed, messageOf, ProblemError, suggestion, type Problem } from './schema/problems.ts';
