import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { isInCidr } from '../../../bench/model.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { ADDRESS_SOURCES, MAX_CIDRS } from '../../../generators/settings/ranges.ts';
import { type Place, rangeSteps } from '../../../generators/traffic/ranges.ts';
import { REPORTS } from '../../support/expected-traffic.ts';
import { generate, RULES } from '../../support/generate.ts';

/** Ranges in and around 10.0.0.0/24 and fd00::/120, so that many are inside of others. */
const cidr: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), fc.nat({ max: 10 }), fc.nat({ max: 255 }))
  .map(([isIpv4, free, last]) => {
    const network = free > 8 ? 0 : last - (last % 2 ** free);
    return isIpv4
      ? `10.0.0.${network}/${32 - free}`
      : `fd00::${network === 0 ? '' : network.toString(16)}/${128 - free}`;
  });

const zone = fc.constantFrom('a', 'b', 'c');
const region = fc.constantFrom('home', 'away');
const some = fc.array(cidr, { minLength: 1, maxLength: 4 });
const entries = <T extends object>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 4 });

const settings = fc.record({
  ours: fc.array(cidr, { maxLength: 3 }),
  ofNodes: entries(fc.oneof(fc.record({ cidrs: some, zone }), fc.record({ cidrs: some, node: fc.constant('n') }))),
  subnets: entries(fc.record({ cidrs: some, zone, region }, { requiredKeys: ['cidrs'] })),
  external: entries(
    fc.record(
      {
        name: fc.constantFrom('x', 'y'),
        kind: fc.constantFrom('database', 'other', 'storage'),
        cidrs: some,
        zone,
        region,
      },
      { requiredKeys: ['name', 'kind', 'cidrs'] },
    ),
  ),
  internet: fc.array(cidr, { maxLength: 2 }),
});

type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

/** The same without the repeated ranges that checks refuse. */
function distinct({ ours, ofNodes, subnets, external, internet }: Settings) {
  const fresh = () => {
    const seen = new Set<string>();
    return (cidrs: readonly string[]) => cidrs.filter((text) => !seen.has(text) && seen.add(text));
  };
  const [owner, subnet] = [fresh(), fresh()];
  const once = <T extends { readonly cidrs: readonly string[] }>(list: readonly T[], keep: typeof owner) =>
    list.map((entry) => ({ ...entry, cidrs: keep(entry.cidrs) })).filter(({ cidrs }) => cidrs.length > 0);
  const inNet = owner(internet);
  return {
    cluster: { cidrs: owner(ours) },
    nodes: { addresses: once(ofNodes, owner) },
    zones: { subnets: once(subnets, subnet) },
    flows: {
      external: [
        ...once(external, owner),
        ...(inNet.length === 0 ? [] : [{ name: 'net', kind: 'internet', cidrs: inNet }]),
      ],
    },
    cloud: { region: 'home' },
  } as never;
}

type Config = Parameters<typeof rangeSteps>[0];
type Found = Partial<Place> & { readonly length: number };

/** The entry with the longest range that holds an address, as Node says. */
const longest = (ip: string, ranges: readonly (readonly [readonly string[], Partial<Place>])[]): Found | undefined =>
  ranges
    .flatMap(([cidrs, what]) => cidrs.map((text) => ({ text, ...what, length: Number(text.split('/')[1]) })))
    .filter(({ text }) => isInCidr(text, ip))
    .toSorted((one, other) => other.length - one.length)[0];

/** The place of an address, from the description of the settings. */
function truth({ cluster, nodes, zones, flows, cloud }: Config, ip: string): string {
  const owner = longest(ip, [
    ...nodes.addresses.map(
      (entry, index) =>
        [
          entry.cidrs,
          { kind: 'nodes', zone: entry.zone ?? '', node: entry.node === undefined ? '' : String(index) },
        ] as const,
    ),
    [cluster.cidrs, { kind: 'cluster' }],
    ...flows.external.map((entry) => [entry.cidrs, entry] as const),
  ]);
  const subnet = longest(
    ip,
    zones.subnets.map((entry) => [entry.cidrs, entry] as const),
  );
  if (owner?.kind === 'internet') {
    if (subnet === undefined || owner.length > subnet.length) return 'internet/net/internet//internet/';
    const external = flows.external.filter(({ kind }) => kind !== 'internet');
    return truth({ cluster, nodes, zones, flows: { ...flows, external }, cloud }, ip);
  }
  const isAway = (of?: string) => of !== undefined && of !== cloud.region;
  const knowsPlace = owner !== undefined && Boolean(owner.zone || owner.node || isAway(owner.region));
  const where = knowsPlace ? owner : (subnet ?? owner);
  const isOurs = owner?.kind === 'cluster' || owner?.kind === 'nodes';
  const away = isAway(where?.region) ? where?.region : undefined;
  const isStorage = owner?.kind === 'storage' && away === undefined && !where?.zone;
  const fields = [
    owner?.kind ?? '',
    owner?.name ?? (away !== undefined && !isOurs ? 'external' : ''),
    away ?? (isStorage ? 'storage' : (where?.zone ?? '')),
    where?.region ?? '',
    away === undefined ? (isStorage ? 'internet' : '') : 'cross_region',
    owner?.node ?? '',
  ];
  return fields.every((field) => field === '') ? '' : fields.join('/');
}

