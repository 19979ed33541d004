import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isInCidr } from '../../../../bench/model.ts';
import { USUAL, WIDER } from '../../../../generators/traffic/records/pod-cidrs.ts';

/** What `label_replace` makes of an address, with the last rule that matches; '' where none does. */
const enclosing = (ip: string, rules: typeof USUAL): string =>
  rules.reduce((found, [regex, cidr]) => {
    const match = new RegExp(`^(?:${regex})$`).exec(ip);
    return match === null ? found : cidr.replaceAll(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
  }, '');

/** As Go and Kubernetes write it. */
const canonical = (groups: readonly number[]): string =>
  new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);

const octet = fc.integer({ min: 0, max: 255 });
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xff_ff }));
const prefix = fc.tuple(fc.integer({ min: 1, max: 0xff_ff }), group, group, group);

describe('the enclosing CIDR of an address', () => {
  test('of IPv4 is found at every octet, and no other', () => {
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const ip = octets.join('.');
        const [a, b, c] = octets;
        const found = [USUAL, ...WIDER].map((rules) => enclosing(ip, rules));
        expect(found).toEqual([`${a}.${b}.${c}.0/24`, `${a}.${b}.0.0/16`, `${a}.0.0.0/8`]);
        expect(found.filter((cidr) => !isInCidr(cidr, ip))).toEqual([]);
      }),
    );
  });

  test('of IPv6 is right, if it is found', () => {
    fc.assert(
      fc.property(prefix, fc.tuple(group, group, group, group), (network, host) => {
        const ip = canonical([...network, ...host]);
        const found = enclosing(ip, USUAL);
        expect(found === '' || isInCidr(found, ip)).toBe(true);
        expect(WIDER.map((rules) => enclosing(ip, rules))).toEqual(['', '']);
      }),
    );
  });

  test('of IPv6 is found where hosts are numbered', () => {
    fc.assert(
      fc.property(prefix, fc.integer({ min: 1, max: 0xff_ff }), (network, host) => {
        const range = `${canonical([...network, 0, 0, 0, 0])}/64`;
        expect(enclosing(canonical([...network, 0, 0, 0, host]), USUAL)).toBe(range);
      }),
    );
  });

  test.each(['', 'unknown', '::1', '1.2.3', 'fd00::1:2:3:4:5', '::ffff:10.0.0.1', 'node-a'])('of %j is none', (ip) => {
    expect(enclosing(ip, USUAL)).toBe('');
  });
});
