import { createHash } from 'node:crypto';
import { messageOf, ProblemError, show } from '../schema/problems.ts';
import { MARK, type Artifact, type ArtifactKind, type Draft } from '../model/artifact.ts';

/** Where the lock lies in the output folder. */
export const LOCK_PATH = 'artifacts.lock.json';

/** What the lock knows of one artifact; `sha256` is that of the whole file, as `sha256sum` prints it. */
export interface LockEntry {
  readonly path: string;
  readonly kind: ArtifactKind;
  readonly version: number;
  readonly sha256: string;
}

/** The hash of a text, as `sha256sum` prints that of the file. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const isEntry = (entry: unknown): entry is LockEntry => {
  const { path, version, sha256: hash } = (entry ?? {}) as Partial<Record<keyof LockEntry, unknown>>;
  return typeof path === 'string' && typeof hash === 'string' && Number.isInteger(version) && (version as number) > 0;
};

/**
 * Reads the committed lock; no lock is an empty one.
 * @throws ProblemError when it is damaged: versions would silently start again.
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
 * Gives every draft its version: that of the lock while its content is the same under it, else one more. Returns the artifacts
 * in the order of their paths, the lock last. What is no longer generated stays in the lock as retired, so that its version goes
 * on when it comes back: Grafana takes a lower version for an older dashboard.
 */
export function versioned(drafts: readonly Draft[], lock: readonly LockEntry[]): readonly Artifact[] {
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
