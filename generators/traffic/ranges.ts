import { addressRegexes, type Cidr, longestPrefix, parseCidr } from './cidr.ts';
import { isPublic, NOT_PUBLIC } from './public.ts';
import type { TrafficConfig } from './config.ts';
import type { FlowInput } from './input.ts';
import { INTERNET, STORAGE, UNNAMED_EXTERNAL } from './records/names.ts';
import { type Side, SIDES } from './source.ts';

/** The sections of the configuration that describe ranges of addresses. */
type Ranges = Pick<TrafficConfig, 'cluster' | 'nodes' | 'zones' | 'flows' | 'cloud'>;

/** What the configuration says of the addresses of a range; each field is empty where it says nothing. */
export interface Place {
  /** `cluster` or `nodes` for ranges of ours, else the kind of an external workload. */
  readonly kind: string;
  /** The external workload. */
  readonly name: string;
  /** The zone; beyond the cluster, the region, `internet` or `storage`. */
  readonly zone: string;
  readonly region: string;
  /** The class of traffic with addresses beyond the cluster; empty for the others. */
  readonly beyond: string;
  /** The entry of `nodes.addresses` whose nodes have the zone, by its index. */
  readonly node: string;
}

/** The kinds of the ranges that are ours: `cluster.cidrs`, and `nodes.addresses`. */
export const OURS = 'cluster';
export const OF_NODES = 'nodes';

interface Entry extends Partial<Place> {
  readonly cidr: Cidr;
}

/** Whether a source reports the addresses of an end, so that one without a name can be looked up. */
export const reportsAddress = ({ source }: Pick<FlowInput, 'source'>, side: Side): boolean =>
  source.ends[side].ip !== undefined;

/** Whether it reports those of any end. */
export const reportsAddresses = (input: Pick<FlowInput, 'source'>): boolean =>
  SIDES.some((side) => reportsAddress(input, side));

const hasOwnRanges = ({ cluster, nodes }: Ranges): boolean => cluster.cidrs.length > 0 || nodes.addresses.length > 0;

/** Whether unnamed ends of an input are looked up in configured ranges. */
export const looksUpRanges = (config: Ranges, input: FlowInput): boolean =>
  reportsAddresses(input) &&
  (hasOwnRanges(config) || config.zones.subnets.length > 0 || config.flows.external.length > 0);

/** An entry for each CIDR. The checks have refused what cannot be read. */
const entriesOf = (cidrs: readonly string[], what: Partial<Place>): readonly Entry[] =>
  cidrs.flatMap((text) => {
    const cidr = parseCidr(text);
    return typeof cidr === 'string' ? [] : [{ ...what, cidr }];
  });

/** Ranges that say who an address is; those of nodes come before equal ones of the cluster, which say less. */
const ownersOf = ({ cluster, nodes, flows }: Ranges): readonly Entry[] => [
  ...nodes.addresses.flatMap(({ cidrs, zone = '', node }, index) =>
    entriesOf(cidrs, { kind: OF_NODES, zone, node: node === undefined ? '' : String(index) }),
  ),
  ...entriesOf(cluster.cidrs, { kind: OURS }),
  ...flows.external.flatMap(({ cidrs, ...what }) => entriesOf(cidrs, what)),
];

/** The order of the fields in the text of a place. None of them holds a slash. */
export const FIELDS = ['kind', 'name', 'zone', 'region', 'beyond', 'node'] as const satisfies readonly (keyof Place)[];

/** A range and the text of its place, which is empty where nothing is said. */
interface Placed {
  readonly cidr: Cidr;
  readonly place: string;
}

/** What stands for the zone of ends beyond the cluster, by class. */
export const beyondZones = ({ zones, flows, cloud }: Ranges) => ({
  internet: [INTERNET, STORAGE],
  cross_region: [
    ...new Set([...zones.subnets, ...flows.external].flatMap(({ region }) => (region === undefined ? [] : [region]))),
  ].filter((region) => region !== cloud.region),
});

/** Where an address without a zone is beyond the cluster: in another region, in object storage or on the internet. */
function beyondOf({ kind = '', name = '' }: Partial<Place>, region: string, isOutside: boolean): Partial<Place> {
  const isOurs = kind === OURS || kind === OF_NODES;
  const who = isOurs ? {} : { name: name === '' ? UNNAMED_EXTERNAL : name };
  if (region !== '') return { ...who, zone: region, beyond: 'cross_region' };
  if (isOurs) return {};
  if (kind === 'storage') return { ...who, zone: STORAGE, beyond: 'internet' };
  return isOutside ? { ...who, zone: INTERNET, beyond: 'internet' } : {};
}

