import { describe, jest, test } from '@jest/globals';
import { testRules } from '../support/rule-test.ts';
import { type Field, only, randomDirectory, randomEnds, recordsOf, trafficOf } from './ends-input.ts';
import { cidrPlace, type End, identityLabels, identityOf, isName, type Naming, podOf } from './ends-truth.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

/** A source, a unit that it counts, and the labels of its flows for each field of an end that sends. */
interface Source extends Naming {
  readonly id: string;
  readonly unit: string;
  readonly labels: Partial<Record<Field, string>>;
  readonly sides: readonly ('source' | 'destination')[];
}

const BOTH = ['source', 'destination'] as const;
const SOURCES: readonly Source[] = [
  {
    id: 'cilium-hubble',
    unit: 'network_flows',
    labels: { namespace: 'source_namespace', pod: 'source_pod', ip: 'source_ip' },
    sides: BOTH,
  },
  {
    id: 'retina-standard',
    unit: 'network_packets',
    labels: { namespace: 'source_namespace', pod: 'source_podname', ip: 'source_ip', native_zone: 'source_zone' },
    sides: BOTH,
    apiServer: 'kubernetes-apiserver',
  },
  {
    id: 'obi',
    unit: 'network_packets',
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
    unit: 'network_packets',
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
    unit: 'network_bytes',
    labels: { namespace: 'namespace', pod: 'pod' },
    sides: ['source'],
    nodes: '_node_',
  },
];

const SEEDS = [1, 2, 3];
const CLUSTERS = SEEDS.map((seed) => ({ cluster: `cluster-${seed}`, directory: randomDirectory(seed) }));

/** The label of a field on a side, given that of an end that sends. */
const ofSide = (label: string, side: string): string =>
  side === 'source' ? label : label.replace('source', 'destination').replace('src', 'dst').replace('Src', 'Dst');

describe('every end is the same whatever it shares with others: names, addresses, and how little a source tells', () => {
  test.each(SOURCES)('$id', async ({ id, unit, labels, sides, ...naming }) => {
    const fields = Object.keys(labels) as Field[];
    const all = sides.map((side, index) => ({
      side,
      ends: CLUSTERS.flatMap(({ cluster, directory }) =>
        randomEnds(index + 1, fields, 7).map((end) => ({ end: { ...end, cluster } satisfies End, directory })),
      ),
    }));
    const identities = all.map(({ side, ends }) => {
      const own = Object.values(labels).map((label) => ofSide(label, side));
      return {
        name: `${side}_endpoint:${unit}_identity:info`,
        rows: ends.map(({ end, directory }) => ({
          cluster: end.cluster,
          ...Object.fromEntries(fields.map((field, index) => [own[index] ?? '', end[field] ?? ''])),
          ...identityLabels(side, identityOf(directory, end, naming), own),
        })),
      };
    });
    // Addresses of ends without a pod that is known by name, whoever has them.
    const placed = all.flatMap(({ ends }) =>
      ends.flatMap(({ end, directory }) => {
        const { cluster, pod, ip = '' } = end;
        const place = isName(ip) ? cidrPlace(directory, ip) : undefined;
        return place === undefined || (isName(pod) && podOf(directory, end) !== undefined)
          ? []
          : [{ cluster, ip, ...place }];
      }),
    );
    const places = {
      name: `cluster_ip:${unit}_pod_cidr:info`,
      rows: [...new Map(placed.map((row) => [`${row.cluster} ${row.ip}`, row])).values()],
    };
    const expected = fields.includes('ip') ? [places, ...identities] : identities;
    await testRules(
      [
        only(
          id,
          expected.map(({ name }) => name),
        ),
      ],
      [
        {
          name: id,
          interval: '1m',
          input_series: [
            ...CLUSTERS.flatMap(({ cluster, directory }) => recordsOf(cluster, directory)),
            ...all.flatMap(({ side, ends }) => ends.map(({ end }) => trafficOf(side, unit, end))),
          ],
          promql_expr_test: expected.map(({ name, rows }) => ({
            expr: name,
            eval_time: '0s',
            exp_samples: rows.map((row) => sample({ __name__: name, ...row }, 1)),
          })),
        },
      ],
    );
  });
});
