import { recordings } from '../../conformance/shared/recordings.ts';
import type { Cluster, Endpoint, Labels, Pod } from '../../bench/model.ts';
import { connect, end, podOf } from './handmade-cluster.ts';

const ROUND = 'obi-outside-masqueraded';

/** What one agent reported from one end to another. */
export interface Row {
  readonly from: string;
  readonly to: string;
  readonly labels: Labels;
  readonly bytes: number;
  readonly packets: number;
}

/** The rows of the recorded round: a pod of n1 talks to an outside address, which n1 masquerades; pods of n2 are called from outside and by n1. */
export const RECORDED: readonly Row[] = rowsOf(ROUND);

function rowsOf(name: string): readonly Row[] {
  const series = recordings().get(name)?.series ?? [];
  const changeOf = (metric: string, labels: Labels): number =>
    series.find((one) => one.metric === metric && JSON.stringify(one.labels) === JSON.stringify(labels))?.change ?? 0;
  return series
    .filter(({ metric }) => metric === 'obi_network_flow_bytes_total')
    .map(({ labels, change }) => ({
      from: labels['k8s_src_name'] ?? '',
      to: labels['k8s_dst_name'] ?? '',
      labels,
      bytes: change,
      packets: changeOf('obi_network_flow_packets_total', labels),
    }));
}

const REPORTERS: Readonly<Record<string, string>> = { n1: '172.30.0.1', n2: '172.30.0.2' };

const node = (name: string) => ({
  name,
  zone: name === 'n1' ? 'zone-a' : 'zone-b',
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
