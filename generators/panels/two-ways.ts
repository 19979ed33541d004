import { aggregate, either, type LabelCall, labelCalls, promql, type Query } from '../promql/index.ts';

/**
 * Pairs with one series for each direction. Both ends have the same fields in the same order: `left[i]` and `right[i]` are the labels of one
 * field, such as `source_zone` and `destination_zone`.
 */
export interface Directions {
  /** The labels that both directions share, such as that of the cluster. */
  readonly shared: readonly string[];
  readonly left: readonly string[];
  readonly right: readonly string[];
  /** Names of the fields in what comes out: `end_zone` and `peer_zone` for `zone`. */
  readonly fields: readonly string[];
}

/** Labels that these queries use inside. */
export const TWO_WAYS_LABELS: readonly string[] = ['way', 'order', 'order_*', 'swapped_*', 'end_*', 'peer_*'];

const labelsOf = ({ shared, left, right }: Directions): readonly string[] => [...shared, ...left, ...right];

/** Labels of the first and of the second end of a pair. */
export const pairLabels = ({ shared, fields }: Directions): readonly string[] => [
  ...shared,
  ...['end', 'peer'].flatMap((end) => fields.map((field) => `${end}_${field}`)),
];

const copies = (from: readonly string[], to: readonly string[]): readonly LabelCall[] =>
  from.map((label, index) => ({ replace: [to[index] ?? label, '$1', label, '(.*)'] }));

/** The other direction of each: the labels of the two ends change places. */
export function swapped(query: Query, ends: Directions): Query {
  const spare = ends.fields.map((field) => `swapped_${field}`);
  const turned = labelCalls(query, [
    ...copies(ends.left, spare),
    ...copies(ends.right, ends.left),
    ...copies(spare, ends.right),
  ]);
  return aggregate('sum', labelsOf(ends), turned);
}

/** Of these directions the largest, and the way back of each. */
export function largestWithReturns(query: Query, ends: Directions, most: number): Query {
  const largest = promql`
    topk(${most},
      ${query}
    )`;
  return either(
    largest,
    promql`
      ${query}
      and
      ${swapped(largest, ends)}`,
  );
}

/** So many characters of the names of two ends are compared. Pairs that are equal so far stay two rows. */
const COMPARED = 48;
const PADDING = ' '.repeat(COMPARED);

/** What names of Kubernetes, and ours, are made of, in the order of ASCII. */
const CHARACTERS = ' -./0123456789_abcdefghijklmnopqrstuvwxyz'.split('');

/** A character as a regular expression, and inside of brackets. */
const literal = (char: string): string => (char === '.' ? '[.]' : char);
const inBrackets = (char: string): string => (char === '-' ? String.raw`\-` : char);

/** Two names whose characters alternate, of which the first is the later one: equal characters, and then a lower one in the second name. */
const LATER = ((): string => {
  const equal = CHARACTERS.map((char) => literal(char).repeat(2)).join('|');
  const lower = CHARACTERS.slice(1).map((char) => `${literal(char)}[^${inBrackets(char)}-~]`);
  return `(?:${equal})*(?:${lower.join('|')}).*`;
})();

const ALTERNATING = {
  regex: `${'(.)'.repeat(COMPARED)}[^|]*[|]${'(.)'.repeat(COMPARED)}[^|]*[|]`,
  // Not "$1": in braces, Grafana would take the number for a variable.
  value: Array.from({ length: COMPARED }, (_, index) => `$${index + 1}$${index + 1 + COMPARED}`).join(''),
};

/**
 * Adds the label `way`: "received" where the name of the left end comes after that of the right one, else "sent". PromQL cannot compare
 * labels: the names are padded, their characters alternated, and the first pair of unequal ones is found by a regular expression.
 */
const wayOf = ({ left, right }: Directions): readonly LabelCall[] => [
  { join: ['order_left', '/', ...left] },
  { join: ['order_right', '/', ...right] },
  // The last label does not exist: it only puts the padding behind the second name, too.
  { join: ['order', `${PADDING}|`, 'order_left', 'order_right', 'order_none'] },
  { replace: ['order_mixed', ALTERNATING.value, 'order', ALTERNATING.regex] },
  { replace: ['way', 'sent', '', ''] },
  { replace: ['way', 'received', 'order_mixed', LATER] },
];

/** The field at an index of the ends, behind the way. */
const part = (way: string, index: number): string => `${way}[|](?:[^|]*[|]){${index}}([^|]*)(?:[|].*)?`;

/**
 * Turns directions into pairs, by name: `end_*` and `peer_*` are the two ends, and `way` says whether the first "sent" or "received". So both
 * directions of a pair have the same ends. Traffic of an end with itself is sent.
 */
export function asPairs(query: Query, ends: Directions): Query {
  const count = ends.fields.length;
  const named = ends.fields.flatMap((field, index): readonly LabelCall[] => [
    { replace: [`end_${field}`, '$1$2', 'order', `${part('sent', index)}|${part('received', count + index)}`] },
    { replace: [`peer_${field}`, '$1$2', 'order', `${part('sent', count + index)}|${part('received', index)}`] },
  ]);
  const joined: LabelCall = { join: ['order', '|', 'way', ...ends.left, ...ends.right] };
  return aggregate('sum', [...pairLabels(ends), 'way'], labelCalls(query, [...wayOf(ends), joined, ...named]));
}
