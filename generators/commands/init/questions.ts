import { EXPORTERS, FLOW_SOURCES } from '../../config/schema.ts';
import { ProblemError, show, suggestion } from '../../schema/problems.ts';
import type { Detected, Seen } from './detect.ts';
import type { Answers } from './files.ts';

/** Options of `init`, as they were given; undefined for what was not. */
export type Given = Readonly<Partial<Record<'cluster' | 'source' | 'provider' | 'region' | 'exporter' | 'ci', string>>>;

/** One question: how it is asked, and what is a valid answer. */
interface Question {
  readonly key: keyof Given;
  readonly text: string;
  /** Names that may be given; any text if undefined. */
  readonly known?: readonly string[];
  /** Whether several names may be given, with commas between them. */
  readonly isList?: true;
  readonly isOptional?: true;
  readonly usual: string;
  readonly seen?: Seen;
}

/** The six questions, with what is likely to be right. */
const questionsFor = (usual: Answers, seen: Partial<Detected>): readonly Question[] =>
  (
    [
      { key: 'cluster', text: 'Name of the cluster', usual: usual.name, seen: seen.name },
      {
        key: 'source',
        text: 'What observes traffic',
        known: [...FLOW_SOURCES, 'none'],
        isList: true,
        usual: usual.sources.join(','),
        seen: seen.source,
      },
      {
        key: 'provider',
        text: 'Whose prices apply',
        known: ['aws', 'gcp', 'azure', 'none'],
        usual: usual.provider,
        seen: seen.provider,
      },
      {
        key: 'region',
        text: 'Region, such as eu-west-1; empty if you do not know',
        isOptional: true,
        usual: usual.region,
        seen: seen.region,
      },
      {
        key: 'exporter',
        text: 'What exports the counters of EC2 network limits',
        known: [...EXPORTERS, 'none'],
        isList: true,
        usual: usual.exporters.join(','),
        seen: seen.exporter,
      },
      { key: 'ci', text: 'Pipeline', known: ['github', 'gitlab', 'none'], usual: usual.ci },
    ] as const
  ).map(({ seen: found, ...question }: Omit<Question, 'seen'> & { readonly seen?: Seen | undefined }) => ({
    ...question,
    ...(found !== undefined && { usual: found.value, seen: found }),
  }));

const namesIn = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

/** What is wrong with an answer; undefined if nothing is. */
function mistakeIn({ known, isList, isOptional }: Question, answer: string): string | undefined {
  if (answer === '') return isOptional === true ? undefined : 'got nothing, expected a name';
  if (known === undefined) return undefined;
  const names = isList === true ? namesIn(answer) : [answer];
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) return `got ${show(wrong)}, ${suggestion(wrong, known)}`;
  return names.length > 1 && names.includes('none') ? 'got none beside others' : undefined;
}

/** An answer and the reason for it, for the report. */
export interface Reason {
  readonly key: string;
  readonly value: string;
  readonly why: string;
}

/** How often a question is asked before its answer is taken for a mistake. */
const ATTEMPTS = 3;

async function askFor(question: Question, ask: (text: string) => Promise<string>): Promise<string> {
  const choices = question.known === undefined ? '' : ` (${question.known.join(', ')})`;
  const usual = question.usual === '' ? '' : ` [${question.usual}]`;
  let mistake: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const written = (
      await ask(`${mistake === undefined ? '' : `${mistake}\n`}${question.text}${choices}${usual}: `)
    ).trim();
    const answer = written === '' ? question.usual : written;
    mistake = mistakeIn(question, answer);
    if (mistake === undefined) return answer;
  }
  throw new ProblemError('init', [{ path: question.key, message: mistake ?? '' }]);
}

/**
 * Answers the six questions: by options, else by who is asked, else by what was seen or is usual.
 * @param ask asks a person; undefined where nobody can be asked.
 * @throws ProblemError with all options that are wrong.
 */
export async function answersFor(
  given: Given,
  usual: Answers,
  seen: Partial<Detected>,
  ask: ((text: string) => Promise<string>) | undefined,
): Promise<{ readonly answers: Answers; readonly reasons: readonly Reason[] }> {
  const questions = questionsFor(usual, seen);
  const problems = questions.flatMap((question) => {
    const option = given[question.key];
    const mistake = option === undefined ? undefined : mistakeIn(question, option);
    return mistake === undefined ? [] : [{ path: `--${question.key}`, message: mistake }];
  });
  if (problems.length > 0) throw new ProblemError('init', problems);
  const values = new Map<string, string>();
  const reasons: Reason[] = [];
  for (const question of questions) {
    const option = given[question.key];
    const isAsked = option === undefined && ask !== undefined;
    const value = option ?? (isAsked ? await askFor(question, ask) : question.usual);
    const usualReason = question.seen?.by ?? 'the default';
    const why =
      option !== undefined ? `--${question.key}` : isAsked && value !== question.usual ? 'as you said' : usualReason;
    values.set(question.key, value);
    if (value !== '') reasons.push({ key: question.key, value, why });
  }
  for (const key of ['label', 'interval', 'device'] as const) {
    const found = seen[key];
    if (found !== undefined) reasons.push({ key, value: found.value, why: found.by });
  }
  const of = (key: keyof Given): string => values.get(key) ?? '';
  const label = seen.label?.value ?? usual.label;
  return {
    answers: {
      name: of('cluster'),
      sources: namesIn(of('source')),
      provider: of('provider'),
      region: of('region'),
      exporters: namesIn(of('exporter')),
      ci: of('ci') as Answers['ci'],
      label: label === 'null' ? null : label,
      interval: seen.interval?.value ?? usual.interval,
      device: seen.device?.value ?? usual.device,
    },
    reasons,
  };
}

/** Reasons as lines, such as `source: obi (series of obi_network_flow_bytes_total)`. */
export const reasonLines = (reasons: readonly Reason[]): readonly string[] =>
  reasons.map(({ key, value, why }) => `  ${key}: ${value} (${why})`);
