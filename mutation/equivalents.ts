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
export const EQUIVALENTS: readonly Equivalent[] = [
  {
    rule: /^zone_pair:network_\w+:rate/,
    kind: 'label dropped',
    place: /^(?:and|unless) on \(\{\{cluster, -> \}\}source_zone, destination_zone\)$/,
    reason:
      'The other side holds pairs of a zone with itself, one for each zone that sends. A pair of two zones equals none of them, and a zone that sends is among those of its own cluster: other clusters change nothing.',
  },
];

/** The first entry that lists a mutant. */
export const equivalentOf = (mutant: Mutant, entries = EQUIVALENTS): Equivalent | undefined =>
  entries.find(({ rule, kind, place }) => kind === mutant.kind && rule.test(mutant.name) && place.test(mutant.place));
