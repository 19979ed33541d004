import type { Row } from './judge.ts';

/** Why a recording deviates from the truth, and by how much. */
export interface Limit {
  /** The name of the recording. */
  readonly recording: string;
  /** The rows of the published table that it explains. */
  readonly traffic: readonly Row['traffic'][];
  readonly reason: string;
  /** Counted minus truth, as the judge names it. Limits of one recording add up. */
  readonly deviations: Readonly<Record<string, number>>;
}

/**
 * What is known to be wrong: every deviation of every recording, exactly. A limit that is mended must go, and nothing else may deviate.
 */
export const LIMITS: readonly Limit[] = [];

/** All deviations of a recording that are known. */
export function knownDeviations(recording: string): Readonly<Record<string, number>> {
  const known: Record<string, number> = {};
  for (const { deviations } of LIMITS.filter((limit) => limit.recording === recording))
    for (const [what, size] of Object.entries(deviations)) known[what] = (known[what] ?? 0) + size;
  return known;
}
