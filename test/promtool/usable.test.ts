import { describe, expect, jest, test } from '@jest/globals';
import { createRandom, type Random } from '../../bench/random.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { only, record, trafficOf } from './ends-input.ts';
import { type End, isName, UNKNOWN } from './ends-truth.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

/** A cluster: its traffic, and whom kube-state-metrics describes. */
interface Case {
  readonly cluster: string;
  readonly ends: Readonly<Record<'source' | 'destination', readonly End[]>>;
  readonly pods: readonly { readonly namespace: string; readonly pod: string; readonly reason: string }[];
  /** The pod that has an address; '' where a node or a Service has it. */
  readonly owners: Readonly<Record<string, string>>;
  /** Whether pods other than that of kube-state-metrics are described. */
  readonly isDescribed: boolean;
}

const POOLS = {
  namespace: ['a', 'b', 'c', '', UNKNOWN],
  pod: ['p', 'q', '', UNKNOWN],
  ip: ['10.0.0.1', '10.0.0.2', '', UNKNOWN],
  kind: ['Pod', 'Node'],
  native_workload_type: ['Deployment', 'Job'],
  native_workload: ['w', 'x'],
  native_zone: ['zone-a', '', '', '', '', UNKNOWN],
} as const;
type Field = keyof typeof POOLS;

const some = <T>(random: Random, percent: number, items: readonly T[]): readonly T[] =>
  items.filter(() => random.int(1, 100) <= percent);

function randomCase(seed: number, fields: readonly Field[]): Case {
  const random = createRandom(seed);
  const cluster = `cluster-${seed}`;
  const text = (field: Field) => POOLS[field][random.int(0, POOLS[field].length - 1)] ?? '';
  const ends = (): readonly End[] => {
    const all = Array.from({ length: random.int(0, 3) }, (): End => ({
      cluster,
      ...Object.fromEntries(fields.map((field) => [field, text(field)])),
    }));
    return [...new Map(all.map((end) => [JSON.stringify(end), end])).values()];
  };
  // Mostly one namespace, which may be all that kube-state-metrics was told to describe.
  const namespaces = random.int(0, 2) === 0 ? ['a', 'b', UNKNOWN] : ['a'];
  const pods = namespaces.flatMap((namespace) =>
    some(random, 60, ['p', 'q', UNKNOWN]).map((pod) => ({ namespace, pod, reason: random.int(0, 1) === 0 ? '' : 'r' })),
  );
  return {
    cluster,
    ends: { source: ends(), destination: ends() },
    pods,
    owners: Object.fromEntries(
      some(random, 40, ['10.0.0.1', '10.0.0.2']).map((ip) => [ip, random.int(0, 1) === 0 ? '' : 'p']),
    ),
    isDescribed: random.int(0, 3) > 0,
  };
}

/** 1 where somebody is known, 0 where nobody is, undefined where there is no traffic. */
function usability({ ends, pods, owners, isDescribed }: Case, hasOwnPlaces: boolean): number | undefined {
  const all = [...ends.source, ...ends.destination];
  if (hasOwnPlaces && all.some(({ native_zone }) => isName(native_zone))) return 1;
  const isKnown = ({ namespace, pod, ip = '' }: End): boolean =>
    (isName(pod) && pods.some((one) => one.namespace === namespace && one.pod === pod)) ||
    (isName(ip) && (owners[ip] ?? '') !== '');
  // An end that both sends and receives is one.
  const named = [...new Map(all.map((end) => [JSON.stringify(end), end])).values()].filter(
    ({ namespace, pod }) => isName(namespace) && isName(pod),
  );
  const described = new Set(pods.map(({ namespace }) => namespace));
  const elsewhere = named.filter(({ namespace = '' }) => !described.has(namespace));
  const isPart = described.size === 1 && elsewhere.length > named.length / 2;
  if (all.some(isKnown) && isDescribed && !isPart) return 1;
  return ends.source.length > 0 ? 0 : undefined;
}

const seenBy = ({ ends }: Case, unit: string): readonly InputSeries[] =>
  (['source', 'destination'] as const).flatMap((side) => ends[side].map((end) => trafficOf(side, unit, end)));

const describedBy = ({ cluster, pods, owners, isDescribed }: Case): readonly InputSeries[] => [
  ...pods.map((one) => {
    const labels = {
      node: `on-${one.pod}`,
      zone: `of-${one.pod}`,
      workload_type: `Kind-${one.pod}`,
      workload: one.pod,
    };
    return record('cluster_namespace_pod:identity:info', { cluster, ...labels, ...one });
  }),
  ...Object.entries(owners).map(([ip, pod]) =>
    record('cluster_ip:identity:info', { cluster, ip, namespace: 'a', pod, zone: 'zone-a' }),
  ),
  ...(isDescribed ? [record('cluster:identity:info', { cluster })] : []),
];

const NAMES = ['namespace', 'pod'] as const;
const BOTH = ['network_bytes', 'network_packets'] as const;

describe('traffic is usable where somebody in it is known, each cluster by itself', () => {
  test.each([
    { id: 'cilium-hubble', units: ['network_flows'], fields: [...NAMES, 'ip'], hasOwnPlaces: false },
    { id: 'retina-standard', units: BOTH, fields: [...NAMES, 'ip', 'native_zone'], hasOwnPlaces: false },
    {
      id: 'obi',
      units: BOTH,
      fields: [...NAMES, 'kind', 'native_workload_type', 'native_workload', 'native_zone'],
      hasOwnPlaces: true,
    },
    { id: 'netobserv', units: BOTH, fields: ['namespace', 'kind', 'native_zone'], hasOwnPlaces: true },
  ] as const)('$id', async ({ id, units, fields, hasOwnPlaces }) => {
    const cases = Array.from({ length: 160 }, (_, seed) => randomCase(seed, fields));
    // A source that names no pods knows nobody but by itself.
    const truths = cases.map((one) => ({
      cluster: one.cluster,
      value: usability(one, hasOwnPlaces),
    }));
    for (const value of [0, 1, undefined]) expect(truths.some((one) => one.value === value)).toBe(true);
    const names = units.map((unit) => `cluster:${unit}_identity:usable`);
    await testRules(
      [only(id, names)],
      [
        {
          name: id,
          interval: '1m',
          input_series: [
            ...cases.flatMap(describedBy),
            ...units.flatMap((unit) => cases.flatMap((one) => seenBy(one, unit))),
          ],
          promql_expr_test: names.map((name) => ({
            expr: name,
            eval_time: '0s',
            exp_samples: truths.flatMap(({ cluster, value }) =>
              value === undefined ? [] : [sample({ __name__: name, cluster }, value)],
            ),
          })),
        },
      ],
    );
  });
});
