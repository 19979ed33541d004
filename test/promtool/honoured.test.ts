import { jest, test } from '@jest/globals';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { only, record } from './ends-input.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

const EXPORTED = ['exported_namespace', 'exported_pod', 'exported_node'] as const;
const [REFUSED, POD_CIDR] = ['cluster_node:refused_zone:info', 'cluster_pod_cidr:node:info'];
const [ADDRESS, POD_NODE, INCARNATION] = [
  'cluster_ip:identity:info',
  'cluster_namespace_pod_ip:node:info',
  'cluster_namespace_pod_uid:identity:created',
];
const [A, B] = ['10.1.1.0/24', '10.1.2.0/24'];

/** Scraped once, nine and a half minutes ago. */
const said = (metric: string, labels: Labels): InputSeries => record(metric, labels, '_x21 1 stale');
const pods = (cluster: string, node: string, pod_cidr: string): InputSeries =>
  record('cluster_node_pod_cidr:pods:count', { cluster, node, pod_cidr }, '_x40 1');

/** What a scrape says that did not honour labels, beside what others say, and what is recorded as if it had said nothing. */
interface Case {
  readonly name: string;
  readonly metric: string;
  readonly dishonoured: Labels;
  readonly others: (cluster: string) => readonly InputSeries[];
  /** The rows without what is said so, and with it where labels are honoured. */
  readonly rows: readonly Labels[];
  readonly honoured: readonly Labels[];
}

const claim = (cluster: string) => said('kube_node_info', { cluster, node: 'n1', pod_cidr: A });
const unplaced = (pod_cidr: string): Labels => ({ node: 'n1', pod_cidr, zone: 'unknown', reason: 'unplaced' });
const placed = (pod_cidr: string): Labels => ({ node: 'n1', pod_cidr, zone: 'zone-n1' });
const CLAIMS: readonly Omit<Case, 'metric'>[] = [
  {
    name: 'a pod in another CIDR of its node',
    dishonoured: { node: 'n1', pod_cidr: B },
    others: (cluster) => [claim(cluster), pods(cluster, 'n1', A), pods(cluster, 'n1', B)],
    rows: [unplaced(A)],
    honoured: [placed(A), placed(B)],
  },
  {
    name: 'a pod of another node that has the CIDR, too',
    dishonoured: { node: 'n2', pod_cidr: A },
    others: (cluster) => [claim(cluster), pods(cluster, 'n1', A), pods(cluster, 'n2', A)],
    rows: [unplaced(A)],
    honoured: [placed(A)],
  },
  {
    name: 'a CIDR that its node does not use',
    dishonoured: { node: 'n1', pod_cidr: B },
    others: (cluster) => [pods(cluster, 'n1', A)],
    rows: [],
    honoured: [unplaced(B)],
  },
  {
    name: 'a CIDR that another node uses',
    dishonoured: { node: 'n1', pod_cidr: B },
    others: (cluster) => [pods(cluster, 'n2', B)],
    rows: [],
    honoured: [unplaced(B)],
  },
  {
    name: 'a CIDR without pods',
    dishonoured: { node: 'n1', pod_cidr: B },
    others: () => [],
    rows: [],
    honoured: [placed(B)],
  },
];
const refused = (zone: string): Labels => ({
  node: 'n3',
  zone: 'unknown',
  reason: 'invalid_zone',
  refused_zone: zone,
});
const ZONES: readonly Case[] = [
  {
    name: 'a refused label',
    metric: 'kube_node_labels',
    dishonoured: { node: 'n3', label_topology_kubernetes_io_zone: '7' },
    others: () => [],
    rows: [],
    honoured: [refused('7')],
  },
  {
    name: 'a refused provider ID',
    metric: 'kube_node_info',
    dishonoured: { node: 'n3', provider_id: 'aws:///8/i-1' },
    others: () => [],
    rows: [],
    honoured: [refused('8')],
  },
];

const WEB = { namespace: 'shop', pod: 'web', uid: 'u1' };
const OF_WEB = { zone: 'zone-n1', workload_type: 'Deployment', workload: 'web' };
const incarnation = (labels: Labels) => (cluster: string) =>
  // Of a pod on the network of its node only the node counts, whoever controls it.
  (labels['host_network'] === 'true' ? ['web', 'api'] : ['web']).map((workload) =>
    record(INCARNATION, { cluster, ...WEB, ...OF_WEB, ...labels, workload }, '_x40 5'),
  );
