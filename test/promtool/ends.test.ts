import { describe, jest, test } from '@jest/globals';
import { testRules } from '../support/rule-test.ts';
import { type Field, only, type Side, randomDirectory, randomEnds, recordsOf, trafficOf } from './ends-input.ts';
import {
  cidrPlace,
  type Directory,
  type End,
  identityLabels,
  identityOf,
  isName,
  type Naming,
  podOf,
} from './ends-truth.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

/** A source, the units that it counts, and the labels of its flows for each field of an end that sends. */
interface Source extends Naming {
  readonly id: string;
  readonly units: readonly string[];
  readonly labels: Partial<Record<Field, string>>;
  readonly sides: readonly Side[];
}

const BYTES_AND_PACKETS = ['network_bytes', 'network_packets'];
const BOTH = ['source', 'destination'] as const;
const SOURCES: readonly Source[] = [
  {
    id: 'cilium-hubble',
    units: ['network_flows'],
    labels: { namespace: 'source_namespace', pod: 'source_pod', ip: 'source_ip' },
    sides: BOTH,
  },
  {
    id: 'retina-standard',
    units: BYTES_AND_PACKETS,
    labels: { namespace: 'source_namespace', pod: 'source_podname', ip: 'source_ip', native_zone: 'source_zone' },
    sides: BOTH,
    apiServer: 'kubernetes-apiserver',
  },
  {
    id: 'obi',
    units: BYTES_AND_PACKETS,
    labels: {
      namespace: 'k8s_src_namespace',
      pod: 'k8s_src_name',
      kind: 'k8s_src_type',
      native_workload_type: 'k8s_src_owner_type',
      native_workload: 'k8s_src_owner_name',
      native_zone: 'src_zone',
    },
    sides: BOTH,
  },
  {
    id: 'netobserv',
    units: BYTES_AND_PACKETS,
    labels: {
      namespace: 'SrcK8S_Namespace',
      kind: 'SrcK8S_Type',
      native_workload_type: 'SrcK8S_OwnerType',
      native_workload: 'SrcK8S_OwnerName',
      native_zone: 'SrcK8S_Zone',
    },
    sides: BOTH,
  },
  {
    id: 'kubezonnet',
    units: ['network_bytes'],
    labels: { namespace: 'namespace', pod: 'pod' },
    sides: ['source'],
    nodes: '_node_',
  },
];

/** A few clusters with many ends that differ in one field only, and many with few ends, where nothing is seen twice. */
const CLUSTERS = Array.from({ length: 44 }, (_, seed) => ({
  cluster: `cluster-${seed}`,
  seed,
  isLarge: seed < 4,
  directory: randomDirectory(seed),
}));

/** The label of a field on a side, given that of an end that sends. */
const ofSide = (label: string, side: string): string =>
  side === 'source' ? label : label.replace('source', 'destination').replace('src', 'dst').replace('Src', 'Dst');

/** The places of addresses in pod CIDRs, if an end has them that is no pod known by its name: whoever has them then. */
function placesOf(ends: readonly { readonly end: End; readonly directory: Directory }[]) {
  const placed = ends.flatMap(({ end, directory }) => {
    const { cluster, pod, ip = '' } = end;
    const place = isName(ip) ? cidrPlace(directory, ip) : undefined;
    const isKnown = isName(pod) && podOf(directory, end) !== undefined;
    return place === undefined || isKnown ? [] : [{ cluster, ip, ...place }];
  });
  return [...new Map(placed.map((row) => [`${row.cluster} ${row.ip}`, row])).values()];
}

/** The ends of one unit, as series, and the series of each record about them. */
function unitOf({ labels, sides, ...naming }: Source, unit: string, index: number) {
  const fields = Object.keys(labels) as Field[];
  // A pod of each large cluster, as it is there.
  const own = CLUSTERS.filter(({ isLarge }) => isLarge).flatMap(({ directory: { pods } }) =>
    pods
      .filter(({ ip }) => ip !== '')
      .slice(index, index + 1)
      .map((pod): Omit<End, 'cluster'> => {
        const end = {
          kind: 'Pod',
          native_workload: 'web',
          native_workload_type: 'Deployment',
          native_zone: '',
          ...pod,
        };
        return Object.fromEntries(fields.map((field) => [field, end[field]]));
      }),
  );
  const all = sides.map((side) => ({
    side,
    ends: CLUSTERS.flatMap(({ cluster, seed, isLarge, directory }) =>
      // The large clusters have the same ends, and know others of them.
      randomEnds(side, 100 * index + (isLarge ? 0 : seed), fields, 2, isLarge ? own : undefined).map((end) => ({
        end: { ...end, cluster } satisfies End,
        directory,
      })),
    ),
  }));
  const identities = all.map(({ side, ends }) => {
    const names = Object.values(labels).map((label) => ofSide(label, side));
    return {
      name: `${side}_endpoint:${unit}_identity:info`,
      rows: ends.map(({ end, directory }) => ({
        cluster: end.cluster,
        ...Object.fromEntries(fields.map((field, at) => [names[at] ?? '', end[field] ?? ''])),
        ...identityLabels(side, identityOf(directory, end, naming), names),
      })),
    };
  });
  const places = { name: `cluster_ip:${unit}_pod_cidr:info`, rows: placesOf(all.flatMap(({ ends }) => ends)) };
  return {
    traffic: all.flatMap(({ side, ends }) => ends.map(({ end }) => trafficOf(side, unit, end))),
    records: fields.includes('ip') ? [places, ...identities] : identities,
  };
}

describe('every end is the same whatever it shares with others: names, addresses, and how little a source tells', () => {
  test.each(SOURCES)('$id', async (source) => {
    const units = source.units.map((unit, index) => unitOf(source, unit, index));
    const records = units.flatMap((unit) => unit.records);
    const rules = only(
      source.id,
      records.map(({ name }) => name),
    );
    await testRules(
      [rules],
      [
        {
          name: source.id,
          interval: '1m',
          input_series: [
            ...CLUSTERS.flatMap(({ cluster, directory }) => recordsOf(cluster, directory)),
            ...units.flatMap(({ traffic }) => traffic),
          ],
          promql_expr_test: records.map(({ name, rows }) => ({
            expr: name,
            eval_time: '0s',
            exp_samples: rows.map((row) => sample({ __name__: name, ...row }, 1)),
          })),
        },
      ],
    );
  });
});
