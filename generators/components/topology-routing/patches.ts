import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { atLeast } from '../../shared/version.ts';
import type { RoutedConfig } from './settings.ts';

/** How a Service prefers its own zone: a field, or an annotation in versions without the field. */
type Mechanism =
  { readonly field: 'PreferSameNode' | 'PreferSameZone' | 'PreferClose' } | { readonly annotation: 'Auto' };

/** From this version on, PreferSameZone and PreferSameNode are on by default. Before, the API server takes PreferClose only. */
export const SAME_NODE_SINCE = '1.34';

/**
 * The mechanism that is on by default: PreferSameZone since 1.34, PreferClose since 1.31, the annotation before.
 * Upstream: Kubernetes, feature gates ServiceTrafficDistribution and PreferSameTrafficDistribution.
 */
function mechanism({ kubernetes: { version } }: RoutedConfig, prefer: 'zone' | 'node'): Mechanism {
  if (atLeast(version, SAME_NODE_SINCE)) return { field: prefer === 'node' ? 'PreferSameNode' : 'PreferSameZone' };
  return atLeast(version, '1.31') ? { field: 'PreferClose' } : { annotation: 'Auto' };
}

const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';

/** The annotation's name before 1.27. It is still read, and takes precedence. */
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

const SAME_NODE =
  'Endpoints on the node of the caller first, those of its zone where the node has none. The busiest node has the busiest endpoint.';

const NO_OVERLOAD =
  'No overload protection: a zone with few pods and many callers stays overloaded. Spread the pods across zones (routing.workloads).';

/** Seen with a kube-apiserver 1.30.14: `kubectl patch` succeeds, and the Service has neither field nor annotation. */
const OLDER =
  'An API server before 1.31 silently drops the field, and the annotation is removed: kubernetes.version must be correct.\n';

function annotations(chosen: Mechanism): Tree {
  return 'field' in chosen
    ? because('The annotation would override the field below, so it is removed under both names.', {
        [TOPOLOGY_MODE]: null,
        [TOPOLOGY_HINTS]: null,
      })
    : {
        [TOPOLOGY_MODE]: because(
          'The field trafficDistribution is off by default before 1.31. Hints are dropped if a zone has too few endpoints; three per ' +
            'zone are usually enough.',
          chosen.annotation,
        ),
        [TOPOLOGY_HINTS]: because('The older name of the annotation, which would take precedence.', null),
      };
}

const WHY: Readonly<Record<Extract<Mechanism, { readonly field: string }>['field'], readonly string[]>> = {
  PreferSameNode: [SAME_NODE],
  PreferSameZone: [],
  PreferClose: ['Renamed to PreferSameZone in 1.34; this name remains as an alias.'],
};

const spec = (chosen: Mechanism): Tree | undefined =>
  'field' in chosen
    ? {
        trafficDistribution: because([...WHY[chosen.field], NO_OVERLOAD].join(' '), chosen.field),
      }
    : undefined;

/** Patches that keep traffic of the listed Services in its zone. */
export const routedServices = (config: RoutedConfig): readonly Manifest[] =>
  config.routing.services.map(({ namespace, name, prefer = 'zone', internalTrafficPolicy }) => {
    const file = `routing/${namespace}/service-${name}`;
    const chosen = mechanism(config, prefer);
    const local =
      internalTrafficPolicy === 'Local'
        ? 'WARNING: this Service has internalTrafficPolicy: Local, which takes precedence: traffic from inside the cluster stays on its ' +
          'node or is dropped, regardless of zones. The patch takes effect once it is removed.\n'
        : 'internalTrafficPolicy: Local on the Service would take precedence.\n';
    return {
      name: file,
      header:
        `A patch that keeps the traffic of Service ${name} in ${namespace} ${prefer === 'node' ? 'on its node or ' : ''}in its zone, for Kubernetes ${config.kubernetes.version}. ` +
        'A strategic merge patch: the rest of the Service stays.\n' +
        local +
        ('field' in chosen ? OLDER : '') +
        `kubectl patch service ${name} --namespace ${namespace} --patch-file manifests/${file}.yaml\n` +
        `In a kustomization that holds the Service: patches: [{ path: manifests/${file}.yaml }]. If a chart or a Git repository ` +
        'owns the Service, set the same there: otherwise the next sync reverts the patch.',
      content: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace, annotations: annotations(chosen) },
        spec: spec(chosen),
      },
    };
  });

/** From this version on, minDomains and matchLabelKeys are on by default. */
export const SPREAD_BETA = '1.27';

/** The label that tells a Deployment's revisions apart. Pods of a StatefulSet keep their zones across revisions. */
export const REVISION_LABEL = 'pod-template-hash';

const ZONE = 'topology.kubernetes.io/zone';

/**
 * Two tools, two merge keys: kubectl and the API server merge constraints by topologyKey, kustomize by topologyKey and
 * whenUnsatisfiable. Without the deletion, the former merge selectors and policies of the old constraint into the new one, and the
 * latter keeps both constraints. Seen with both in Kubernetes 1.35. Upstream: core/v1 PodSpec, patchMergeKey and listMapKey.
 */
const REPLACES =
  'Removes an existing zone constraint with its selector and policies, which would otherwise be merged into this one.';

/** Patches that spread the listed workloads across zones. */
export const spreadWorkloads = (config: RoutedConfig): readonly Manifest[] =>
  config.routing.workloads.map(({ namespace, kind, name, labels, maxSkew = 1, minDomains }) => {
    const file = `routing/${namespace}/${kind.toLowerCase()}-${name}`;
    const byRevision = kind === 'Deployment' && atLeast(config.kubernetes.version, SPREAD_BETA);
    return {
      name: file,
      header:
        `A patch that spreads the pods of ${kind} ${name} in ${namespace} across zones. A strategic merge patch: it replaces ` +
        'the zone constraints of the workload and keeps others. Applying it starts a rollout.\n' +
        'Scaling down ignores constraints: the descheduler (helm-values/descheduler.yaml) restores the spread.\n' +
        `kubectl patch ${kind.toLowerCase()} ${name} --namespace ${namespace} --patch-file manifests/${file}.yaml\n` +
        `In a kustomization that holds the workload: patches: [{ path: manifests/${file}.yaml }]. Kustomize ` +
        'merges this constraint with an existing DoNotSchedule on zones, which kubectl patch replaces: remove the existing one by hand.',
      content: {
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, namespace },
        spec: {
          template: {
            spec: {
              topologySpreadConstraints: [
                because(REPLACES, { $patch: 'delete', topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway' }),
                {
                  maxSkew: because('Maximum difference in pods between a zone and the emptiest one.', maxSkew),
                  minDomains:
                    minDomains === undefined
                      ? undefined
                      : because('With fewer zones, pods wait instead of crowding into the existing ones.', minDomains),
                  topologyKey: ZONE,
                  whenUnsatisfiable: because(
                    'ScheduleAnyway would only be a preference. Pods stay Pending if a zone has no room.',
                    'DoNotSchedule',
                  ),
                  labelSelector: { matchLabels: labels },
                  matchLabelKeys: byRevision
                    ? because(
                        'Spreads each revision by itself; otherwise a rollout places new pods only where the old ones were not.',
                        [REVISION_LABEL],
                      )
                    : undefined,
                },
              ],
            },
          },
        },
      },
    };
  });
