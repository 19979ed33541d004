import type { RoutingConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';

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
    const byRevision = kind === 'Deployment' && atLeast(`v${config.kubernetes.version}.0`, `v${SPREAD_BETA}.0`);
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
