import type { Target } from '../model/target.ts';
import { yamlDocument } from './yaml.ts';

/** Kubernetes resources for `kubectl apply`, one a file. */
export const manifests: Target = {
  id: 'manifests',
  emit: (bundle) =>
    bundle.manifests.map(({ name, about, apiVersion, kind, metadata, spec }) => ({
      path: `manifests/${name}.yaml`,
      kind: 'manifest',
      render: () => yamlDocument(about, { apiVersion, kind, metadata: { ...metadata }, spec }),
    })),
};
