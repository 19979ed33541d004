import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { isInCidr } from '../../../bench/model.ts';
import { addressRegexes, cidrText, parseCidr, type Cidr } from '../../../generators/traffic/cidr.ts';

const BITS = { 4: 32, 6: 128 } as const;

/** The canonical text of an address; that of IPv6 as URLs have it, which is RFC 5952 without dots. */
function textOf(family: 4 | 6, value: bigint): string {
  const hex = value.toString(16).padStart(BITS[family] / 4, '0');
  return family === 4
    ? (hex.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16)).join('.')
    : new URL(`http://[${(hex.match(/..../g) ?? []).join(':')}]`).hostname.slice(1, -1);
}

const masked = (family: 4 | 6, value: bigint, length: number): bigint => {
  const free = BigInt(BITS[family] - length);
  return (value >> free) << free;
};

/** Addresses with many zeros, whose text is compressed in every way. */
const address = (family: 4 | 6): fc.Arbitrary<bigint> => {
  const [count, bits] = family === 4 ? [4, 8] : [8, 16];
  const group = fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    fc.constantFrom(1, 2 ** bits - 1, 2 ** (bits - 1)),
    fc.nat({ max: 2 ** bits - 1 }),
  );
  return fc
    .array(group, { minLength: count, maxLength: count })
    .map((groups) => groups.reduce((value, one) => (value << BigInt(bits)) + BigInt(one), 0n));
};

const family = fc.constantFrom(4 as const, 6 as const);

/** Ranges of IPv4-mapped addresses are refused. */
const isMapped = (of: 4 | 6, base: bigint, length: number): boolean =>
  of === 6 && length >= 96 && base >> 32n === 0xff_ffn;

/** A range, and an address that often is in it or close to it. */
const rangeAndAddress = family.chain((of) =>
  fc
    .record({
      network: address(of),
      length: fc.nat({ max: BITS[of] }),
      other: address(of),
      flipped: fc.nat({ max: BITS[of] - 1 }),
      isOther: fc.boolean(),
      isNear: fc.boolean(),
    })
    .filter(({ network, length }) => !isMapped(of, network, length))
    .map(({ network, length, other, flipped, isOther, isNear }) => {
      const base = masked(of, network, length);
      // Any bits after the prefix, and sometimes one flipped bit anywhere.
      const inside = base + (other - masked(of, other, length));
      const near = isNear ? inside ^ (1n << BigInt(flipped)) : inside;
      return { family: of, cidr: `${textOf(of, base)}/${length}`, ip: textOf(of, isOther ? other : near) };
    }),
);

const parsed = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (typeof cidr === 'string') throw new TypeError(`${text}: ${cidr}`);
  return cidr;
};

/** Whether a label with that address matches, as Prometheus anchors it. */
const isMatch = (cidr: string, ip: string): boolean =>
  RE2JS.compile(`^(?s:${addressRegexes(parsed(cidr)).join('|')})$`).matches(ip);

describe('the regular expression of a range', () => {
  test('matches its addresses and no others, as Node says', () => {
    fc.assert(
      fc.property(rangeAndAddress, ({ cidr, ip }) => {
        expect([cidr, ip, isMatch(cidr, ip)]).toEqual([cidr, ip, isInCidr(cidr, ip)]);
      }),
      { numRuns: 2000 },
    );
  });

  test('matches the lowest and the highest address, and neither neighbour', () => {
    fc.assert(
      fc.property(
        family.chain((of) => fc.tuple(fc.constant(of), address(of), fc.nat({ max: BITS[of] }))),
        ([of, network, length]) => {
          const base = masked(of, network, length);
          const size = 1n << BigInt(BITS[of] - length);
          fc.pre(!isMapped(of, base, length));
          const cidr = `${textOf(of, base)}/${length}`;
          const around = [base - 1n, base, base + size - 1n, base + size].filter(
            (value) => value >= 0n && value < 1n << BigInt(BITS[of]),
          );
          for (const ip of around.map((value) => textOf(of, value))) {
            expect([cidr, ip, isMatch(cidr, ip)]).toEqual([cidr, ip, isInCidr(cidr, ip)]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['10.0.0.0/8', ['10[.].+']],
    ['10.1.64.0/18', ['10[.]1[.](?:6[4-9]|[7-9][0-9]|1[0-1][0-9]|12[0-7])[.].+']],
    ['192.0.2.7/32', ['192[.]0[.]2[.]7']],
    ['0.0.0.0/0', ['[0-9.]+']],
    ['2001:db8::/32', ['2001:db8:.*']],
    ['2001:db8:1:2::/64', ['2001:db8:1:2:.*']],
    ['fd00::/48', ['fd00:0:0:.*', 'fd00::.*']],
    ['fe80::/10', ['fe[8-9a-b][0-9a-f]:.*']],
    ['64:ff9b::/96', ['64:ff9b:0:0:0:0:.*', '64:ff9b::(?:[0-9a-f]+(?::[0-9a-f]+){0,1})?']],
    ['::/0', ['.*:.*']],
  ])('%s', (cidr, regexes) => {
    expect(addressRegexes(parsed(cidr))).toEqual(regexes);
  });

  test('stays short', () => {
    fc.assert(
      fc.property(rangeAndAddress, ({ cidr }) => {
        expect(addressRegexes(parsed(cidr)).join('|').length).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a CIDR', () => {
  test('is read in every spelling, and written in the canonical one', () => {
    fc.assert(
      fc.property(rangeAndAddress, ({ cidr }) => {
        expect(cidrText(parsed(cidr))).toBe(cidr);
      }),
      { numRuns: 500 },
    );
    expect(
      ['FD00:0::0/48', 'fd00:0000:0:0:0:0:0:0/48', '2001:0DB8::/32'].map((text) => cidrText(parsed(text))),
    ).toEqual(['fd00::/48', 'fd00::/48', '2001:db8::/32']);
  });

  const CIDR = 'a CIDR such as 10.0.0.0/16, 192.0.2.7/32 or fd00::/48';
  test.each([
    ['10.0.0.7/16', '10.0.0.0/16, the network address'],
    ['10.0.255.255/17', '10.0.128.0/17, the network address'],
    ['fd00::1/64', 'fd00::/64, the network address'],
    ['10.0.0.0', CIDR],
    ['10.0.0.0/', CIDR],
    ['10.0.0.0/08', CIDR],
    ['10.0.0.0/-1', CIDR],
    ['10.0.0.0/8/8', CIDR],
    ['10.0/8', CIDR],
    ['010.0.0.0/8', CIDR],
    ['256.0.0.0/8', CIDR],
    ['fe80::%eth0/64', CIDR],
    ['fd00:::/48', CIDR],
    ['', CIDR],
    ['10.0.0.0/33', 'a prefix length of at most 32'],
    ['fd00::/129', 'a prefix length of at most 128'],
    ['::ffff:a00:0/104', '10.0.0.0/8: labels hold IPv4 addresses in dotted form'],
    ['::ffff:10.0.0.0/104', 'IPv4 addresses in dotted form such as 10.0.0.0/16, and IPv6 addresses without dots'],
  ])('%s is refused', (text, expected) => {
    expect(parseCidr(text)).toBe(expected);
  });
});
