import { OUTPUTS, type OutputName } from '../registry.ts';
import { type Problem, show, suggestion } from '../schema/problems.ts';
import { isMapping } from '../settings/section.ts';

/** Keys of a configuration beside its settings. */
export const FLEET_KEYS = ['extends', 'extra', 'clusters', 'fleet'] as const;

/** Outputs that can be written once for a whole fleet: rules for one ruler, dashboards for one Grafana. Values and manifests are a cluster's own. */
const SHAREABLE: readonly OutputName[] = OUTPUTS.map(({ id }) => id).filter(
  (id) => !['helm-values', 'manifests', 'kube-prometheus-stack'].includes(id),
);

/** One Grafana shows all clusters; each cluster evaluates its own rules, but in AMP, whose workspace holds all of them. */
const SHARED: readonly OutputName[] = ['grafana', 'grafana-sidecar', 'grafana-operator', 'git-sync', 'amp'];

/** The name of a cluster in a configuration: also that of its folder. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The keys of a fleet, for editors. Each cluster may change every setting; `settings` are the names of all sections. */
export const fleetSchema = (sections: readonly string[]): Record<string, unknown> => ({
  extends: {
    type: 'string',
    minLength: 1,
    description: 'A configuration in YAML that this one changes; a path from this file.',
  },
  fleet: {
    type: 'object',
    additionalProperties: false,
    description: 'What the clusters of a fleet share.',
    properties: {
      shared: {
        type: 'array',
        items: { enum: [...SHAREABLE] },
        default: [...SHARED],
        description:
          'Outputs that are written once for all clusters, into shared/. The others are written for each cluster, into clusters/NAME/.',
      },
    },
  },
  clusters: {
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: NAME.source },
    description:
      'A fleet: for each cluster what differs from the settings beside it. Mappings merge, everything else replaces.',
    additionalProperties: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: Object.fromEntries(sections.map((name) => [name, { $ref: `#/properties/${name}` }])),
    },
  },
});

/** A mapping of settings as it was written, before any default. */
export type Given = Readonly<Record<string, unknown>>;

/** A fleet as it was written. */
export interface GivenFleet {
  /** Settings beside `clusters`. */
  readonly common: Given;
  /** What each cluster changes, in the order of the file. */
  readonly clusters: readonly { readonly name: string; readonly changes: Given }[];
  /** Outputs that are written once for all. */
  readonly shared: readonly OutputName[];
}

const got = (path: string, value: unknown, expected: string): Problem => ({
  path,
  message: `got ${show(value)}, expected ${expected}`,
});

function sharedProblems(fleet: unknown): readonly Problem[] {
  if (fleet === undefined || fleet === null) return [];
  if (!isMapping(fleet)) return [got('fleet', fleet, 'a mapping such as { shared: [grafana, amp] }')];
  const { shared, ...others } = fleet as { shared?: unknown };
  const unknown = Object.keys(others).map((key) => ({
    path: `fleet.${key}`,
    message: `unknown setting, ${suggestion(key, ['shared'])}`,
  }));
  if (shared === undefined) return unknown;
  if (!Array.isArray(shared)) return [...unknown, got('fleet.shared', shared, 'a list of outputs')];
  const wrong = shared.flatMap((id: unknown, index): Problem[] =>
    SHAREABLE.some((known) => known === id)
      ? []
      : [got(`fleet.shared.${index}`, id, `an output that clusters can share: ${SHAREABLE.join(', ')}`)],
  );
  return [...unknown, ...wrong];
}

function clusterProblems(clusters: unknown): readonly Problem[] {
  if (!isMapping(clusters) || Object.keys(clusters).length === 0) {
    return [
      got(
        'clusters',
        clusters,
        'a mapping of at least one cluster, such as { production: { cloud: { region: eu-west-1 } } }',
      ),
    ];
  }
  const seen = new Map<string, string>();
  return Object.entries(clusters).flatMap(([name, changes]): Problem[] => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return [
      ...(NAME.test(name)
        ? []
        : [
            got(
              'clusters',
              name,
              'a name of letters, digits, dots, dashes and underscores: it is also that of a folder',
            ),
          ]),
      ...(other === undefined
        ? []
        : [
            got(
              'clusters',
              name,
              `a name that differs from ${other} by more than upper and lower case, which some file systems ignore`,
            ),
          ]),
      ...(changes === null || isMapping(changes)
        ? []
        : [got(`clusters.${name}`, changes, 'a mapping of the settings that differ for this cluster')]),
    ];
  });
}

/**
 * Takes a fleet apart. @returns the fleet, undefined where the configuration has no `clusters`, or the problems of its shape.
 * @example fleetOf({ cluster: { label: 'cluster' }, clusters: { prod: null } })
 */
export function fleetOf(given: Given): { readonly fleet?: GivenFleet; readonly problems: readonly Problem[] } {
  const { clusters, fleet, ...common } = given;
  if (clusters === undefined) {
    return fleet === undefined
      ? { problems: [] }
      : { problems: [{ path: 'fleet', message: 'goes with clusters, and there are none' }] };
  }
  const problems = [...clusterProblems(clusters), ...sharedProblems(fleet)];
  if (problems.length > 0) return { problems };
  return {
    problems,
    fleet: {
      common,
      clusters: Object.entries(clusters as Record<string, Given | null>).map(([name, changes]) => ({
        name,
        changes: changes ?? {},
      })),
      shared: (fleet as { shared?: OutputName[] } | null | undefined)?.shared ?? SHARED,
    },
  };
}
