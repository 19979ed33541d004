import { createRandom, type Random } from '../../bench/random.ts';
import { groupsOf, reduced } from '../../mutation/rules.ts';
import { generate } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import { type Directory, type End, type Place, type PodFact, podOf, type Somebody, UNKNOWN } from './ends-truth.ts';
import { sample } from './scenario.ts';

/** Values that ends are made of, few so that they collide. A field that a source does not have is left out of its ends. */
const POOLS = {
  namespace: ['shop', 'other', '', UNKNOWN, '_node_', 'kubernetes-apiserver'],
  pod: ['web', 'node-a', 'node-7', 'gone', '', UNKNOWN, 'kubernetes-apiserver'],
  ip: [
    '10.1.1.1',
    '10.1.1.2',
    '10.1.2.1',
    '10.2.1.1',
    'fd00:0:0:1::1',
    'fd00:0:0:1:0:0:0:2',
    '203.0.113.9',
    '',
    UNKNOWN,
  ],
  kind: ['Pod', 'Node', 'Service', ''],
  native_workload_type: ['Deployment', 'Workflow', 'Node', 'Service', ''],
  native_workload: ['web', 'etl-bcdfb', 'node-a', 'node-7', '', UNKNOWN],
  native_zone: ['zone-a', 'zone-q', '7', '', UNKNOWN],
} as const satisfies Partial<Record<keyof End, readonly string[]>>;

export type Field = keyof typeof POOLS;

/** Addresses that nothing has, each on one side only. */
const LONE = {
  source: ['10.1.1.3', '10.1.3.1', '10.3.1.1'],
  destination: ['10.1.1.4', '10.1.4.1', '10.4.1.1'],
} as const;
export type Side = keyof typeof LONE;

const PLACES: readonly Place[] = [
  { zone: 'zone-a', reason: '' },
  { zone: 'zone-b', reason: '' },
  { zone: UNKNOWN, reason: '' },
  { zone: UNKNOWN, reason: 'invalid_zone' },
];
const CIDR_PLACES: readonly Place[] = [
  { zone: 'zone-c', reason: '' },
  ...['no_zone_label', 'unplaced', 'invalid_zone'].map((reason) => ({ zone: UNKNOWN, reason })),
];
const PREFIXES = ['10.1.1.', '10.1.', '10.', 'fd00:0:0:1::'];
const LENGTHS: Readonly<Record<number, string>> = { 3: '0/24', 2: '0.0/16', 1: '0.0.0/8' };

const cidrOf = (prefix: string): string =>
  prefix.endsWith('::') ? `${prefix}/64` : `${prefix}${LENGTHS[prefix.split('.').length - 1] ?? ''}`;

const some = (random: Random, percent: number): boolean => random.int(1, 100) <= percent;

/** A cluster in which names and addresses belong to whoever comes. Pods may even be called `unknown`, or live in a namespace of that name. */
export function randomDirectory(seed: number): Directory {
  const random = createRandom(seed);
  const free: string[] = POOLS.ip
    .filter((ip) => ip !== '' && ip !== UNKNOWN)
    .map((ip) => ({ ip, rank: random.int(0, 1e6) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ ip }) => ip);
  // Some addresses stay nobody's.
  const address = (): string => (free.length > 3 ? (free.pop() ?? '') : '');
  const pods = ['shop', 'other', UNKNOWN, 'kubernetes-apiserver'].flatMap((namespace) =>
    ['web', 'node-a', UNKNOWN, 'kubernetes-apiserver'].flatMap((pod): PodFact[] => {
      if (!some(random, 45)) return [];
      const workload = { namespace, workload_type: 'Deployment', workload: `${namespace}-${pod}` };
      const fact = (isReplaced: boolean) => ({ pod, ip: address(), isReplaced, ...workload, ...random.pick(PLACES) });
      return some(random, 50) ? [fact(false), fact(true)] : [fact(false)];
    }),
  );
  const place = () => random.pick(PLACES);
  const owners: readonly (() => Somebody)[] = [
    () => ({ namespace: '_nodes_', workload_type: 'Node', workload: 'nodes', ...place() }),
    () => ({ namespace: 'shop', workload_type: 'Service', workload: 'api', zone: UNKNOWN, reason: '' }),
  ];
  return {
    pods,
    nodes: Object.fromEntries(['node-a', 'web'].filter(() => some(random, 80)).map((name) => [name, place()])),
    others: Object.fromEntries(free.slice(0, -1).map((ip) => [ip, random.pick(owners)()])),
    cidrs: Object.fromEntries(
      PREFIXES.filter(() => some(random, 60)).map((prefix) => [prefix, random.pick(CIDR_PLACES)]),
    ),
  };
}

