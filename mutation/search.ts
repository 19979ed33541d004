import type { Case } from './cases.ts';
import type { Mutant, Mutated } from './mutants.ts';
import { differing, noticed } from './replay.ts';
import type { Rule } from './rules.ts';
import type { Verdicts } from './verdicts.ts';

/** A mutant in the configuration of a case. */
interface Target {
  readonly mutant: Mutant;
  readonly mutated: Mutated;
  /** How likely it is to be noticed, as a weight. */
  readonly hope: number;
  /** Milliseconds until its verdict is known, roughly. */
  readonly cost: number;
}

interface Plan {
  readonly one: Case;
  targets: readonly Target[];
}

/** To compare mutants takes as long as to run a case: it is worth it for many of them, over input that takes long to read. */
const FEW = 2;
const CHEAP = 150;

/** How many mutated cases run in one process. */
const AT_ONCE = 12;

/** What a question reads itself is noticed more often than what comes through other rules. */
const DIRECT = 3;
/** The share of compared mutants that answer differently, and so take a run of the case each. */
const DIFFERENT = 0.3;

function plansOf(cases: readonly Case[], mutants: readonly Mutant[]): Plan[] {
  const byRule = new Map<Rule, Pick<Target, 'mutant' | 'mutated'>[]>();
  for (const mutant of mutants)
    for (const mutated of mutant.variants) {
      const targets = byRule.get(mutated.original) ?? [];
      targets.push({ mutant, mutated });
      byRule.set(mutated.original, targets);
    }
  return cases.map((one) => ({
    one,
    targets: [...one.read].flatMap((rule) =>
      (byRule.get(rule) ?? []).map((target) => ({
        ...target,
        hope: one.direct.has(rule) ? DIRECT : 1,
        cost: one.costOf(rule) + DIFFERENT * one.cost,
      })),
    ),
  }));
}

/** How much of a plan's targets is likely to be noticed in a millisecond. */
const worth = ({ one, targets }: Plan): number =>
  targets.reduce((sum, { hope }) => sum + hope, 0) / targets.reduce((sum, { cost }) => sum + cost, one.cost);

/** The first targets, one for each mutant. */
function batchOf(targets: readonly Target[]): readonly Target[] {
  const mutants = new Set<Mutant>();
  return targets.filter(({ mutant }) => {
    if (mutants.size === AT_ONCE || mutants.has(mutant)) return false;
    mutants.add(mutant);
    return true;
  });
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
  /** What is still to be known of a plan. */
  const open = ({ one, targets }: Plan) =>
    targets.filter(({ mutant, mutated }) => alive.has(mutant) && verdicts.get(one, mutated) === undefined);

  let known = -1;
  const take = (): Plan | undefined => {
    let best: Plan | undefined;
    let most = 0;
    for (const plan of waiting) {
      if (alive.size !== known) plan.targets = open(plan);
      if (plan.targets.length === 0) waiting.delete(plan);
      else if (worth(plan) > most) [best, most] = [plan, worth(plan)];
    }
    known = alive.size;
    if (best !== undefined) waiting.delete(best);
    return best;
  };

  const examine = async (plan: Plan): Promise<void> => {
    const { one } = plan;
    const mutations = open(plan).map(({ mutated }) => mutated);
    if (mutations.length > FEW && one.cost > CHEAP) {
      const different = await differing(one, mutations);
      await verdicts.set(
        one,
        mutations.flatMap((mutated) => (different.has(mutated) ? [] : [[mutated, 'same'] as const])),
      );
    }
    for (let batch = batchOf(open(plan)); batch.length > 0; batch = batchOf(open(plan))) {
      if (isOver()) return void waiting.add(plan);
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
