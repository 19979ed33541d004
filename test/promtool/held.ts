import type { ExpressionTest } from '../support/rule-test.ts';
import { holds, type Labels } from './allowances-input.ts';

/** A series that a record must hold. */
export type Held = readonly [labels: Labels, value: number];

/** Every series of some records, by the name of the record. */
export type Truth = Readonly<Record<string, readonly Held[]>>;

/** Those of equal labels together, in the order of the first of each. */
export function grouped<T>(all: readonly T[], by: (one: T) => Labels): readonly (readonly [Labels, readonly T[]])[] {
  const found = new Map<string, readonly [Labels, T[]]>();
  for (const one of all) {
    const labels = by(one);
    const key = JSON.stringify(labels);
    const group = found.get(key) ?? ([labels, []] as const);
    found.set(key, group);
    group[1].push(one);
  }
  return [...found.values()];
}

/** That records hold exactly this at a time. */
export const holdAll = (truth: Truth, at: string): readonly ExpressionTest[] =>
  Object.entries(truth).map(([record, held]) =>
    holds(
      record,
      at,
      held.map(([labels, value]) => [labels, Number(value.toFixed(6))]),
    ),
  );
