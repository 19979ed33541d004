import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { atLeast } from '../../shared/version.ts';
import type { RoutingConfig } from './settings.ts';

/** What makes traffic of a Service prefer its zone: a field, or an annotation where the field is not on. */
type Mechanism = { readonly field: 'PreferSameZone' | 'PreferClose' } | { readonly annotation: 'Auto' };

/**
 * By version, what is on by default: PreferSameZone since 1.34, PreferClose since 1.31, before that the annotation.
 * Upstream: Kubernetes, feature gates ServiceTrafficDistribution and PreferSameTrafficDistribution.
 */
function mechanism({ kubernetes: { version } }: RoutingConfig): Mechanism {
  if (atLeast(version, '1.34')) return { field: 'PreferSameZone' };
  return atLeast(version, '1.31') ? { field: 'PreferClose' } : { annotation: 'Auto' };
}

const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';

/** What the annotation was called before 1.27. It is still read, and wins. */
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

const NO_OVERLOAD =
  'It has no protection against overload: a zone with few pods and many callers stays overloaded. Spread the pods over the zones ' +
  '(routing.workloads).';

/** Seen with a kube-apiserver 1.30.14: `kubectl patch` succeeds, and the Service has neither field nor annotation. */
const OLDER =
  'An API server before 1.31 drops the field without an error, and the annotation is gone then: kubernetes.version must be right.\n';

function annotations(chosen: Mechanism): Tree {
  return 'field' in chosen
    ? because('The annotation would override the field below: it is removed, under both of its names.', {
        [TOPOLOGY_MODE]: null,
        [TOPOLOGY_HINTS]: null,
      })
    : {
        [TOPOLOGY_MODE]: because(
          'The field trafficDistribution is not on by default before 1.31. Hints are dropped where a zone has too few endpoints: three ' +
            'for each zone are rarely too few.',
          chosen.annotation,
        ),
        [TOPOLOGY_HINTS]: because('The older name of the annotation, which would win.', null),
      };
}

const spec = (chosen: Mechanism): Tree | undefined =>
  'field' in chosen
    ? {
        trafficDistribution: because(
          chosen.field === 'PreferClose'
            ? `Called PreferSameZone from 1.34 on; this name stays as its alias. ${NO_OVERLOAD}`
            : NO_OVERLOAD,
          chosen.field,
        ),
      }
    : undefined;

/** The patches that let the traffic of named Services stay in its zone. */
export const routedServices = (config: RoutingConfig): readonly Manifest[] =>
  config.routing.services.map(({ namespace, name, internalTrafficPolicy }) => {
    const file = `routing/${namespace}/service-${name}`;
    const chosen = mechanism(config);
    const local =
      internalTrafficPolicy === 'Local'
        ? 'WARNING: this Service has internalTrafficPolicy: Local, which wins: traffic from inside the cluster stays on its node or is ' +
          'dropped, whatever the zone. The patch takes effect when that is removed.\n'
        : 'internalTrafficPolicy: Local on the Service would win over it.\n';
    return {
      name: file,
      header:
        `A patch that keeps the traffic of Service ${name} in ${namespace} in its zone, for Kubernetes ${config.kubernetes.version}. ` +
        'A strategic merge patch: everything else of the Service stays.\n' +
        local +
        ('field' in chosen ? OLDER : '') +
        `kubectl patch service ${name} --namespace ${namespace} --patch-file manifests/${file}.yaml\n` +
        `In a kustomization that holds the Service: patches: [{ path: manifests/${file}.yaml }]. In values of a chart, or in a Git ` +
        'repository that owns the Service, set the same there: whoever applies it would take the patch back.',
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

/** The label that a Deployment gives the pods of one revision. A StatefulSet's pods keep their places over revisions. */
export const REVISION_LABEL = 'pod-template-hash';

const ZONE = 'topology.kubernetes.io/zone';

/**
 * Two tools, two keys of this list: kubectl and the API server merge constraints by topologyKey, kustomize by topologyKey and
 * whenUnsatisfiable. Without the deletion the first leave selectors and policies of the old constraint in the new one, and the second
 * leaves the old one beside it. Seen with both in Kubernetes 1.35. Upstream: core/v1 PodSpec, patchMergeKey and listMapKey.
 */
const REPLACES =
  'A constraint on zones that was there goes, with its selector and policies; without this, they would be merged with ours.';

/** The patches that spread named workloads over zones. */
export const spreadWorkloads = (config: RoutingConfig): readonly Manifest[] =>
  config.routing.workloads.map(({ namespace, kind, name, labels, maxSkew = 1, minDomains }) => {
    const file = `routing/${namespace}/${kind.toLowerCase()}-${name}`;
    const byRevision = kind === 'Deployment' && atLeast(config.kubernetes.version, SPREAD_BETA);
    return {
      name: file,
      header:
        `A patch that spreads the pods of ${kind} ${name} in ${namespace} over zones. A strategic merge patch: of the constraints of ` +
        'the workload, those on zones are replaced and others stay. Applying it starts a rollout.\n' +
        'Scaling down does not look at it: the descheduler (helm-values/descheduler.yaml) moves pods back.\n' +
        `kubectl patch ${kind.toLowerCase()} ${name} --namespace ${namespace} --patch-file manifests/${file}.yaml\n` +
        `In a kustomization that holds the workload: patches: [{ path: manifests/${file}.yaml }]. Kustomize ` +
        'merges this one with a DoNotSchedule on zones that is there, where kubectl patch replaces it: remove that by hand.',
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
                  maxSkew: because('Most pods that a zone may have more than the one with the fewest.', maxSkew),
                  minDomains:
                    minDomains === undefined
                      ? undefined
                      : because(
                          'With fewer zones, pods wait for one instead of crowding into those that are there.',
                          minDomains,
                        ),
                  topologyKey: ZONE,
                  whenUnsatisfiable: because(
                    'ScheduleAnyway would be a wish. Pods wait where a zone has no room: they may be Pending.',
                    'DoNotSchedule',
                  ),
                  labelSelector: { matchLabels: labels },
                  matchLabelKeys: byRevision
                    ? because(
                        'Each revision is spread by itself; or a rollout leaves the new one where the old one was not.',
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
