import type { Explanation, Readers, Reading } from '../../explain/index.ts';
import type { RunbookStart } from './runbook.ts';

const indented = (text: string, by = '    '): string => text.replaceAll(/^(?=.)/gm, by);

/** A line of text has at most so many characters, unless a word is longer. */
const WIDTH = 96;

/** A text in lines that a terminal shows whole. Line breaks stay. */
const wrapped = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replaceAll(new RegExp(`(.{1,${WIDTH}})(?:\\s+|$)|(\\S+)\\s*`, 'g'), '$1$2\n').trimEnd())
    .join('\n');

/** A heading and what belongs to it; nothing where that is empty. */
const block = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.every((line) => line === '') ? [] : [`  ${heading}`, ...lines.map((line) => indented(line))];

/** Facts in a column; those without a value are left out. */
function facts(rows: readonly (readonly [string, string | undefined])[]): readonly string[] {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** A tree with branches, one line for each record or metric. */
function branches(reads: readonly Reading[], ahead = ''): readonly string[] {
  return reads.flatMap(({ name, by, isRepeated, reads: below }, index) => {
    const isLast = index === reads.length - 1;
    const note = by === undefined ? (isRepeated ? '  (above)' : '') : `  from ${by}`;
    return [`${ahead}${isLast ? '└─ ' : '├─ '}${name}${note}`, ...branches(below, `${ahead}${isLast ? '   ' : '│  '}`)];
  });
}

const readersLines = ({ records, alerts, panels, variables }: Readers): readonly string[] => [
  ...records.map((name) => `record    ${name}`),
  ...alerts.map((name) => `alert     ${name}`),
  ...panels.map((name) => `panel     ${name}`),
  ...variables.map((name) => `variable  ${name}`),
];

const runbookLines = (runbook: RunbookStart | undefined): readonly string[] =>
  runbook === undefined
    ? []
    : [
        ...block('what it means', [wrapped(runbook.meaning)]),
        ...block('first steps', [
          ...runbook.steps.map((step, index) => `${index + 1}. ${step}`),
          `more: ${runbook.file}`,
        ]),
      ];

const valueText = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

/** One kind of explanation. */
type Of<K extends Explanation['kind']> = Extract<Explanation, { readonly kind: K }>;

/** The lines of an explanation after its name, by its kind. */
const LINES: {
  readonly [K in Explanation['kind']]: (explanation: Of<K>, runbook: RunbookStart | undefined) => readonly string[];
} = {
  record: (explanation) => [
    ...block('what it is', [wrapped(explanation.meaning)]),
    ...facts([
      ['unit', explanation.unit],
      ['labels', explanation.labels.join(', ')],
      ['series', explanation.cardinality],
    ]),
    ...explanation.rules.flatMap(({ file, group, interval, expr, reads }) => [
      ...facts([['evaluated', `in ${file}, group ${group}${interval === '' ? '' : `, every ${interval}`}`]]),
      ...block('expression', [expr]),
      ...block('reads', branches(reads)),
    ]),
    ...block('read by', readersLines(explanation.readers)),
    ...block('watched by', explanation.watchedBy),
  ],
  alert: (explanation, runbook) => [
    ...block('summary', [wrapped(explanation.meaning)]),
    ...block('description', [wrapped(explanation.description)]),
    ...explanation.tiers.flatMap((tier) => [
      ...facts([
        ['severity', tier.severity],
        ['for', tier.for],
        ['keeps firing for', tier.keepFiringFor],
        ['evaluated', `in ${tier.file}, group ${tier.group}${tier.interval === '' ? '' : `, every ${tier.interval}`}`],
      ]),
      ...block('expression', [tier.expr]),
    ]),
    ...block('why so', [wrapped(explanation.why)]),
    ...block('reads', branches(explanation.tiers[0]?.reads ?? [])),
    ...facts(Object.entries(explanation.annotations)),
    ...runbookLines(runbook),
  ],
  panel: (explanation) => [
    ...facts([
      ['title', explanation.title.replaceAll('\n', ' ')],
      ['dashboard', explanation.dashboard],
    ]),
    ...block('what it shows', [wrapped(explanation.meaning)]),
    ...explanation.queries.flatMap(({ expr, legend }, index) => [
      ...block(`query ${index + 1}${legend === '' ? '' : `: ${legend}`}`, [expr]),
    ]),
    ...block('reads', branches(explanation.reads)),
  ],
  dashboard: (explanation) => [
    ...facts([['title', explanation.title]]),
    ...block('what it shows', [wrapped(explanation.meaning)]),
    ...block(
      'panels',
      explanation.panels.map(({ name, title }) => `${name}  ${title.replaceAll('\n', ' ')}`),
    ),
  ],
  metric: (explanation) => [
    ...facts([['exported by', explanation.by ?? 'unknown to Azimuth']]),
    ...block('read by', readersLines(explanation.readers)),
    ...block('watched by', explanation.watchedBy),
  ],
  setting: (explanation) => [
    ...block('what it is', [wrapped(explanation.meaning)]),
    ...facts([
      ['expected', explanation.expected],
      ['unit', explanation.unit],
      ['needs', explanation.requires.join('; ')],
      ...(explanation.settings.length > 0
        ? []
        : ([
            ['default', valueText(explanation.default)],
            ['here', valueText(explanation.value)],
          ] as const)),
    ]),
    ...block('files that differ from the default', explanation.changes),
    ...block('settings', explanation.settings),
  ],
  artifact: (explanation) => [
    ...facts([
      ['kind', explanation.type],
      ['size', `${explanation.bytes} bytes`],
    ]),
    ...block('what it is', [wrapped(explanation.meaning)]),
    ...block('dashboards', explanation.dashboards),
    ...block('records', explanation.records),
    ...block('alerts', explanation.alerts),
  ],
  'left out': (explanation, runbook) => [...facts([['because', explanation.reason]]), ...runbookLines(runbook)],
};

/** An explanation for a terminal. */
export function explanationText<K extends Explanation['kind']>(explanation: Of<K>, runbook?: RunbookStart): string {
  const lines = LINES[explanation.kind](explanation, runbook);
  return [`${explanation.name} (${explanation.kind})`, ...lines].join('\n');
}