const IP = '10.1.1.5';
/** Each metric that tells the address of a pod. */
const addressOf = (labels: Labels) => [
  { metric: 'kube_pod_ips', dishonoured: { ...WEB, ip: IP } },
  { metric: 'kube_pod_info', dishonoured: { ...WEB, pod_ip: IP, ...labels } },
];
const OWN = { node: 'n1', host_network: 'false' };
const POD_NODES: readonly Case[] = addressOf(OWN).map((one) => ({
  ...one,
  name: `an address, ${one.metric}`,
  others: incarnation(OWN),
  rows: [],
  honoured: [{ namespace: 'shop', pod: 'web', ip: IP, node: 'n1' }],
}));
const ADDRESSES: readonly Case[] = [
  ...POD_NODES.map((one) => ({ ...one, honoured: [{ ip: IP, namespace: 'shop', pod: 'web', ...OF_WEB }] })),
  // When n4 was created is not known.
  ...['n1', 'n4'].flatMap((node) => {
    const labels = { node, host_network: 'true' };
    const place = { zone: `zone-${node}` };
    const row = { ip: IP, namespace: '_nodes_', workload_type: 'Node', workload: 'nodes', ...place };
    const ofNode = { metric: 'kube_node_status_addresses', dishonoured: { node, type: 'InternalIP', address: IP } };
    return [...addressOf(labels), ofNode].map((one) => ({
      ...one,
      name: `an address of ${node}, ${one.metric}`,
      others: incarnation(labels),
      rows: [],
      honoured: [row],
    }));
  }),
];
const INCARNATIONS: readonly Case[] = [
  {
    name: 'a pod',
    metric: 'kube_pod_info',
    dishonoured: { ...WEB, node: 'n1', created_by_kind: 'Job', created_by_name: 'j' },
    others: (cluster) => [
      record(
        'cluster_namespace_controller:workload:info',
        {
          cluster,
          namespace: 'shop',
          created_by_kind: 'Job',
          created_by_name: 'j',
          workload_type: 'Job',
          workload: 'j',
        },
        '_x40 1',
      ),
    ],
    rows: [],
    honoured: [{ ...WEB, ...OWN, ...OF_WEB, workload_type: 'Job', workload: 'j' }],
  },
];

const places = (cluster: string): readonly InputSeries[] =>
  // The newer node has what two of them have.
  [
    ['n1', 'zone-n1', 3],
    ['n2', 'zone-n2', 2],
    ['n3', 'unknown', 1],
    ['n4', 'zone-n4', 0],
  ].flatMap(([node = '', zone = '', created]) => [
    record('cluster_node:zone:info', { cluster, node, zone }, '_x40 1'),
    ...(created === 0 ? [] : [record('cluster_node:identity:created', { cluster, node }, `_x40 ${created}`)]),
  ]);

test.each([
  [POD_CIDR, CLAIMS.map((one) => ({ ...one, metric: 'kube_node_info' }))],
  [REFUSED, ZONES],
  [POD_NODE, POD_NODES],
  [ADDRESS, ADDRESSES],
  [INCARNATION, INCARNATIONS],
] as const)(
  '%s says nothing of what a scrape says that did not honour labels',
  async (name, cases: readonly Case[]) => {
    const clusters = cases.flatMap((one) =>
      [...EXPORTED, undefined].map((label) => ({ ...one, label, cluster: `${one.name}, ${label ?? 'honoured'}` })),
    );
    await testRules(
      [only('cilium-hubble', [name])],
      [
        {
          name,
          interval: '30s',
          input_series: clusters.flatMap(({ cluster, metric, dishonoured, others, label }) => [
            ...places(cluster),
            ...others(cluster),
            said(metric, { cluster, ...dishonoured, ...(label === undefined ? {} : { [label]: 'x' }) }),
          ]),
          promql_expr_test: [
            {
              expr: name,
              eval_time: '20m',
              exp_samples: clusters.flatMap(({ cluster, label, rows, honoured }) =>
                (label === undefined ? honoured : rows).map((row) => sample({ __name__: name, cluster, ...row }, 1)),
              ),
            },
          ],
        },
      ],
      '20m',
    );
  },
);