/**
 * Every configured range with its place: who from the longest range that says it, where from the same entry, else from the longest subnet. A
 * zone of another region is none of ours. The internet is in no zone, and not in a subnet. Of a range with private addresses and others, only
 * the others are on the internet, unless that is its kind.
 */
function placedRanges(config: Ranges): readonly Placed[] {
  const owners = ownersOf(config);
  const subnets = config.zones.subnets.flatMap(({ cidrs, ...where }) => entriesOf(cidrs, where));
  const [owner, subnet] = [longestPrefix(owners), longestPrefix(subnets)];
  const inside = longestPrefix(owners.filter(({ kind }) => kind !== 'internet'));
  const isElsewhere = (region = ''): boolean => region !== '' && region !== config.cloud.region;
  const place = (cidr: Cidr): Partial<Place> => {
    const [found, around] = [owner(cidr), subnet(cidr)];
    const isSubnet = found?.kind === 'internet' && around !== undefined && around.cidr.length >= found.cidr.length;
    const who: Partial<Place> = (isSubnet ? inside(cidr) : found) ?? {};
    const isPlaced = who.kind === 'internet' || [who.zone, who.node].some(Boolean) || isElsewhere(who.region);
    const where: Partial<Place> = isPlaced ? who : (around ?? who);
    const region = isElsewhere(where.region) ? (where.region ?? '') : '';
    const isOutside = who.kind === 'internet' || (around === undefined && isPublic(cidr));
    const known = region === '' && [where.zone, who.node].some(Boolean);
    return {
      ...who,
      region: where.region ?? '',
      zone: region === '' ? (where.zone ?? '') : '',
      ...(known ? {} : beyondOf(who, region, isOutside)),
    };
  };
  const all = [...owners, ...subnets].map(({ cidr }) => cidr);
  const holes = NOT_PUBLIC.filter((cidr) => {
    const kind = owner(cidr)?.kind;
    return kind !== undefined && kind !== 'internet';
  });
  return [...all, ...holes].map((cidr) => {
    const found = place(cidr);
    const text = FIELDS.map((field) => found[field] ?? '').join('/');
    return { cidr, place: /[^/]/.test(text) ? text : '' };
  });
}

/** One comparison of an address with ranges: what matches is at that place, unless a later step says otherwise. */
export interface Step {
  readonly value: string;
  readonly regex: string;
}

/** The longest regular expression of a step, in characters. */
const MAX_REGEX = 4000;

/** Alternatives in as many regular expressions as are needed to keep each short. */
function joined(alternatives: readonly string[]): readonly string[] {
  const parts: string[] = [];
  for (const alternative of alternatives) {
    const last = parts.at(-1);
    if (last === undefined || last.length + alternative.length > MAX_REGEX) parts.push(alternative);
    else parts[parts.length - 1] = `${last}|${alternative}`;
  }
  return parts;
}

/** The comparisons of addresses with all ranges. */
export interface Steps {
  /** Finds every address that is in any range, in few comparisons; the value says no more than that. */
  readonly any: readonly Step[];
  /** Finds the place of each of these: one step for each place and depth, in their order. */
  readonly each: readonly Step[];
}

/**
 * The steps that find the place of an address: ranges inside of others come later, so the longest prefix wins. A range that says the same as
 * the one around it is left out.
 */
export function rangeSteps(config: Ranges): Steps {
  const placed = placedRanges(config).toSorted((one, other) => one.cidr.length - other.cidr.length);
  const around = longestPrefix(placed);
  const depths = new Map<Placed, number>();
  const groups = new Map<string, { readonly depth: number; readonly value: string; readonly regexes: string[] }>();
  for (const range of placed) {
    if (around(range.cidr) !== range) continue;
    const outer = around(range.cidr, range.cidr.length - 1);
    const isSame = range.place === (outer?.place ?? '');
    const depth = (outer === undefined ? 0 : (depths.get(outer) ?? 0)) + (isSame ? 0 : 1);
    depths.set(range, depth);
    if (isSame) continue;
    const key = `${depth} ${range.place}`;
    const group = groups.get(key) ?? { depth, value: range.place, regexes: [] };
    group.regexes.push(...addressRegexes(range.cidr));
    groups.set(key, group);
  }
  const inOrder = [...groups.values()].toSorted((one, other) => one.depth - other.depth);
  const outermost = inOrder.filter(({ depth }) => depth === 1).flatMap(({ regexes }) => regexes);
  return {
    any: joined(outermost).map((regex) => ({ value: 'any', regex })),
    each: inOrder.flatMap(({ value, regexes }) => joined(regexes).map((regex) => ({ value, regex }))),
  };
}
