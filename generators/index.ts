/** What everything outside of this folder imports: the library, and what only this repository uses. */
export * from './library.ts';
export { MONTH_NAMES, noCost } from './build/money.ts';
export { readingsOf } from './build/readings.ts';
export { EXPORTERS, FLOW_SOURCES, namedSchema } from './config/schema.ts';
export { noMembers, noQueues } from './control-plane/index.ts';
export { plain } from './model/tree.ts';
export { lifeOf, parseOwner, thisProcess, type Owner } from './output-dir/owner.ts';
export { rulesByName, type WrittenGroup, type WrittenRule } from './outputs/rule-groups.ts';
export { seconds } from './promql/index.ts';
export { COMPONENTS, DOMAINS, OUTPUTS } from './registry.ts';
export { listed, messageOf, suggestion } from './schema/problems.ts';
export { parseUpstream, type Upstream } from './schema/upstream.ts';
export { redactText, redactUrl } from './schema/urls.ts';
