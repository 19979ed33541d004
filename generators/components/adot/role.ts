import type { AdotConfig } from './settings.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';

const roleName = ({ adot }: AdotConfig): string => `azimuth-${adot.name}`;

/** What the collector may read: the scrape jobs ask the API server for pods and for nothing else. */
const role = (config: AdotConfig): Manifest => ({
  name: 'adot-collector-role',
  header:
    'What the collector of manifests/adot-collector.yaml may read.\n' +
    applyCommand(config, 'manifests/adot-collector-role.yaml'),
  content: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: roleName(config) },
    rules: [
      {
        apiGroups: [''],
        resources: because('All scrape jobs discover pods; the public sample allows much more.', ['pods']),
        verbs: ['get', 'list', 'watch'],
      },
    ],
  },
});

const binding = (config: AdotConfig): Manifest => ({
  name: 'adot-collector-role-binding',
  header:
    `Gives the role to the service account ${config.adot.serviceAccount}, which must exist.\n` +
    applyCommand(config, 'manifests/adot-collector-role-binding.yaml'),
  content: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: roleName(config) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName(config) },
    subjects: [{ kind: 'ServiceAccount', name: config.adot.serviceAccount, namespace: config.adot.namespace }],
  },
});

/** The permissions of the collector. */
export const adotRoles = (config: AdotConfig): readonly Manifest[] => [role(config), binding(config)];
