import { MARK } from '../../generators/model/artifact.ts';
import type { Expected } from '../../generators/output-dir/files.ts';
import { LOCK_PATH } from '../../generators/output-dir/lock.ts';

/** Texts of artifacts by path. */
export type Texts = Readonly<Record<string, string>>;

const text = (version: number): string => `# ${MARK}\nversion: ${version}\n${'x'.repeat(version * 50)}`;

/** Artifacts of one configuration in these versions, with their lock. */
export function planted(versions: Readonly<Record<string, number>>): Texts {
  const texts = Object.fromEntries(Object.entries(versions).map(([path, version]) => [path, text(version)]));
  return { ...texts, [LOCK_PATH]: JSON.stringify({ $comment: MARK, paths: Object.keys(texts), versions }) };
}

/** What a build of a configuration expects, as the command line asks for it. */
export const planOf =
  (texts: Texts) =>
  (lock: string | undefined): { readonly expected: Expected } => ({
    expected: {
      artifacts: Object.entries(texts).map(([path, each]) => ({ path, text: each })),
      folders: ['rules', 'dashboards'],
      known: new Set(lock === undefined ? [] : (JSON.parse(lock) as { paths: string[] }).paths),
      keep: [],
    },
  });
