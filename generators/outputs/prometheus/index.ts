import { output } from '../output.ts';
import { plainRuleFile, RULE_GROUPS } from '../rule-groups.ts';

const FOLDER = 'rules/prometheus';

/** Plain rule files: Prometheus, Thanos Ruler, Mimir, vmalert. */
export const prometheus = output({
  id: 'prometheus',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: ({ ruleFiles }) =>
    ruleFiles.map((file) => ({
      path: `${FOLDER}/${file.name}.rules.yaml`,
      kind: 'rules',
      format: 'yaml',
      document: { schema: RULE_GROUPS },
      render: () => plainRuleFile(file),
    })),
});
