import type { VariableOption, VariableSort } from './variable.ts';

/** A regular expression as Grafana writes it: between slashes with flags, or else one that has to match all of the text. */
function regexOf(text: string): RegExp {
  const [, body, flags = ''] = /^\/(.*)\/([dgimsuvy]*)$/s.exec(text) ?? [];
  try {
    return body === undefined ? new RegExp(`^${text}$`) : new RegExp(body, flags);
  } catch (error) {
    throw new Error(`regex "${text}" is invalid: ${(error as Error).message}`, { cause: error });
  }
}

/** The options that one value gives: none when it does not match, several when the expression matches it several times. */
function matched(value: string, regex: RegExp): VariableOption[] {
  const all = [...value.matchAll(new RegExp(regex.source, `${regex.flags.replace('g', '')}g`))];
  const matches = regex.global ? all : all.slice(0, 1);
  if (matches.length === 0) return [];
  const named = (name: string): string | undefined => matches.map(({ groups }) => groups?.[name]).find(Boolean);
  const valueGroup = named('value');
  const textGroup = named('text');
  const wholly = { value, text: value };
  if (valueGroup !== undefined || textGroup !== undefined)
    return [{ value: valueGroup ?? textGroup ?? '', text: textGroup ?? valueGroup ?? '' }];
  const captured = matches.map((match) => match[1]).filter((text) => text !== undefined);
  return captured.length === 0 ? [wholly] : captured.map((text) => ({ value: text, text }));
}

/** The first number in a text; -1 where there is none, so that those come first. */
const numberIn = (text: string): number => Number(/\d+/.exec(text)?.[0] ?? -1);

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** By half of Grafana's number, rounded up. */
const ORDERS: readonly ((a: string, b: string) => number)[] = [
  () => 0,
  byCode,
  (a, b) => numberIn(a) - numberIn(b),
  (a, b) => byCode(a.toLowerCase(), b.toLowerCase()),
  (a, b) => naturally.compare(a, b),
];

function sorted(options: readonly VariableOption[], sort: VariableSort): VariableOption[] {
  const order = ORDERS[Math.ceil(sort / 2)] ?? (() => 0);
  const ascending = options.toSorted((a, b) => order(a.text, b.text));
  return sort > 0 && sort % 2 === 0 ? ascending.toReversed() : ascending;
}

/**
 * The options that the values of a data source give, each value once. The regular expression filters, and what it captures is the
 * option: the groups `text` and `value`, or else the first group.
 *
 * @throws Error when the regular expression is invalid
 */
export function optionsOf(
  values: readonly string[],
  { regex = '', sort = 0 }: { readonly regex?: string; readonly sort?: VariableSort } = {},
): VariableOption[] {
  const filter = regex === '' ? undefined : regexOf(regex);
  const options = values.flatMap((value) => (filter ? matched(value, filter) : [{ value, text: value }]));
  const once = new Map<string, VariableOption>();
  for (const option of options) if (!once.has(option.value)) once.set(option.value, option);
  return sorted([...once.values()], sort);
}

/** The options of a list as people write it: `a, b, text : value`; `\,` is a comma. */
export const listedOptions = (list: string): VariableOption[] =>
  (list.match(/(?:\\,|[^,])+/g) ?? []).flatMap((item) => {
    const plain = item.replaceAll('\\,', ',');
    const [, text, value] = /^\s*(.+)\s:\s(.+)$/s.exec(plain) ?? [];
    if (text !== undefined && value !== undefined) return [{ text: text.trim(), value: value.trim() }];
    return plain.trim() === '' ? [] : [{ text: plain.trim(), value: plain.trim() }];
  });
