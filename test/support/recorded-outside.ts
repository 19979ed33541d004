import type { Cluster, Endpoint, Labels, Pod } from '../../bench/model.ts';
import { connect, end, podOf } from './handmade-cluster.ts';

/**
 * What two agents of OBI (v0.12.0's Go code) reported of known traffic in a round of November 2026, with a connection from a pod of n1 to an
 * outside address, which n1 masqueraded: each row the agent, both ends, and by how much the counters of bytes and of packets rose. The
 * interface of the pod counted 111162 bytes and 169 packets sent. Pods of n2 were called from outside and by n1.
 */
export const RECORDED = [
  ['n1', 'n1', '', 112_199, 177],
  ['n1', 'web-p1a', '', 111_162, 169],
  ['n1', '', 'n1', 403_008, 42],
  ['n1', 'db-p2a', 'n1', 53_836, 58],
  ['n1', '', 'web-p1a', 402_516, 38],
  ['n1', 'n1', 'db-p2a', 32_252, 34],
  ['n2', 'api-p2b', '', 95_750, 87],
  ['n2', 'n2', '', 1515, 10],
  ['n2', 'db-p2a', 'n1', 53_836, 58],
  ['n2', '', 'api-p2b', 63_044, 46],
  ['n2', 'n1', 'db-p2a', 32_252, 34],
  ['n2', '', 'n2', 633, 5],
] as const satisfies readonly (readonly [agent: string, from: string, to: string, bytes: number, packets: number])[];

const REPORTERS: Readonly<Record<string, string>> = { n1: '172.30.0.1', n2: '172.30.0.2' };
const ZONES: Readonly<Record<string, string>> = { n1: 'zone-a', 'web-p1a': 'zone-a' };

/** The labels of one end, as they were recorded; empty ones for the outside. */
function labelsOf(side: 'src' | 'dst', name: string): Labels {
  const isNode = name.startsWith('n');
  const type = name === '' ? '' : isNode ? 'Node' : 'Pod';
  return {
    [`k8s_${side}_namespace`]: type === 'Pod' ? 'shop' : '',
    [`k8s_${side}_name`]: name,
    [`k8s_${side}_type`]: type,
    [`k8s_${side}_owner_name`]: isNode ? name : name.replace(/-.*/, ''),
    [`k8s_${side}_owner_type`]: type === 'Pod' ? 'Deployment' : type,
    [`${side}_zone`]: name === '' ? '' : (ZONES[name] ?? 'zone-b'),
  };
}

/** The labels of a recorded row. */
export const recordedLabels = ([agent, from, to]: (typeof RECORDED)[number]): Labels => ({
  obi_ip: REPORTERS[agent] ?? '',
  ...labelsOf('src', from),
  ...labelsOf('dst', to),
});

const node = (name: string) => ({
  name,
  zone: ZONES[name] ?? 'zone-b',
  providerId: '',
  internalIp: REPORTERS[name] ?? '',
  createdAt: 1,
  interfaces: [],
});

const deployment = (name: string): Partial<Pod> => ({
  workload: { namespace: 'shop', kind: 'Deployment', name },
  controller: { kind: 'ReplicaSet', name: `${name}-7d` },
});

const [n1, n2] = [node('n1'), node('n2')];
const web = podOf('web-p1a', 'n1', '10.244.1.2', deployment('web'));
const db = podOf('db-p2a', 'n2', '10.244.2.2', deployment('db'));
const api = podOf('api-p2b', 'n2', '10.244.2.3', deployment('api'));
const outside: Endpoint = { kind: 'external', ip: '172.30.0.9' };

type Volume = readonly [bytes: number, packets: number];

const exchanged = (client: Endpoint, server: Endpoint, sent: Volume, received: Volume) =>
  connect(client, server, sent[1], received[1], {
    requestBytes: sent[0] / sent[1],
    replyBytes: received[0] / received[1],
  });

/** The cluster of that round, with everything that was exchanged in it for each second. */
export const RECORDED_CLUSTER: Cluster = {
  name: 'recorded',
  nodes: [n1, n2],
  workloads: [web, db, api].map(({ workload }) => workload),
  pods: [web, db, api],
  connections: [
    exchanged(end(web), outside, [111_162, 169], [402_516, 38]),
    exchanged({ kind: 'node', node: n1 }, outside, [1037, 8], [492, 4]),
    exchanged({ kind: 'node', node: n1 }, end(db), [32_252, 34], [53_836, 58]),
    exchanged(outside, end(api), [63_044, 46], [95_750, 87]),
    exchanged({ kind: 'node', node: n2 }, outside, [1515, 10], [633, 5]),
  ],
  masquerade: { except: [] },
};
