import { DNS_LABEL, DNS_SUBDOMAIN, LABEL_KEY, POSITIVE_INT32 } from '../../schema/formats.ts';
import { closed, type Kinds, listOf, object, oneOf, type Schema, SELECTOR } from '../../schema/objects.ts';
import type { Problem } from '../../schema/problems.ts';

/** Annotations in a patch; null removes one. */
const PATCHED: Schema = closed({
  'service.kubernetes.io/topology-mode': oneOf('Auto', null),
  'service.kubernetes.io/topology-aware-hints': oneOf(null),
});

const patchOf = (more: Readonly<Record<string, Schema>> = {}, name: Schema = DNS_SUBDOMAIN): Schema =>
  closed({ 'name!': name, 'namespace!': DNS_LABEL, ...more });

const ZONE = oneOf('topology.kubernetes.io/zone');
const WHEN = oneOf('DoNotSchedule', 'ScheduleAnyway');

const CONSTRAINT: Schema = {
  ...closed({
    'maxSkew!': POSITIVE_INT32,
    minDomains: POSITIVE_INT32,
    'topologyKey!': ZONE,
    'whenUnsatisfiable!': WHEN,
    'labelSelector!': SELECTOR,
    matchLabelKeys: listOf(LABEL_KEY),
  }),
  // Kubernetes refuses minDomains with ScheduleAnyway.
  if: { required: ['minDomains'] },
  then: { properties: { whenUnsatisfiable: { const: 'DoNotSchedule', expected: 'DoNotSchedule with minDomains' } } },
};

/** Removes a constraint. kubectl finds it by topologyKey, kustomize by both keys. */
const REMOVAL: Schema = closed({ '$patch!': oneOf('delete'), 'topologyKey!': ZONE, 'whenUnsatisfiable!': WHEN });

const SPREAD: Schema = closed({
  'template!': closed({
    'spec!': closed({
      'topologySpreadConstraints!': listOf({ if: { required: ['$patch'] }, then: REMOVAL, else: CONSTRAINT }),
    }),
  }),
});

const workload = { schema: () => object(patchOf(), { 'spec!': SPREAD }) };

function patchesNothing(document: object): readonly Problem[] {
  const { metadata, spec } = document as {
    readonly metadata: { readonly annotations?: object };
    readonly spec?: object;
  };
  return metadata.annotations === undefined && spec === undefined
    ? [{ path: '', message: 'got a patch that changes nothing, expected metadata.annotations or spec' }]
    : [];
}

/** Kinds that are only patched: the objects belong to others. */
export const kinds: Kinds = {
  'v1 Service': {
    schema: () =>
      object(patchOf({ annotations: PATCHED }, DNS_LABEL), {
        spec: closed({ trafficDistribution: oneOf('PreferSameZone', 'PreferSameNode', 'PreferClose') }),
      }),
    check: patchesNothing,
  },
  'apps/v1 Deployment': workload,
  'apps/v1 StatefulSet': workload,
};
