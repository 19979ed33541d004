import { output } from '../output.ts';
import { yamlDocument } from '../yaml.ts';

const FOLDER = 'manifests';

/** Kubernetes resources and patches for `kubectl`, and profiles of tools, one a file. */
export const manifests = output({
  id: 'manifests',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: (bundle) =>
    bundle.manifests.map(({ name, header, content, document }) => ({
      path: `${FOLDER}/${name}.yaml`,
      kind: 'manifest',
      format: 'yaml',
      document: document ?? 'object',
      render: () => yamlDocument(header, content),
    })),
});
