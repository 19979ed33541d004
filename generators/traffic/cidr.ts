import { isIPv4, isIPv6 } from 'node:net';

/** A range of IPv4 or IPv6 addresses. */
export interface Cidr {
  readonly family: 4 | 6;
  /** The network address: four numbers of 8 bits, or eight of 16. */
  readonly groups: readonly number[];
  /** Bits that all of its addresses share. */
  readonly length: number;
}

/** How each family writes an address: groups of bits, in a base, with a separator as regular expressions need it. */
const FAMILIES = {
  4: { bits: 8, count: 4, base: 10, separator: '[.]' },
  6: { bits: 16, count: 8, base: 16, separator: ':' },
} as const;

/** Groups of an IPv6 address in any spelling but with an IPv4 address in it. */
function ipv6Groups(text: string): readonly number[] {
  const [before = [], after] = text.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = after === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16));
}

/** The address with the bits behind `length` at zero. */
const networkOf = (groups: readonly number[], length: number, bits: number): readonly number[] =>
  groups.map((group, index) => {
    const free = Math.min(bits, Math.max(0, (index + 1) * bits - length));
    return group - (group % 2 ** free);
  });

/** The canonical text of an address: dotted, or in lower case with the first longest run of zeros as `::` (RFC 5952). */
function addressText({ family, groups }: Pick<Cidr, 'family' | 'groups'>): string {
  if (family === 4) return groups.join('.');
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const [longest] = runs.toSorted((one, other) => other.length - one.length);
  return longest === undefined ? text : text.replace(new RegExp(`(?:^|:)\\b${longest}\\b(?::|$)`), '::');
}

/** A CIDR as text, such as `10.0.0.0/16`. */
export const cidrText = (cidr: Cidr): string => `${addressText(cidr)}/${cidr.length}`;

/** The first 96 bits of IPv4-mapped IPv6 addresses. */
const MAPPED = [0, 0, 0, 0, 0, 0xff_ff];

/**
 * Reads a CIDR.
 * @returns the range, or what was expected instead: completes "got X, expected ...".
 */
export function parseCidr(text: string): Cidr | string {
  const [, address = '', digits = ''] = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const family = isIPv4(address) ? 4 : isIPv6(address) && !/[.%]/.test(address) ? 6 : undefined;
  if (family === undefined) {
    return isIPv6(address) && address.includes('.')
      ? 'IPv4 addresses in dotted form such as 10.0.0.0/16, and IPv6 addresses without dots'
      : 'a CIDR such as 10.0.0.0/16, 192.0.2.7/32 or fd00::/48';
  }
  const { bits, count } = FAMILIES[family];
  const length = Number(digits);
  if (length > bits * count) return `a prefix length of at most ${bits * count}`;
  const given = family === 4 ? address.split('.').map(Number) : ipv6Groups(address);
  const groups = networkOf(given, length, bits);
  const cidr: Cidr = { family, groups, length };
  if (family === 6 && length >= 96 && MAPPED.every((group, index) => groups[index] === group)) {
    const octets = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
    return `${cidrText({ family: 4, groups: octets, length: length - 96 })}: labels hold IPv4 addresses in dotted form`;
  }
  return groups.join() === given.join() ? cidr : `${cidrText(cidr)}, the network address`;
}

const keyOf = ({ family, groups, length }: Cidr): string => `${family} ${groups.join()} ${length}`;

