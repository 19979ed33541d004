import { output } from '../output.ts';
import { yamlDocument } from '../yaml.ts';

const FOLDER = 'helm-values';

/** Helm values of all charts, except those with rules, which have outputs of their own. */
export const helmValues = output({
  id: 'helm-values',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: (bundle) =>
    bundle.helmValues.map(({ chart, header, values }) => ({
      path: `${FOLDER}/${chart}.yaml`,
      kind: 'helm-values',
      format: 'yaml',
      document: 'syntax',
      render: () => yamlDocument(header, values),
    })),
});
