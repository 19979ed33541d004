import type { Target } from '../model/target.ts';
import { ruleGroupsTree } from './rule-groups.ts';
import { yamlDocument } from './yaml.ts';

/** Plain rule files: Prometheus, Thanos Ruler, Mimir, vmalert. */
export const prometheus: Target = {
  id: 'prometheus',
  emit: ({ ruleFiles }) =>
    ruleFiles.map(({ name, about, groups }) => ({
      path: `rules/prometheus/${name}.rules.yaml`,
      kind: 'rules',
      render: () => yamlDocument(about, ruleGroupsTree(groups)),
    })),
};
