import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { build, completeConfig, loadConfig } from '../../generators/index.ts';
import { mutatedAmong } from '../support/arbitrary-mutation.ts';
import { mutatedText } from '../support/arbitrary-text.ts';
import { catalogue } from '../support/generate.ts';
import { BASE_TEXTS, OBJECTS } from './bases.ts';
import { examine, FINDINGS, type Input, type Subject, type Verdict } from './examine.ts';
import { digest, Reader } from './outputs.ts';

/**
 * Azimuth itself.
 * @param share one of this many accepted configurations is built.
 */
export function azimuth(share = 1): Subject {
  // What was built before need not be built again, unless it is measured once more.
  const built = new Set<string>();
  let latest = '';
  return (input) => {
    const config =
      'text' in input
        ? loadConfig('azimuth.yaml', input.text, catalogue)
        : completeConfig('azimuth.ts', input.given, catalogue);
    const key = digest(JSON.stringify(config));
    if (key.readUInt32BE(0) % share !== 0) return [];
    const id = key.toString('base64');
    if (built.has(id) && id !== latest) return [];
    built.add(id);
    latest = id;
    return build(config, catalogue, []).artifacts;
  };
}

/** Objects as YAML, some of it in one line. Functions and the like, which YAML cannot hold, are left out. */
const asText = (given: fc.Arbitrary<unknown>): fc.Arbitrary<Input> =>
  fc
    .tuple(given, fc.constantFrom(-1, 0, 2))
    .map(([value, flowLevel]) => ({ text: dump(value, { skipInvalid: true, flowLevel }) }));

/** Changed configurations: objects, the same as YAML, and texts. */
export const INPUTS: fc.Arbitrary<Input> = fc.oneof(
  { weight: 12, arbitrary: mutatedAmong(OBJECTS).map((given) => ({ given })) },
  { weight: 4, arbitrary: asText(mutatedAmong(OBJECTS)) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...BASE_TEXTS)
      .chain(mutatedText)
      .map((text) => ({ text })),
  },
  { weight: 1, arbitrary: fc.oneof(fc.jsonValue(), fc.anything()).map((given) => ({ given })) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }).map((text) => ({ text })) },
);

/** A finding, with the smallest input that has it. */
export interface Finding {
  readonly kind: (typeof FINDINGS)[number];
  readonly detail: string;
  readonly input: Input;
  /** The seed and the number of the run. */
  readonly place: string;
}

/** Counts of verdicts, and what was found. */
export interface Report {
  readonly counts: Record<Verdict['kind'], number>;
  readonly read: Reader['counts'];
  readonly findings: readonly Finding[];
}

export interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly subject?: Subject;
  readonly inputs?: fc.Arbitrary<Input>;
  /** One of this many distinct texts is read again by the second parser, or by promtool. */
  readonly share?: { readonly yaml: number; readonly promtool: number };
  /** Ends after this many findings. */
  readonly most?: number;
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (done: number, counts: Report['counts']) => void;
}

/** Runs of one seed; the next ones have the next seed. */
const CHUNK = 500;

/** Inputs that are tried to make a finding smaller; few where each takes long. */
const MAX_SHRINKS = { crash: 200, placeless: 200, unreadable: 50, slow: 5, big: 5 } as const;

/** Runs until the first finding, whose input is then made smaller. */
function firstFinding(seed: number, runs: number, inputs: fc.Arbitrary<Input>, verdictOn: (input: Input) => Verdict) {
  const verdicts: Verdict['kind'][] = [];
  let found: Finding | undefined;
  let shrinks = 0;
  const isFine = (input: Input): boolean => {
    if (found !== undefined && (shrinks += 1) > MAX_SHRINKS[found.kind]) return true;
    const verdict = verdictOn(input);
    if (found === undefined) verdicts.push(verdict.kind);
    if (verdict.kind === 'accepted' || verdict.kind === 'refused') return true;
    // Only what has the same kind of finding is a smaller input for it.
    if (found !== undefined && found.kind !== verdict.kind) return true;
    found = { kind: verdict.kind, detail: verdict.detail, input, place: `seed ${seed}, run ${verdicts.length}` };
    return false;
  };
  fc.check(fc.property(inputs, isFine), { seed, numRuns: runs });
  return { verdicts, found };
}

/** Examines many changed configurations. The same seed and number of runs give the same inputs. */
export function fuzz(options: Options): Report {
  const { seed, runs, inputs = INPUTS, share = { yaml: 1, promtool: 1 }, most = 20 } = options;
  const subject: Subject = options.subject ?? azimuth();
  const reader = new Reader(share);
  const counts = Object.fromEntries(['accepted', 'refused', ...FINDINGS].map((kind) => [kind, 0])) as Report['counts'];
  const findings: Finding[] = [];

  const verdictOn = (input: Input): Verdict => {
    const verdict = examine(subject, input);
    const why = verdict.kind === 'accepted' ? reader.problemOf(verdict.artifacts) : undefined;
    return why === undefined ? verdict : { kind: 'unreadable', detail: why };
  };

  let left = runs;
  for (let next = seed; left > 0 && findings.length < most; next += 1) {
    const { verdicts, found } = firstFinding(next, Math.min(CHUNK, left), inputs, verdictOn);
    left -= verdicts.length;
    for (const kind of verdicts) counts[kind] += 1;
    if (found !== undefined) {
      findings.push(found);
      options.onFinding?.(found);
    }
    options.onProgress?.(runs - left, counts);
  }
  return { counts, read: reader.counts, findings };
}