/** Finds the longest of several ranges that holds an address range whole; of equal ones, the first. */
export function longestPrefix<R extends { readonly cidr: Cidr }>(
  ranges: readonly R[],
): (cidr: Cidr, longest?: number) => R | undefined {
  const known = new Map(ranges.toReversed().map((range) => [keyOf(range.cidr), range]));
  const lengths = [...new Set(ranges.map(({ cidr }) => cidr.length))].toSorted((one, other) => other - one);
  return ({ family, groups, length: own }, longest = own) => {
    for (const length of lengths.filter((one) => one <= longest)) {
      const found = known.get(keyOf({ family, groups: networkOf(groups, length, FAMILIES[family].bits), length }));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

const DIGITS = '0123456789abcdef';

/** A character class of the digits from one to another. */
function digitClass(low: number, high: number): string {
  if (low === high) return DIGITS.charAt(low);
  const parts = [
    [low, Math.min(high, 9)],
    [Math.max(low, 10), high],
  ].filter(([from = 0, to = 0]) => from <= to);
  return `[${parts.map(([from = 0, to = 0]) => (from === to ? '' : `${DIGITS.charAt(from)}-`) + DIGITS.charAt(to)).join('')}]`;
}

/** `digit` several times. */
const times = (digit: string, count: number): string => (count < 2 ? digit.repeat(count) : `${digit}{${count}}`);

/** Alternatives for all numbers between two of the same number of digits. */
function sameDigits(low: string, high: string, base: number): readonly string[] {
  if (low === '') return [''];
  const any = digitClass(0, base - 1);
  const rest = low.length - 1;
  const [first, last] = [DIGITS.indexOf(low.charAt(0)), DIGITS.indexOf(high.charAt(0))];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const [zeros, nines] = ['0'.repeat(rest), DIGITS.charAt(base - 1).repeat(rest)];
  if (first === last) return sameDigits(lowRest, highRest, base).map((text) => DIGITS.charAt(first) + text);
  const isFull = { low: lowRest === zeros, high: highRest === nines };
  const [from, to] = [isFull.low ? first : first + 1, isFull.high ? last : last - 1];
  return [
    ...(isFull.low ? [] : sameDigits(lowRest, nines, base).map((text) => DIGITS.charAt(first) + text)),
    ...(from > to ? [] : [digitClass(from, to) + times(any, rest)]),
    ...(isFull.high ? [] : sameDigits(zeros, highRest, base).map((text) => DIGITS.charAt(last) + text)),
  ];
}

/** A regular expression for all whole numbers between two, without leading zeros. */
function numbersBetween(low: number, high: number, base: number): string {
  const [shortest, longest] = [low, high].map((number) => number.toString(base).length) as [number, number];
  const alternatives = Array.from({ length: longest - shortest + 1 }, (_, index) => shortest + index).flatMap(
    (digits) => {
      const [from, to] = [Math.max(low, digits === 1 ? 0 : base ** (digits - 1)), Math.min(high, base ** digits - 1)];
      return sameDigits(from.toString(base), to.toString(base), base);
    },
  );
  const [only = '', ...others] = alternatives;
  return others.length === 0 ? only : `(?:${alternatives.join('|')})`;
}

/** The groups that a range decides, as regular expressions; the last one may be decided in part. */
const decided = ({ family, groups, length }: Cidr): readonly { readonly regex: string; readonly isZero: boolean }[] => {
  const { bits, base } = FAMILIES[family];
  return groups.slice(0, Math.ceil(length / bits)).map((group, index) => {
    const free = Math.max(0, (index + 1) * bits - length);
    return { regex: numbersBetween(group, group + 2 ** free - 1, base), isZero: group === 0 };
  });
};

const GROUP = '[0-9a-f]+';

/**
 * The forms of the addresses of an IPv6 range. Where `::` stands behind the decided groups, the text begins with these. Where it begins
 * among them, as many groups must follow as place those behind it.
 */
function ipv6Forms(cidr: Cidr): readonly string[] {
  const groups = decided(cidr);
  const size = groups.length;
  if (size === 0) return ['.*:.*'];
  const text = (from: number, to?: number) => groups.slice(from, to).map(({ regex }) => regex);
  const forms = [`${text(0).join(':')}${size < 8 ? ':.*' : ''}`];
  for (let start = 0; start < size; start += 1) {
    // A run of zeros begins behind a group that is none.
    if (start > 0 && groups[start - 1]?.isZero === true) continue;
    const before = text(0, start).join(':');
    let end = start;
    while (end < size && groups[end]?.isZero === true) {
      end += 1;
      // The run ends inside of the decided groups: before one that is not zero, or that need not be.
      const isPartial = end === size - 1 && cidr.length % 16 > 0;
      if (end < size && end - start > 1 && (groups[end]?.isZero !== true || isPartial)) {
        forms.push(`${before}::${[...text(end), ...Array.from({ length: 8 - size }, () => GROUP)].join(':')}`);
      }
    }
    if (end < size || end === start) continue;
    // Two groups at least are behind `::`, so it reaches the end of the decided groups whatever follows.
    const free = 8 - size;
    const more = free > 1 ? `(?:${GROUP}(?::${GROUP}){0,${free - 1}})?` : free === 1 ? '[0-9a-f]*' : '';
    forms.push(`${before}::${size <= start + 2 ? '.*' : more}`);
  }
  return forms;
}

/**
 * Regular expressions (RE2), each of which matches some addresses of a range as a whole; together they match all of them and no others.
 * Addresses are in their canonical text, as Go's `net.IP` prints them and labels hold them: dotted, or by RFC 5952.
 */
export function addressRegexes(cidr: Cidr): readonly string[] {
  if (cidr.family === 6) return ipv6Forms(cidr);
  const parts = decided(cidr).map(({ regex }) => regex);
  return [parts.length === 0 ? '[0-9.]+' : [...parts, ...(parts.length < 4 ? ['.+'] : [])].join(FAMILIES[4].separator)];
}
