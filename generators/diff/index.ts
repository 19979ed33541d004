import { draftsOf } from '../build/drafts.ts';
import { makeBundle } from '../build/bundle.ts';
import { type Fleet, isFleet } from '../fleet/index.ts';
import type { Extra } from '../model/extra.ts';
import type { Config } from '../registry.ts';
import { type Change, compare } from './compare.ts';
import { isSame } from './deep.ts';
import type { Facts } from './fact.ts';
import { factsOf } from './facts.ts';
import { packaging, type Written, writtenFacts } from './written.ts';

export { type Change, type FieldChange, isBreaking } from './compare.ts';
export { SECTIONS } from './fact.ts';

/** A configuration as it was read, with the user's own files. */
export interface Side {
  readonly read: Config | Fleet;
  readonly extra: Extra;
}

/** Changes, and the clusters of a fleet that have them; none for what is no fleet. */
export interface Changes {
  readonly clusters: readonly string[];
  readonly changes: readonly Change[];
}

/** What two configurations make of their clusters. */
export interface Comparison {
  readonly changes: readonly Changes[];
  /** Clusters that only the present configuration has. */
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

/** The configurations of a side by cluster. What is no fleet has no name, unless it is compared with one. */
const configsOf = ({ read }: Side, isNamed: boolean): ReadonlyMap<string, Config> =>
  isFleet(read)
    ? new Map(read.clusters.map(({ name, config }) => [name, config]))
    : new Map([[isNamed ? read.cluster.name : '', read]]);

/** What a fleet writes once for all of its clusters. */
const sharedOf = ({ read }: Side): readonly string[] => (isFleet(read) ? read.shared : []);

/** Another layout: outputs that are shared now, or no longer. */
function layoutChanges(before: Side, after: Side): readonly Changes[] {
  const [old, now] = [sharedOf(before), sharedOf(after)];
  if (isSame(old, now)) return [];
  const fields = [{ field: 'outputs', before: old, after: now }];
  return [{ clusters: [], changes: [{ section: 'files', name: 'fleet.shared', kind: 'changed', fields }] }];
}

const factsFor = (config: Config, extra: Extra): Facts => {
  const bundle = makeBundle(config, extra);
  return factsOf(
    bundle,
    draftsOf(config, bundle).map((draft) => {
      // Of objects that carry rules and dashboards; manifests are compared whole.
      const isPackaged = draft.document === 'object' && /^(?:rules|dashboards)\//.test(draft.path);
      return [draft.path, isPackaged ? packaging(draft.render(1)) : {}];
    }),
  );
};

/**
 * Compares what two configurations generate with this version. Clusters with the same changes stand together; a cluster whose settings are the same is not
 * built.
 * @example compareSides(await readSide('HEAD'), await readSide('.')).changes
 */
export function compareSides(before: Side, after: Side): Comparison {
  const isNamed = isFleet(before.read) || isFleet(after.read);
  const [old, now] = [configsOf(before, isNamed), configsOf(after, isNamed)];
  // A function may do anything else.
  const canSkip = before.extra.transform === undefined && after.extra.transform === undefined;
  const isSameExtra =
    canSkip && isSame(JSON.parse(JSON.stringify(before.extra)), JSON.parse(JSON.stringify(after.extra)));
  const groups = new Map<string, { clusters: string[]; changes: readonly Change[] }>();
  for (const [name, config] of now) {
    const other = old.get(name);
    if (other === undefined || (isSameExtra && isSame(other, config))) continue;
    const changes = compare(factsFor(other, before.extra), factsFor(config, after.extra));
    if (changes.length === 0) continue;
    // Each cluster has its own name in its values: what is the same but for that, is the same.
    const key = JSON.stringify(changes);
    const group = groups.get(key) ?? { clusters: [], changes };
    if (name !== '') group.clusters.push(name);
    groups.set(key, group);
  }
  return {
    changes: [...layoutChanges(before, after), ...groups.values()],
    added: [...now.keys()].filter((name) => !old.has(name)),
    gone: [...old.keys()].filter((name) => !now.has(name)),
  };
}

/** Compares files as they were written with files as they would be written now, so that a new version of Azimuth is seen. */
export function compareWritten(before: readonly Written[], after: readonly Written[]): Comparison {
  const changes = compare(writtenFacts(before), writtenFacts(after));
  return { changes: changes.length === 0 ? [] : [{ clusters: [], changes }], added: [], gone: [] };
}
