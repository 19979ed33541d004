import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleTest } from './rule-test.ts';

/** The environment variable that names the folder for recorded cases; nothing is recorded without it. */
const FOLDER = 'AZIMUTH_RECORD_CASES';

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * Keeps cases with the rule files that they read and the distance of their evaluations, so that `npm run mutate` can replay them with a
 * mutated rule: `rules/HASH.yaml` and `cases/HASH.json`. Names are hashes of the content, so workers may write at once and a case of two
 * tests is kept once.
 */
export async function keepCases(
  folder: string,
  rules: readonly string[],
  tests: readonly RuleTest[],
  every = '1m',
): Promise<void> {
  await Promise.all(['rules', 'cases'].map((name) => mkdir(join(folder, name), { recursive: true })));
  await Promise.all(rules.map((text) => writeFile(join(folder, 'rules', `${hash(text)}.yaml`), text)));
  await Promise.all(
    tests.map((one) => {
      const text = JSON.stringify({ rules: rules.map(hash), every, test: one });
      return writeFile(join(folder, 'cases', `${hash(text)}.json`), text);
    }),
  );
}

/** Keeps cases that passed, where a run asks for it. */
export async function recordCases(rules: readonly string[], tests: readonly RuleTest[], every: string): Promise<void> {
  const folder = process.env[FOLDER];
  if (folder !== undefined && folder !== '') await keepCases(folder, rules, tests, every);
}
