import {
  type Change,
  type Changes,
  type Comparison,
  type FieldChange,
  isBreaking,
  SECTIONS,
} from '../../diff/index.ts';

/** A value in a line has at most so many characters. */
const MAX_VALUE = 80;

/** A value on one line: texts as they are, everything else as JSON. */
function lineOf(value: unknown): string {
  if (value === undefined) return 'none';
  const text = typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : (JSON.stringify(value) ?? '');
  return text === '' ? '""' : text;
}

const shortened = (text: string): string => (text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}...` : text);

/** Two values beside each other: of long ones, the part that differs, with a little of what stands before it. */
function sideBySide(before: unknown, after: unknown): string {
  const [old, now] = [lineOf(before), lineOf(after)];
  let same = 0;
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same += 1;
  const from = Math.max(old.length, now.length) > MAX_VALUE ? Math.max(0, same - 20) : 0;
  const part = (text: string): string => `${from > 0 ? '...' : ''}${shortened(text.slice(from))}`;
  return `${part(old)} to ${part(now)}`;
}

const SIGNS = { added: '+', gone: '-', renamed: '>', changed: '~' } as const;

const breakingNote = (reason: string | undefined): string => (reason === undefined ? '' : `  BREAKING: ${reason}`);

/** Such as "threshold: 10 to 20". */
function fieldText({ field, before, after, breaking }: FieldChange): string {
  const name = field === '' ? 'content' : field;
  const note = breakingNote(breaking);
  if (before === undefined) return `${name}: ${shortened(lineOf(after))} added${note}`;
  if (after === undefined) return `${name}: ${shortened(lineOf(before))} gone${note}`;
  return `${name}: ${sideBySide(before, after)}${note}`;
}

/** One thing has so many fields that are shown; JSON has all. */
const MAX_FIELDS = 12;

function changeLines(change: Change): readonly string[] {
  const { name, kind, to, breaking, fields } = change;
  const fieldLines = fields.slice(0, MAX_FIELDS).map((field) => `      ${fieldText(field)}`);
  const more = fields.length > MAX_FIELDS ? [`      and ${fields.length - MAX_FIELDS} more`] : [];
  const renamed = to === undefined ? '' : ` is ${to} now`;
  return [`  ${SIGNS[kind]} ${name}${renamed}${breakingNote(breaking)}`, ...fieldLines, ...more];
}

/** Changes by section. */
const sectionLines = (changes: readonly Change[]): readonly string[] =>
  SECTIONS.flatMap((section) => {
    const own = changes.filter((change) => change.section === section);
    return own.length === 0 ? [] : [section, ...own.flatMap(changeLines)];
  });

const clusterTitle = ({ clusters }: Changes): readonly string[] =>
  clusters.length === 0
    ? []
    : [`== ${clusters.length === 1 ? 'cluster' : `${clusters.length} clusters:`} ${clusters.join(', ')}`];

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** How many changes there are, and how many of them break something. */
export function summaryOf({ changes, added, gone }: Comparison): string {
  const all = changes.flatMap((one) => one.changes);
  const clusters = [
    ...(added.length > 0 ? [`${count(added.length, 'cluster')} added`] : []),
    ...(gone.length > 0 ? [`${count(gone.length, 'cluster')} gone`] : []),
  ];
  if (all.length === 0 && clusters.length === 0) return 'nothing changed';
  return [count(all.length, 'change'), `${all.filter(isBreaking).length + gone.length} breaking`, ...clusters].join(
    ', ',
  );
}

/** A comparison for a terminal: `+` added, `-` gone, `>` renamed, `~` changed. */
export const comparisonText = (comparison: Comparison): string =>
  [
    ...comparison.added.map((name) => `+ cluster ${name}`),
    ...comparison.gone.map((name) => `- cluster ${name}${breakingNote('nothing watches it any more')}`),
    ...comparison.changes.flatMap((one) => [...clusterTitle(one), ...sectionLines(one.changes)]),
    summaryOf(comparison),
  ].join('\n');

/** Signs that mean something in Markdown or HTML, as references to characters. */
const escaped = (text: string): string =>
  text.replaceAll(/[&<>|`*_[\]!@#\\~]/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);

/** Text inside of a cell of a table, as code: nothing in it is markup, a mention or a picture. */
const cell = (text: string): string => `<code>${escaped(text)}</code>`;

function rowsOf(change: Change): string {
  const { section, name, kind, to, breaking, fields } = change;
  const what = [
    `${kind}${to === undefined ? '' : ` to ${cell(to)}`}${breaking === undefined ? '' : `: **${escaped(breaking)}**`}`,
    ...fields.slice(0, MAX_FIELDS).map((field) => {
      const { breaking: _breaking, ...bare } = field;
      const text = cell(fieldText(bare));
      return field.breaking === undefined ? text : `${text} (**${escaped(field.breaking)}**)`;
    }),
    ...(fields.length > MAX_FIELDS ? [`and ${fields.length - MAX_FIELDS} more`] : []),
  ];
  return `| ${isBreaking(change) ? '**breaking**' : ''} | ${section} | ${cell(name)} | ${what.join('<br>')} |`;
}

/**
 * A comparison as Markdown for a pull request; what is breaking stands first.
 * @param pictures address of the picture report, if there is one.
 */
export function comparisonMarkdown(comparison: Comparison, against: string, pictures?: string): string {
  const { changes, added, gone } = comparison;
  const tables = changes.flatMap((one) => [
    ...(one.clusters.length === 0 ? [] : ['', `Clusters: ${one.clusters.map(cell).join(', ')}`]),
    '',
    '| | what | name | change |',
    '| --- | --- | --- | --- |',
    ...one.changes.toSorted((a, b) => Number(isBreaking(b)) - Number(isBreaking(a))).map(rowsOf),
  ]);
  return [
    `## What Azimuth would change since ${cell(against)}`,
    '',
    `${summaryOf(comparison)}.${pictures === undefined ? '' : ` [Pictures before and after](<${encodeURI(pictures)}>)`}`,
    ...(added.length > 0 ? ['', `New clusters: ${added.map(cell).join(', ')}`] : []),
    ...(gone.length > 0 ? ['', `Clusters gone: ${gone.map(cell).join(', ')}`] : []),
    ...tables,
  ].join('\n');
}
