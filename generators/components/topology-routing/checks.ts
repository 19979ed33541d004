import type { Problem } from '../../schema/problems.ts';
import { checkOf, problem, type Check } from '../../settings/check.ts';
import { atLeast } from '../../shared/version.ts';
import type { RoutingConfig } from './settings.ts';
import { REVISION_LABEL, SPREAD_BETA } from './workloads.ts';

const isOlder = (version: string, than: string): boolean => !atLeast(`v${version}.0`, `v${than}.0`);

/** The annotation has its present name since then; older clusters are out of support. */
const ROUTING_SINCE = '1.27';

const check = checkOf<RoutingConfig>();

const services = check(['kubernetes.version', 'routing.services'], ({ kubernetes: { version }, routing }) =>
  routing.services.length > 0 && isOlder(version, ROUTING_SINCE)
    ? [problem('kubernetes.version', version, `${ROUTING_SINCE} or newer for routing.services`)]
    : [],
);

const workloads = check(['kubernetes.version', 'routing.workloads'], ({ kubernetes: { version }, routing }) =>
  routing.workloads.flatMap(({ kind, labels, minDomains }, index): Problem[] => {
    const path = `routing.workloads.${index}`;
    const revision = labels[REVISION_LABEL];
    return [
      ...(minDomains !== undefined && isOlder(version, SPREAD_BETA)
        ? [
            problem(
              `${path}.minDomains`,
              minDomains,
              `kubernetes.version ${SPREAD_BETA} or newer, as ${version} does not know it by default`,
            ),
          ]
        : []),
      ...(kind === 'Deployment' && revision !== undefined
        ? [
            problem(
              `${path}.labels.${REVISION_LABEL}`,
              revision,
              'labels that all revisions have: this one tells them apart, and is set by Kubernetes',
            ),
          ]
        : []),
    ];
  }),
);

const repeated = (path: string, names: readonly string[]): Problem[] =>
  names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [problem(`${path}.${index}`, name, 'each object once')],
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

/** Whether the patches can be had as asked. */
export const checks: readonly Check[] = [services, workloads, once];
