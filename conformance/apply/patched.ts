import type { KubeObject } from './files.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

interface Constraint {
  readonly topologyKey?: string;
  readonly $patch?: string;
  readonly labelSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}

/** What a patch of a workload, or an answer, says about spreading. */
interface Spread {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly topologySpreadConstraints?: readonly Constraint[] } };
  };
}

const constraintsOf = (object: unknown): readonly Constraint[] =>
  (object as Spread).spec?.template?.spec?.topologySpreadConstraints ?? [];

/** The constraint that a patch brings; the other item of its list removes what was there. */
const broughtBy = (patch: KubeObject): Constraint | undefined =>
  constraintsOf(patch).find(({ $patch }) => $patch === undefined);

/** A Service that had the annotation of older releases. */
const service = ({ metadata: { name, namespace } }: KubeObject) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, annotations: { kept: 'yes', 'service.kubernetes.io/topology-mode': 'Auto' } },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
});

/** A workload that was spread over zones in another way, and over hosts. */
function workload(patch: KubeObject) {
  const { kind, apiVersion } = patch;
  const { name, namespace } = patch.metadata;
  const labels = broughtBy(patch)?.labelSelector?.matchLabels ?? { app: name };
  const constraint = { maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } };
  return {
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      ...(kind === 'StatefulSet' && { serviceName: name }),
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'main', image: 'main:1' }],
          topologySpreadConstraints: [
            { ...constraint, topologyKey: ZONE, nodeAffinityPolicy: 'Ignore' },
            { ...constraint, topologyKey: HOST },
          ],
        },
      },
    },
  };
}

/** An object that a patch may be for, with settings that it must replace and settings that it must leave. */
export const objectFor = (patch: KubeObject): object => (patch.kind === 'Service' ? service(patch) : workload(patch));

/**
 * What must be in the object after the patch: the patch with its instructions carried out. Constraints stand in the order in which
 * kubectl merges them, so that they are found by their key.
 */
export function expectedAfter(
  patch: KubeObject,
  answer: unknown,
): { readonly expected: object; readonly answer: unknown } {
  const brought = broughtBy(patch);
  if (brought === undefined) {
    return {
      expected: { ...patch, metadata: { ...patch.metadata, annotations: { kept: 'yes', ...annotationsOf(patch) } } },
      answer,
    };
  }
  const all = constraintsOf(answer);
  const of = (key: string): readonly Constraint[] => all.filter(({ topologyKey }) => topologyKey === key);
  const host = { maxSkew: 5, topologyKey: HOST, whenUnsatisfiable: 'ScheduleAnyway' };
  return {
    // Every key of the old constraint must be gone, hence null for the one that ours has not.
    expected: { zones: [{ ...brought, nodeAffinityPolicy: null }], hosts: [host] },
    answer: { zones: of(ZONE), hosts: of(HOST) },
  };
}

const annotationsOf = ({ metadata }: KubeObject): object =>
  (metadata as { readonly annotations?: object }).annotations ?? {};
