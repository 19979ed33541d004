import type { Dashboard } from './dashboard.ts';
import type { RuleFile } from './rules.ts';

/** A rule file of the user's own. */
export interface OwnRuleFile extends RuleFile {
  /** The path that it has in the configuration. */
  readonly from: string;
}

/** Rules and dashboards of the user's own, which are packaged like ours. */
export interface Extra {
  readonly ruleFiles: readonly OwnRuleFile[];
  readonly dashboards: readonly Dashboard[];
  /** Changes all rules and dashboards of a configuration, those above included. */
  readonly transform?: (parts: ChangeableParts, config: object) => ChangeableParts;
}

/** What can be changed as a whole. */
interface ChangeableParts {
  readonly ruleFiles: readonly RuleFile[];
  readonly dashboards: readonly Dashboard[];
}

export const NO_EXTRA: Extra = { ruleFiles: [], dashboards: [] };
