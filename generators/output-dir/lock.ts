import { createHash } from 'node:crypto';
import { listed, messageOf, ProblemError, show } from '../schema/problems.ts';
import { MARK, type Artifact, type ArtifactKind, type Draft } from '../model/artifact.ts';

/** Path of the lock in the output folder. */
export const LOCK_PATH = 'artifacts.lock.json';

/** The lock's entry of an artifact. `sha256` is the hash of the whole file, as printed by `sha256sum`. */
export interface LockEntry {
  readonly path: string;
  readonly kind: ArtifactKind;
  readonly version: number;
  readonly sha256: string;
}

/** The hash of a text, as printed by `sha256sum`. */
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const isEntry = (entry: unknown): entry is LockEntry => {
  const { path, version, sha256: hash } = (entry ?? {}) as Partial<Record<keyof LockEntry, unknown>>;
  return typeof path === 'string' && typeof hash === 'string' && Number.isInteger(version) && (version as number) > 0;
};

/**
 * Parses the committed lock.
 * @param text content of artifacts.lock.json; undefined if there is none, which gives an empty lock.
 * @throws ProblemError if the lock is damaged: otherwise all versions would silently restart at 1.
 */
export function parseLock(text: string | undefined): readonly LockEntry[] {
  if (text === undefined) return [];
  const advice = 'restore it from version control, or delete it to let all versions start at 1';
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(LOCK_PATH, [{ path: '', message: `not JSON (${messageOf(error)}): ${advice}` }]);
  }
  const { artifacts, retired = [] } = (lock ?? {}) as { artifacts?: unknown; retired?: unknown };
  const lists = { artifacts, retired };
  const problems = Object.entries(lists).flatMap(([path, list]) => {
    if (Array.isArray(list) && list.every(isEntry)) return [];
    const bad = Array.isArray(list) ? list.find((entry) => !isEntry(entry)) : list;
    return [{ path, message: `got ${show(bad)}, expected a list of {path, kind, version, sha256}: ${advice}` }];
  });
  if (problems.length > 0) throw new ProblemError(LOCK_PATH, problems);
  return Object.values(lists).flat() as LockEntry[];
}

/**
 * Renders every draft with its version: the version of the lock if the content is unchanged, otherwise the next one. Returns the artifacts
 * in the order of their paths, the lock last. Files that are no longer generated stay in the lock as retired, so that their versions
 * continue if they return: to Grafana, a lower version is an older dashboard.
 * @param clusters the names of the clusters that the files are for, so that another cluster's build does not replace them.
 */
export function versioned(
  drafts: readonly Draft[],
  lock: readonly LockEntry[],
  clusters: readonly string[] = [],
): readonly Artifact[] {
  const known = new Map(lock.map((entry) => [entry.path, entry]));
  const sortedDrafts = drafts.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const entries = sortedDrafts.map(({ render, ...draft }) => {
    const { path, kind } = draft;
    const before = known.get(path);
    const unchanged = render(before?.version ?? 1);
    const version =
      before === undefined || sha256(unchanged) === before.sha256 ? (before?.version ?? 1) : before.version + 1;
    const text = version === before?.version ? unchanged : render(version);
    return { artifact: { ...draft, text }, entry: { path, kind, version, sha256: sha256(text) } };
  });
  const drafted = new Set(drafts.map(({ path }) => path));
  const retired = lock.filter(({ path }) => !drafted.has(path));
  const text = JSON.stringify(
    {
      $comment: `${MARK}; do not edit.`,
      ...(clusters.length > 0 && { clusters }),
      artifacts: entries.map(({ entry }) => entry),
      ...(retired.length > 0 && { retired }),
    },
    null,
    2,
  );
  return [
    ...entries.map(({ artifact }) => artifact),
    { path: LOCK_PATH, kind: 'lock', format: 'json', document: 'syntax', text: `${text}\n` },
  ];
}

/**
 * Refuses a folder that holds the files of other clusters: a build would remove them.
 * @param text content of the committed lock. One without clusters is anybody's.
 * @param clusters the clusters of the build; none where the metrics have no cluster label.
 * @throws ProblemError if the lock names clusters, and none of these.
 */
export function requireOwnLock(text: string | undefined, clusters: readonly string[]): void {
  if (text === undefined || clusters.length === 0) return;
  const { clusters: theirs } = JSON.parse(text) as { readonly clusters?: unknown };
  if (!Array.isArray(theirs) || theirs.length === 0 || theirs.some((name) => clusters.includes(String(name)))) return;
  const names = listed(theirs.map(String).slice(0, 3), 'and');
  throw new ProblemError(LOCK_PATH, [
    {
      path: 'clusters',
      message:
        `these files are for ${names}${theirs.length > 3 ? ' and others' : ''}, and the configuration is for ${listed(clusters.slice(0, 3), 'and')}: ` +
        'build into another folder with --out; if a cluster was renamed, rename it here as well',
    },
  ]);
}
