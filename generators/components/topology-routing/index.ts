import type { Problem } from '../../schema/problems.ts';
import { checkOf } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { atLeast } from '../../shared/version.ts';
import { component } from '../contract.ts';
import { kinds } from './kinds.ts';
import { REVISION_LABEL, routedServices, SAME_NODE_SINCE, SPREAD_BETA, spreadWorkloads } from './patches.ts';
import { READS, type RoutedConfig } from './settings.ts';

/** The annotation got its current name in this version; older clusters are unsupported. */
const ROUTING_SINCE = '1.27';

const check = checkOf<RoutedConfig>();

const services = check(['kubernetes.version', 'routing.services'], ({ kubernetes: { version }, routing }) => [
  ...problemIf(
    routing.services.length > 0 && !atLeast(version, ROUTING_SINCE),
    'kubernetes.version',
    version,
    `${ROUTING_SINCE} or newer for routing.services`,
  ),
  ...routing.services.flatMap(({ prefer }, index) =>
    problemIf(
      prefer === 'node' && !atLeast(version, SAME_NODE_SINCE),
      `routing.services.${index}.prefer`,
      prefer,
      `zone, or kubernetes.version ${SAME_NODE_SINCE} or newer, as ${version} does not know PreferSameNode by default`,
    ),
  ),
]);

const workloads = check(['kubernetes.version', 'routing.workloads'], ({ kubernetes: { version }, routing }) =>
  routing.workloads.flatMap(({ kind, labels, minDomains }, index) => [
    ...problemIf(
      minDomains !== undefined && !atLeast(version, SPREAD_BETA),
      `routing.workloads.${index}.minDomains`,
      minDomains,
      `kubernetes.version ${SPREAD_BETA} or newer, as ${version} does not enable it by default`,
    ),
    ...problemIf(
      kind === 'Deployment' && Object.hasOwn(labels, REVISION_LABEL),
      `routing.workloads.${index}.labels.${REVISION_LABEL}`,
      labels[REVISION_LABEL],
      'labels that all revisions share: Kubernetes sets this one, and it differs between revisions',
    ),
  ]),
);

const repeated = (path: string, names: readonly string[]): readonly Problem[] =>
  names.flatMap((name, index) =>
    problemIf(names.indexOf(name) !== index, `${path}.${index}`, name, 'each object once'),
  );

const once = check(['routing'], ({ routing }) => [
  ...repeated(
    'routing.services',
    routing.services.map(({ namespace, name }) => `${namespace}/${name}`),
  ),
  ...repeated(
    'routing.workloads',
    routing.workloads.map(({ namespace, kind, name }) => `${kind} ${namespace}/${name}`),
  ),
]);

/** Zone-aware routing: patches for the listed Services and workloads. */
export const topologyRouting = component({
  id: 'topology-routing',
  settings: {},
  reads: READS,
  checks: [services, workloads, once],
  enabled: ({ routing }) =>
    routing.services.length + routing.workloads.length > 0 || 'routing has no services and no workloads',
  demands: [
    { output: 'manifests', setting: 'routing.services', when: ({ routing }) => routing.services.length > 0 },
    { output: 'manifests', setting: 'routing.workloads', when: ({ routing }) => routing.workloads.length > 0 },
  ],
  manifests: (config) => [...routedServices(config), ...spreadWorkloads(config)],
  kinds,
});
