import { output } from '../output.ts';
import { yamlDocument } from '../yaml.ts';

const FOLDER = 'helm-values';

/** Values of every chart that takes no rule files; one that does has an output of its own. */
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
