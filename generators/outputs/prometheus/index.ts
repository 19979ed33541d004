import type { RuleFile } from '../../model/rules.ts';
import type { Target } from '../output.ts';
import { ruleGroupsTree } from '../rule-groups.ts';
import { yamlDocument } from '../yaml.ts';

/** The text of a plain rule file; packagings that carry one as text carry exactly this. */
export const plainRuleFile = ({ about, groups }: RuleFile): string => yamlDocument(about, ruleGroupsTree(groups));

/** Plain rule files: Prometheus, Thanos Ruler, Mimir, vmalert. */
export const prometheus: Target = {
  id: 'prometheus',
  emit: ({ ruleFiles }) =>
    ruleFiles.map((file) => ({
      path: `rules/prometheus/${file.name}.rules.yaml`,
      kind: 'rules',
      render: () => plainRuleFile(file),
    })),
};
