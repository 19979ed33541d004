/** The table at the top of attribution.md, from the recordings. `npm run proof` writes it (write-proof.ts). */
import type { Judgement, Row } from '../conformance/shared/judge.ts';
import { LIMITS } from '../conformance/shared/limits.ts';
import type { Recording } from '../conformance/shared/recording.ts';
import { FLOW_SOURCES } from '../generators/index.ts';

/** What the judge said of a recording. */
interface Judged {
  readonly name: string;
  readonly judgement: Judgement;
}

const UNITS: Readonly<Record<string, string>> = { network_bytes: 'bytes', network_flows: 'packets' };

/** What a source without a recording is inferred from, if not from its own code. */
const INFERRED: Readonly<Record<string, string>> = {
  beyla: "taken for OBI, whose code it has; Beyla's own build was not run",
};

const MEANING = { measured: 'measured', library: 'from the library only' } as const;

/** `2,093,068`. */
const grouped = (value: number): string => String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** Counted against truth in percent: `0`, `-0.002 %`, `-4.1 %`. */
function errorOf({ truth, counted }: Row): string {
  const percent = ((counted - truth) / truth) * 100;
  if (percent === 0) return '0';
  const digits = Math.abs(percent) < 0.1 ? 3 : 1;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(digits)} %`;
}

const isOff = ({ truth, counted }: Row): boolean => Math.abs(counted - truth) > 0.001 * truth;

/** A Markdown table, its columns aligned as Prettier aligns them. */
function table([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) => Math.max(3, ...[heading, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const HEADING = ['source', 'traffic', 'truth', 'reported', 'counted', 'error', 'evidence', 'agent', 'date', 'repeat'];

/** The table with a row for each kind of traffic of each recording, and for each source without any; then the reasons for errors. */
export function proofTable(recordings: ReadonlyMap<string, Recording>, judged: readonly Judged[]): string {
  const reasons: string[] = [];
  /** The numbers of the notes that explain a row, new ones added. */
  const notes = (name: string, row: Row): string => {
    const own = LIMITS.filter(({ recording, traffic }) => recording === name && traffic.includes(row.traffic));
    if (!isOff(row)) return '';
    for (const { reason } of own) if (!reasons.includes(reason)) reasons.push(reason);
    const numbers = new Set(own.map(({ reason }) => reasons.indexOf(reason) + 1));
    return ` (${[...numbers].toSorted((one, other) => one - other).join(', ')})`;
  };
  const rows = FLOW_SOURCES.flatMap((source): string[][] => {
    const own = judged.filter(({ name }) => recordings.get(name)?.source === source);
    if (own.length === 0)
      return [[`\`${source}\``, '', '', '', '', '', 'inferred', INFERRED[source] ?? 'read from its code']];
    return own.flatMap(({ name, judgement }) => {
      const recording = recordings.get(name);
      if (recording === undefined) return [];
      const { version, date, repeat, evidence } = recording;
      return judgement.rows.map((row) => [
        `\`${source}\``,
        `[${name}](../test/recorded/${name}.txt), ${row.traffic}`,
        `${grouped(row.truth)} ${UNITS[row.unit] ?? ''}`,
        grouped(row.reported),
        grouped(row.counted),
        `${errorOf(row)}${notes(name, row)}`,
        MEANING[evidence],
        version,
        date,
        repeat.replace(/^npm run .*$/, '`$&`'),
      ]);
    });
  });
  return [table([HEADING, ...rows]), '', ...reasons.map((reason, index) => `${index + 1}. ${reason}`)].join('\n');
}

const MARKS = ['<!-- npm run proof writes what follows, from test/recorded/ -->', '<!-- up to here -->'] as const;

/** A page with the table between its marks. @throws Error for a page without the marks. */
export function withProof(page: string, proof: string): string {
  const [before, rest] = page.split(`${MARKS[0]}\n`);
  const after = rest?.split(`${MARKS[1]}\n`)[1];
  if (before === undefined || after === undefined) throw new Error(`no marks: ${MARKS.join(' ... ')}`);
  return `${before}${MARKS[0]}\n\n${proof}\n\n${MARKS[1]}\n${after}`;
}
