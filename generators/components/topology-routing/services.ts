import type { RoutingConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';

/** What makes traffic of a Service prefer its zone: a field, or an annotation where the field is not on. */
type Mechanism = { readonly field: 'PreferSameZone' | 'PreferClose' } | { readonly annotation: 'Auto' };

/**
 * By version, what is on by default: PreferSameZone since 1.34, PreferClose since 1.31, before that the annotation.
 * Upstream: Kubernetes, feature gates ServiceTrafficDistribution and PreferSameTrafficDistribution.
 */
export function mechanism({ kubernetes: { version } }: RoutingConfig): Mechanism {
  const release = `v${version}.0`;
  if (atLeast(release, 'v1.34.0')) return { field: 'PreferSameZone' };
  return atLeast(release, 'v1.31.0') ? { field: 'PreferClose' } : { annotation: 'Auto' };
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
