/** Parts of the settings that describe ranges of addresses. */
import { when } from '../schema/settings.ts';

/** Flow sources that report the addresses of both ends: only their unnamed ends can be found in a range. */
export const ADDRESS_SOURCES = ['retina-hubble', 'retina-standard', 'cilium-hubble'] as const;

/** The most CIDRs that all settings may hold together: the rules that compare addresses with them grow with every one. */
export const MAX_CIDRS = 500;

/** A CIDR, roughly; the checks read it whole. */
export const CIDR = {
  type: 'string',
  maxLength: 64,
  pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$',
  expected: 'a CIDR such as 10.0.0.0/16, 192.0.2.7/32 or fd00::/48',
} as const;

/** A name as text that no part of the rules takes for something else. */
const named = <const Expected extends string>(expected: Expected, reserved: readonly string[]) =>
  ({
    type: 'string',
    pattern: `^(?!(?:${reserved.join('|')})$)[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`,
    expected: `${expected}: up to 63 letters, digits, dashes, dots and underscores, not ${reserved.join(', ')}`,
  }) as const;

/** A zone or a region. What stands for the zone of ends beyond the cluster is none. */
const place = <const Expected extends string>(expected: Expected) =>
  named(expected, ['unknown', 'internet', 'storage']);

/** A zone as nodes have it. */
export const ZONE = { ...place('a zone such as eu-west-1a'), description: 'Zone, as nodes have it.' } as const;

/** A region. */
export const REGION = {
  ...place('a region such as eu-west-1'),
  description: 'Region. In another one than cloud.region, traffic is cross_region, whatever zone is given.',
} as const;

/** The name of something outside of the cluster. */
export const NAME = named('a name such as orders-db', ['unknown']);

/** The ranges of an entry. */
export const CIDRS = {
  type: 'array',
  items: CIDR,
  minItems: 1,
  uniqueItems: true,
  description: 'Ranges, IPv4 and IPv6.',
} as const;

/** A list of entries with ranges of addresses. */
export const addressRanges = <const I extends object>(entry: I, description: string) =>
  when({ 'flows.source': ADDRESS_SOURCES }, { type: 'array', items: entry, default: [], description } as const);
