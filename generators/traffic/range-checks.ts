import { type ZONES, zoneFilter } from '../identity/index.ts';
import type { Problem } from '../schema/problems.ts';
import { checkOf, problem, rejectedRegex } from '../settings/check.ts';
import type { CLUSTER } from '../settings/general.ts';
import { MAX_CIDRS } from '../settings/ranges.ts';
import { matchesWhole, regexProblem } from '../settings/regex.ts';
import type { Slice } from '../settings/section.ts';
import { cidrText, parseCidr } from './cidr.ts';
import type { CLOUD } from '../settings/cloud.ts';
import type { FLOWS, NODES } from './settings.ts';

type Read = Slice<{
  cluster: typeof CLUSTER;
  nodes: typeof NODES;
  zones: typeof ZONES;
  cloud: typeof CLOUD;
  flows: typeof FLOWS;
}>;

/** A CIDR of the configuration and its place. */
interface Given {
  readonly path: string;
  readonly text: string;
}

const listed = (path: string, cidrs: readonly string[]): readonly Given[] =>
  cidrs.map((text, index) => ({ path: `${path}.${index}`, text }));

const inEntries = (path: string, entries: readonly { readonly cidrs: readonly string[] }[]): readonly Given[] =>
  entries.flatMap(({ cidrs }, index) => listed(`${path}.${index}.cidrs`, cidrs));

/** Ranges that are among others as well: it is not clear which of the two would win. */
function clashes(ranges: readonly Given[], others: readonly Given[]): readonly Problem[] {
  const keyed = (list: readonly Given[]) =>
    list.flatMap((range) => {
      const cidr = parseCidr(range.text);
      return typeof cidr === 'string' ? [] : [{ ...range, key: cidrText(cidr) }];
    });
  const first = new Map(
    keyed(others)
      .toReversed()
      .map(({ key, path }) => [key, path]),
  );
  return keyed(ranges).flatMap(({ path, text, key }) => {
    const other = first.get(key);
    return other === undefined || other === path ? [] : [problem(path, text, `another range than ${other}`)];
  });
}

/** Refuses ranges that cannot be read, that are there twice or that are too many. */
const rangeLists = checkOf<Read>()(
  ['cluster.cidrs', 'nodes.addresses', 'zones.subnets', 'flows.external'],
  ({ cluster, nodes, zones, flows }) => {
    const ours = listed('cluster.cidrs', cluster.cidrs);
    const ofNodes = inEntries('nodes.addresses', nodes.addresses);
    const subnets = inEntries('zones.subnets', zones.subnets);
    const external = inEntries('flows.external', flows.external);
    const lists = [ours, ofNodes, subnets, external];
    const all = lists.flat();
    const [longest] = lists.toSorted((one, other) => other.length - one.length);
    const tooMany =
      all.length > MAX_CIDRS
        ? [
            {
              path: longest?.[0]?.path.replace(/[.](?:0|0[.]cidrs[.]0)$/, '') ?? '',
              message:
                `got ${all.length} CIDRs in cluster.cidrs, nodes.addresses, zones.subnets and flows.external, ` +
                `expected at most ${MAX_CIDRS} together`,
            },
          ]
        : [];
    return [
      ...all.flatMap(({ path, text }) => {
        const cidr = parseCidr(text);
        return typeof cidr === 'string' ? [problem(path, text, cidr)] : [];
      }),
      ...lists.flatMap((list) => clashes(list, list)),
      // What is external is not ours.
      ...clashes(external, [...ours, ...ofNodes]),
      ...tooMany,
    ];
  },
);

/** Refuses entries of nodes that name no place or two. */
const nodePlaces = checkOf<Read>()(['nodes.addresses'], ({ nodes }) =>
  nodes.addresses.flatMap((entry, index) => {
    const path = `nodes.addresses.${index}`;
    if ((entry.node === undefined) === (entry.zone === undefined)) {
      return [problem(path, entry, 'either node or zone')];
    }
    return entry.node === undefined ? [] : rejectedRegex(`${path}.node`, entry.node, regexProblem(entry.node));
  }),
);

