import type { Target } from '../output.ts';
import { yamlDocument } from '../yaml.ts';

/** Values of every chart but kube-prometheus-stack, which has a target of its own because it carries rules. */
export const helmValues: Target = {
  id: 'helm-values',
  emit: (bundle) =>
    bundle.helmValues
      .filter(({ chart }) => chart !== 'kube-prometheus-stack')
      .map(({ chart, about, values }) => ({
        path: `helm-values/${chart}.yaml`,
        kind: 'helm-values',
        render: () => yamlDocument(about, values),
      })),
};
