import type { Case } from './cases.ts';
import type { Mutant, Mutated } from './mutants.ts';
import { differing, noticed } from './replay.ts';
import type { Rule } from './rules.ts';
import type { Verdicts } from './verdicts.ts';

/** A mutant in the configuration of a case. */
interface Target {
  readonly mutant: Mutant;
  readonly mutated: Mutated;
}

interface Plan {
  readonly one: Case;
  readonly targets: readonly Target[];
  /** Milliseconds of the case as it is, roughly. */
  readonly cost: number;
}

/** To compare mutants takes as long as to run a case: it is worth it for many of them, over input that takes long to read. */
const FEW = 2;
const CHEAP = 150;

/** How many mutated cases run in one process. */
const AT_ONCE = 6;

function plansOf(cases: readonly Case[], mutants: readonly Mutant[]): Plan[] {
  const byRule = new Map<Rule, Target[]>();
  for (const mutant of mutants)
    for (const mutated of mutant.variants) {
      const targets = byRule.get(mutated.original) ?? [];
      targets.push({ mutant, mutated });
      byRule.set(mutated.original, targets);
    }
  return cases
    .map((one) => ({ one, targets: [...one.read].flatMap((rule) => byRule.get(rule) ?? []) }))
    .filter(({ targets }) => targets.length > 0)
    .map(({ one, targets }) => ({ one, targets, cost: one.cost(one.read) }));
}

/** What a search found. */
export interface Found {
  readonly survivors: readonly Mutant[];
  readonly undecided: readonly Mutant[];
}

/** What a search tells while it runs. */
export interface Progress {
  readonly cases: number;
  readonly alive: number;
  readonly mutants: number;
}

/**
 * Replays cases until each mutant is noticed, or by none. Those that tell most for their time come first; a case is left out when all of
 * its mutants are known to be noticed.
 * @param lanes how many processes run at once.
 * @param isOver whether to stop before everything is known; asked between cases, and within one between its processes.
 * @returns the survivors of all of their cases, and what is alive with cases left.
 */
export async function survivorsOf(
  cases: readonly Case[],
  mutants: readonly Mutant[],
  verdicts: Verdicts,
  lanes: number,
  progress: (progress: Progress) => void = () => undefined,
  isOver: () => boolean = () => false,
): Promise<Found> {
  const alive = new Set(mutants);
  const waiting = new Set(plansOf(cases, mutants));
  for (const { one, targets } of waiting)
    for (const { mutant, mutated } of targets) if (verdicts.get(one, mutated) === 'noticed') alive.delete(mutant);

  const take = (): Plan | undefined => {
    let best: Plan | undefined;
    let most = 0;
    for (const plan of waiting) {
      const left = plan.targets.filter(({ mutant }) => alive.has(mutant)).length;
      if (left === 0) waiting.delete(plan);
      else if (left / plan.cost > most) [best, most] = [plan, left / plan.cost];
    }
    if (best !== undefined) waiting.delete(best);
    return best;
  };

  const examine = async (plan: Plan): Promise<void> => {
    const { one, targets } = plan;
    const open = targets.filter(({ mutant, mutated }) => alive.has(mutant) && verdicts.get(one, mutated) === undefined);
    if (open.length === 0) return;
    const mutations = open.map(({ mutated }) => mutated);
    const different = open.length > FEW && plan.cost > CHEAP ? await differing(one, mutations) : new Set(mutations);
    const same = open.filter(({ mutated }) => !different.has(mutated));
    await verdicts.set(
      one,
      same.map(({ mutated }) => [mutated, 'same'] as const),
    );
    const rest = open.filter(({ mutated }) => different.has(mutated));
    while (rest.length > 0) {
      if (isOver()) return void waiting.add(plan);
      const batch = rest.splice(0, AT_ONCE).filter(({ mutant }) => alive.has(mutant));
      const results = await noticed(
        one,
        batch.map(({ mutated }) => mutated),
      );
      await verdicts.set(
        one,
        batch.map(({ mutated }, index) => [mutated, results[index] === true ? 'noticed' : 'unnoticed'] as const),
      );
      for (const [index, { mutant }] of batch.entries()) if (results[index] === true) alive.delete(mutant);
    }
  };

  let examined = 0;
  const lane = async (): Promise<void> => {
    for (let plan = take(); plan !== undefined; plan = isOver() ? undefined : take()) {
      await examine(plan);
      examined += 1;
      progress({ cases: examined, alive: alive.size, mutants: mutants.length });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const left = new Set(
    [...waiting].flatMap(({ one, targets }) =>
      targets.flatMap(({ mutant, mutated }) => (verdicts.get(one, mutated) === undefined ? [mutant] : [])),
    ),
  );
  const living = mutants.filter((mutant) => alive.has(mutant));
  return {
    survivors: living.filter((mutant) => !left.has(mutant)),
    undecided: living.filter((mutant) => left.has(mutant)),
  };
}