/** Refuses entries whose place says nothing or cannot be, and names of two kinds. */
const places = checkOf<Read>()(['zones.subnets', 'flows.external', 'cloud.region'], ({ zones, flows, cloud }) => {
  const empty = zones.subnets.flatMap((subnet, index) =>
    subnet.zone === undefined && subnet.region === undefined
      ? [problem(`zones.subnets.${index}`, subnet, 'a zone, a region or both')]
      : [],
  );
  const located = [
    ...zones.subnets.map(({ region }, index) => ({ path: `zones.subnets.${index}.region`, region })),
    ...flows.external.map(({ region }, index) => ({ path: `flows.external.${index}.region`, region })),
  ].find(({ region }) => region !== undefined);
  const unknown =
    located !== undefined && cloud.region === ''
      ? [problem('cloud.region', cloud.region, `the region of the cluster, as ${located.path} is compared with it`)]
      : [];
  const kinds = flows.external.flatMap(({ name, kind, zone, region }, index) => {
    const path = `flows.external.${index}`;
    const first = flows.external.findIndex((other) => other.name === name);
    const other = flows.external[first];
    return [
      ...(other !== undefined && other.kind !== kind
        ? [problem(`${path}.kind`, kind, `${other.kind}, as flows.external.${first} has the same name`)]
        : []),
      ...(kind === 'internet' && (zone ?? region) !== undefined
        ? [problem(path, zone ?? region, 'neither zone nor region, as the internet is in none')]
        : []),
    ];
  });
  return [...empty, ...unknown, ...kinds];
});

/** Refuses ways to ends that need none, or that cannot lead there, and two ways to one name. */
const ways = checkOf<Read>()(['flows.external', 'cloud.region'], ({ flows, cloud }) =>
  flows.external.flatMap(({ name, zone, region = cloud.region, through, kind }, index) => {
    const path = `flows.external.${index}.through`;
    // An entry that does not say it is reached as the others of its name.
    const first = flows.external.findIndex((other) => other.name === name && other.through !== undefined);
    const other = flows.external[first]?.through;
    const isElsewhere = region !== cloud.region;
    return [
      ...(through !== undefined && other !== undefined && other !== through
        ? [problem(path, through, `${other}, as flows.external.${first} has the same name`)]
        : []),
      ...(through !== undefined && zone !== undefined && !isElsewhere
        ? [problem(path, through, 'none, as what is in a zone of the region is reached without')]
        : []),
      ...((through ?? other) === 'endpoint' && (isElsewhere || kind === 'internet')
        ? [problem(path, through ?? other, 'nat or direct, as a gateway endpoint leads to services of its own region')]
        : []),
    ];
  }),
);

/** Refuses zones of ranges that `zones.valid` would refuse of a node. */
const validZones = checkOf<Read>()(
  ['zones', 'nodes.addresses', 'flows.external', 'cloud.provider'],
  ({ zones, nodes, flows, cloud }) => {
    const regex = zoneFilter({ zones, cloud });
    if (regex === undefined || regexProblem(regex) !== undefined) return [];
    const lists = Object.entries({
      'zones.subnets': zones.subnets,
      'nodes.addresses': nodes.addresses,
      'flows.external': flows.external,
    });
    const expected =
      zones.valid === null ? 'no number, which is a fault domain of Azure' : `a match of zones.valid, ${regex}`;
    return lists.flatMap(([path, entries]) =>
      entries.flatMap(({ zone }, index) =>
        zone === undefined || matchesWhole(regex, zone) ? [] : [problem(`${path}.${index}.zone`, zone, expected)],
      ),
    );
  },
);

/** Checks of the settings that describe ranges of addresses. */
export const rangeChecks = [rangeLists, nodePlaces, places, ways, validZones];
