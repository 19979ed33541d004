import type { Mutant } from './mutants.ts';

/** Mutants that no test can notice, as they change no answer that anyone can get. */
export interface Equivalent {
  /** The record, or the alert and its severity. */
  readonly rule: RegExp;
  readonly kind: Mutant['kind'];
  /** The line with the change, as reports show it. */
  readonly place: RegExp;
  readonly reason: string;
}

/** Reviewed by hand. An entry that matches no mutant is an error. */
export const EQUIVALENTS: readonly Equivalent[] = [];

/** The first entry that lists a mutant. */
export const equivalentOf = (mutant: Mutant, entries = EQUIVALENTS): Equivalent | undefined =>
  entries.find(({ rule, kind, place }) => kind === mutant.kind && rule.test(mutant.name) && place.test(mutant.place));
