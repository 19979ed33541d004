import type { Target } from '../output.ts';
import { yamlDocument } from '../yaml.ts';

/** Kubernetes resources and patches for `kubectl`, and profiles of tools, one a file. */
export const manifests: Target = {
  id: 'manifests',
  emit: (bundle) =>
    bundle.manifests.map(({ name, about, content }) => ({
      path: `manifests/${name}.yaml`,
      kind: 'manifest',
      render: () => yamlDocument(about, content),
    })),
};