/** So many ends of a side at random; with others that are given, beside each of them all that differ from it in one field. */
export function randomEnds(
  side: Side,
  seed: number,
  fields: readonly Field[],
  count: number,
  given?: readonly Omit<End, 'cluster'>[],
): readonly Omit<End, 'cluster'>[] {
  const random = createRandom(seed);
  const pool = (field: Field): readonly string[] => [...POOLS[field], ...(field === 'ip' ? LONE[side] : [])];
  const text = (field: Field) => pool(field)[random.int(0, pool(field).length - 1)] ?? '';
  const drawn = (): Omit<End, 'cluster'> => {
    const end = Object.fromEntries(fields.map((field) => [field, text(field)]));
    // Who bears that name mostly bears it twice.
    const isTwice = end['namespace'] === 'kubernetes-apiserver' && fields.includes('pod') && some(random, 70);
    return isTwice ? { ...end, pod: 'kubernetes-apiserver' } : end;
  };
  const bases = [...(given ?? []), ...Array.from({ length: count }, drawn)];
  const around = (base: object) => fields.flatMap((field) => pool(field).map((value) => ({ ...base, [field]: value })));
  const all = bases.flatMap((base) => [base, ...(given === undefined ? [] : around(base))]);
  return [...new Map(all.map((end) => [JSON.stringify(end), end])).values()];
}

/** A series of a record. */
export const record = (name: string, labels: object, value = '1'): InputSeries => ({
  series: sample({ __name__: name, ...labels }, 1).labels,
  values: value,
});

/** What the rules before have recorded of a cluster. */
export function recordsOf(cluster: string, directory: Directory): readonly InputSeries[] {
  const { pods, nodes, others, cidrs } = directory;
  const ofPod = ({ namespace, pod, workload_type, workload, zone, reason }: PodFact) => ({
    namespace,
    pod,
    workload_type,
    workload,
    zone,
    reason,
  });
  return [
    ...pods
      .filter((pod) => podOf(directory, { cluster, ...pod }) === pod)
      .map((pod) => record('cluster_namespace_pod:identity:info', { cluster, node: 'node-a', ...ofPod(pod) })),
    ...pods.flatMap((pod) =>
      pod.ip === '' ? [] : [record('cluster_ip:identity:info', { cluster, ip: pod.ip, ...ofPod(pod) })],
    ),
    ...Object.entries(others).map(([ip, owner]) => record('cluster_ip:identity:info', { cluster, ip, ...owner })),
    ...Object.entries(nodes).map(([node, { zone }]) => record('cluster_node:zone:info', { cluster, node, zone })),
    ...Object.entries(nodes).flatMap(([node, place]) =>
      place.reason === ''
        ? []
        : [record('cluster_node:refused_zone:info', { cluster, node, refused_zone: '7', ...place })],
    ),
    ...Object.entries(cidrs).map(([prefix, place]) =>
      record('cluster_pod_cidr:node:info', { cluster, pod_cidr: cidrOf(prefix), node: 'node-a', ...place }),
    ),
  ];
}

/** The traffic of an end. */
export const trafficOf = (side: string, unit: string, end: End): InputSeries =>
  record(`${side}_endpoint:${unit}:rate5m`, end, '3');

/** A rule file with these records only: what other rules record comes as series. */
export function only(id: string, records: readonly string[], name = 'zone-traffic'): string {
  const text = generate({ zones: { valid: '.*[^0-9].*' }, flows: { source: id } }).file(
    `rules/prometheus/${name}.rules.yaml`,
  );
  const groups = reduced(groupsOf(text), (rule) => (records.includes(rule.record ?? '') ? [rule] : []));
  const found = groups.flatMap(({ rules }) => rules).length;
  if (found !== records.length) throw new Error(`${id}: ${found} of the records ${records.join(', ')}`);
  return JSON.stringify({ groups });
}
