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
}

export const NO_EXTRA: Extra = { ruleFiles: [], dashboards: [] };
