import { addressRegexes, type Cidr, longestPrefix, parseCidr } from './cidr.ts';

/**
 * Ranges of IPv4 whose addresses are not on the internet: this host, private networks, carriers' NAT, loopback, link-local, protocol assignments,
 * benchmarks, multicast, reserved. Ranges of documentation are left out, as nothing has them. Upstream: IANA IPv4 Special-Purpose Address
 * Registry (RFC 6890).
 */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
];

/** Ranges of IPv6 on the internet: global unicast, and what NAT64 translates. Upstream: IANA IPv6 Address Space; RFC 6052. */
const PUBLIC_IPV6 = ['2000::/3', '64:ff9b::/96'];

const ranges = (texts: readonly string[]): readonly Cidr[] =>
  texts.flatMap((text) => {
    const cidr = parseCidr(text);
    return typeof cidr === 'string' ? [] : [cidr];
  });

const wrapped = (cidrs: readonly Cidr[]) => longestPrefix(cidrs.map((cidr) => ({ cidr })));

/** Ranges whose addresses are not on the internet, as far as they are inside of a range of IPv4 that may be configured. */
export const NOT_PUBLIC = ranges(NOT_PUBLIC_IPV4);

const [notPublic, publicIpv6] = [wrapped(NOT_PUBLIC), wrapped(ranges(PUBLIC_IPV6))];

/** Whether a range is on the internet; one that holds private ranges and others is. */
export const isPublic = (cidr: Cidr): boolean =>
  cidr.family === 4 ? notPublic(cidr) === undefined : cidr.length < 3 || publicIpv6(cidr) !== undefined;

const alternatives = (cidrs: readonly Cidr[]): string => cidrs.flatMap((cidr) => addressRegexes(cidr)).join('|');

/**
 * Regular expressions of public addresses, which must match the first and not the second. Addresses are in their canonical text; what is no
 * address matches neither.
 */
export const PUBLIC_ADDRESS = {
  matches: `[0-9]+[.][0-9.]+|${alternatives(ranges(PUBLIC_IPV6))}`,
  butNot: alternatives(NOT_PUBLIC),
} as const;