/** What the steps say of an address, as Prometheus would. */
function applied({ any, each }: ReturnType<typeof rangeSteps>, ip: string): string {
  const run = (steps: typeof any, before: string) =>
    steps.reduce((value, step) => (RE2JS.compile(`^(?s:${step.regex})$`).matches(ip) ? step.value : value), before);
  const first = run(any, '');
  const place = run(each, first);
  if (first === '' && place !== '') throw new Error(`${ip} is in a range that the first comparison misses`);
  if (place === 'any') throw new Error(`${ip} is in no range that the steps know`);
  return place;
}

describe('the steps of configured ranges', () => {
  test('find the place that the longest range says, as Node finds it', () => {
    fc.assert(
      fc.property(settings, fc.array(fc.nat({ max: 1024 }), { minLength: 4, maxLength: 4 }), (given, lasts) => {
        const config = distinct(given);
        const steps = rangeSteps(config);
        for (const last of lasts) {
          const addresses = [`10.0.${last >> 8}.${last & 255}`, last === 0 ? 'fd00::' : `fd00::${last.toString(16)}`];
          for (const ip of addresses) expect([ip, applied(steps, ip)]).toEqual([ip, truth(config, ip)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('need few comparisons for many ranges of one place', () => {
    const cidrs = Array.from({ length: 200 }, (_, index) => `10.${index}.0.0/16`);
    const { config } = generate({ flows: { external: [{ name: 'far', kind: 'other', cidrs }] } });
    expect(rangeSteps(config).each).toHaveLength(1);
  });

  test('leave out what the range around says already', () => {
    const { config } = generate({ cluster: { cidrs: ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24'] } });
    expect(rangeSteps(config).each).toEqual([{ value: 'cluster/////', regex: '10[.].+' }]);
  });
});

/** The expressions of a rule file. */
const expressions = (text: string): readonly string[] => text.split(/^ {6}- record: /m).slice(1);

describe('the rules of configured ranges', () => {
  const address = (index: number) => `10.${index >> 8}.${index & 255}.7/32`;

  test.each([
    ['of one name', (cidrs: readonly string[]) => [{ name: 'all', kind: 'other', cidrs }]],
    [
      'of as many names',
      (cidrs: readonly string[]) =>
        cidrs.map((text, index) => ({
          name: `database-${index}`,
          kind: 'database',
          zone: 'eu-west-1a',
          cidrs: [text],
        })),
    ],
  ])('are of a bounded size for the most ranges, %s', (_name, externalOf) => {
    const cidrs = Array.from({ length: MAX_CIDRS }, (_, index) => address(index));
    const text = generate({ flows: { external: externalOf(cidrs) }, targets: ['prometheus'] }).file(RULES.zoneTraffic);
    const rules = expressions(text).filter((rule) => rule.includes('range'));
    expect(rules.length).toBeGreaterThan(1);
    // VictoriaMetrics refuses longer ones by default; Mimir allows 20 rules in a group.
    for (const rule of rules) expect(rule.replaceAll(/^ {10}/gm, '').length).toBeLessThan(16_384);
    expect(text.slice(text.indexOf('azimuth-network-flows')).match(/- record:/g)?.length).toBeLessThanOrEqual(20);
  });

  test.each(['obi', 'beyla'])('of %s, whose reports take many rules, fit into groups of 20 as well', (source) => {
    const external = Array.from({ length: MAX_CIDRS }, (_, index) => ({
      name: `database-${index}`,
      kind: 'database',
      cidrs: [address(index)],
    }));
    const flows = { source, granularity: 'pod', external };
    const text = generate({ flows, [source]: { addresses: true }, targets: ['prometheus'] }).file(RULES.zoneTraffic);
    const groups = text.split(/^ {2}- name: /m).slice(1);
    expect(groups.map((group) => group.slice(0, group.indexOf('\n')))).toContain('azimuth-network-bytes-ranges');
    for (const group of groups) expect(group.match(/- record:/g)?.length).toBeLessThanOrEqual(20);
  });

  test('are not there without a range, and with one only for sources that report addresses', () => {
    const given = { cluster: { cidrs: ['10.0.0.0/8'] } };
    for (const id of SOURCE_IDS) {
      const flows = { source: id };
      expect(generate({ flows }).file(RULES.zoneTraffic)).not.toMatch(/_range[_:]/);
      const hasAddress = REPORTS[id].includes('addresses');
      const built = generate({ ...given, flows });
      expect([id, built.file(RULES.zoneTraffic).includes('_range:info')]).toEqual([id, hasAddress]);
      expect(built.warnings.flatMap(({ settings: names }) => names)).toEqual(hasAddress ? [] : ['cluster.cidrs']);
      expect([id, ADDRESS_SOURCES.some((source) => source === id)]).toEqual([id, hasAddress]);
    }
  });
});
