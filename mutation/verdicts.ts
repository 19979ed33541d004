import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Case } from './cases.ts';
import { hashOf, type Mutated } from './mutants.ts';

/** What a case says of a mutation: its rule answers the same, or differently, which the case notices or not. */
export type Verdict = 'same' | 'unnoticed' | 'noticed';

/** Verdicts of earlier runs, so that a run that was stopped can go on, and a new case does not repeat the others. */
export interface Verdicts {
  get(one: Case, mutated: Mutated): Verdict | undefined;
  set(one: Case, verdicts: readonly (readonly [Mutated, Verdict])[]): Promise<void>;
}

const keys = new WeakMap<Mutated, string>();

function keyOf(one: Case, mutated: Mutated): string {
  const rule = keys.get(mutated) ?? hashOf(JSON.stringify([mutated.original, mutated.rule]));
  keys.set(mutated, rule);
  return `${one.id} ${rule}`;
}

/** Verdicts in a file, one for each line. */
export async function verdictsIn(file: string): Promise<Verdicts> {
  await mkdir(dirname(file), { recursive: true });
  const text = await readFile(file, 'utf8').catch(() => '');
  const known = new Map<string, Verdict>();
  for (const line of text.split('\n')) {
    const [, key, verdict] = /^(\w+ \w+) (same|unnoticed|noticed)$/.exec(line) ?? [];
    if (key !== undefined) known.set(key, verdict as Verdict);
  }
  return {
    get: (one, mutated) => known.get(keyOf(one, mutated)),
    async set(one, verdicts) {
      const lines = verdicts.map(([mutated, verdict]) => {
        const key = keyOf(one, mutated);
        known.set(key, verdict);
        return `${key} ${verdict}\n`;
      });
      if (lines.length > 0) await appendFile(file, lines.join(''));
    },
  };
}
