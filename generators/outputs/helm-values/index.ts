import { STACK_CHART } from '../kube-prometheus-stack/index.ts';
import { output } from '../output.ts';
import { yamlDocument } from '../yaml.ts';

const FOLDER = 'helm-values';

/** Values of every chart but kube-prometheus-stack, which has an output of its own because it carries rules. */
export const helmValues = output({
  id: 'helm-values',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: (bundle) =>
    bundle.helmValues
      .filter(({ chart }) => chart !== STACK_CHART)
      .map(({ chart, about, values }) => ({
        path: `${FOLDER}/${chart}.yaml`,
        kind: 'helm-values',
        format: 'yaml',
        document: 'syntax',
        render: () => yamlDocument(about, values),
      })),
});
