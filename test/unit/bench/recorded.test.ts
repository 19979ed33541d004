import { describe, expect, test } from '@jest/globals';
import type { Cluster, Connection, Endpoint, Labels, Node, Pod, Series } from '../../../bench/model.ts';
import { type SourceId, type SourceOptions } from '../../../bench/sources/index.ts';
import { exposed } from '../../support/exposed.ts';

/**
 * What real agents reported of the same traffic, line by line: two nodes, two pods each, two Services. Retina at commit 532c5aa with offloads
 * off; Cilium's Hubble library 1.19.4, over made events.
 */
const node = (name: string, zone: string, internalIp: string): Node => ({
  name,
  zone,
  internalIp,
  providerId: '',
  createdAt: 1,
  interfaces: [],
});
const NODES = [node('n1', 'zone-a', '172.30.0.1'), node('n2', 'zone-b', '172.30.0.2')] as const;

const pod = (name: string, on: string, ip: string): Pod => ({
  namespace: 'shop',
  name,
  uid: name,
  ip,
  node: on,
  workload: { namespace: 'shop', kind: 'Deployment', name },
  controller: { kind: 'ReplicaSet', name },
  createdAt: 1,
  hostNetwork: false,
});
const [WEB, CART, DB, API] = [
  pod('web', 'n1', '10.77.1.2'),
  pod('cart', 'n1', '10.77.1.3'),
  pod('db', 'n2', '10.77.2.2'),
  pod('api', 'n2', '10.77.2.3'),
];
const SERVICES = {
  api: { namespace: 'shop', name: 'api-svc', clusterIp: '10.96.0.50' },
  cart: { namespace: 'shop', name: 'cart-svc', clusterIp: '10.96.0.51' },
};
const API_SERVER = '172.30.0.9';

const end = (of: Pod): Endpoint => ({ kind: 'pod', pod: of });
type Volume = readonly [requests: number, replies: number];

/** A connection of so many packets, and of so many bytes if told. */
const call = (
  client: Endpoint,
  server: Endpoint,
  packets: Volume,
  via?: Connection['via'],
  bytes?: Volume,
): Connection => ({
  client,
  server,
  protocol: 'TCP',
  requests: packets[0],
  replies: packets[1],
  ...(via && { via }),
  ...(bytes && { requestBytes: bytes[0] / packets[0], replyBytes: bytes[1] / packets[1] }),
});

const cluster = (...connections: readonly Connection[]): Cluster => ({
  name: 'lab',
  nodes: NODES,
  workloads: [],
  pods: [WEB, CART, DB, API],
  services: Object.values(SERVICES),
  apiServer: API_SERVER,
  connections,
});

/** What each node's agent exposes, as texts. */
const lines = (
  id: SourceId,
  of: Cluster,
  options: SourceOptions,
  text: (labels: Labels) => string,
  which: (series: Series) => boolean,
): string[] =>
  exposed(id, of, options)
    .flatMap((page, index) =>
      page
        .filter(which)
        .map(({ labels, perSecond }) => `${NODES[index]?.name} ${text(labels)} ${Math.round(perSecond)}`),
    )
    .toSorted();

const rows = (table: string): string[] =>
  table
    .trim()
    .split('\n')
    .map((row) => row.trim())
    .toSorted();

const nameIn = (labels: Labels, side: string) => {
  const name = labels[`${side}_pod`] ?? labels[`${side}_podname`] ?? '';
  return name === '' || name === 'unknown' ? (labels[`${side}_ip`] ?? '') : name;
};
const flow = (labels: Labels) =>
  `${labels['subtype']} ${labels['traffic_direction']} ${nameIn(labels, 'source')}>${nameIn(labels, 'destination')}`;
const isTrace = ({ labels }: Series) => labels['type'] === 'Trace';

test('Retina, Hubble, low: every trace event of pods', () => {
  const traffic = cluster(
    call(end(WEB), end(DB), [201, 1461]),
    call(end(WEB), end(API), [67, 73], SERVICES.api),
    call(end(WEB), end(CART), [237, 99]),
    call(end(WEB), end(CART), [39, 37], SERVICES.cart),
  );
  expect(lines('retina-hubble', traffic, {}, flow, isTrace)).toEqual(
    rows(`
      n1 to-endpoint egress cart>web 99
      n1 to-stack egress cart>web 99
      n1 to-stack ingress cart>web 37
      n1 from-network egress db>web 1461
      n1 to-endpoint egress db>web 1461
      n1 from-network egress api>web 73
      n1 to-endpoint egress 10.96.0.50>web 73
      n1 to-endpoint egress 10.96.0.51>web 37
      n1 to-endpoint egress web>cart 237
      n1 to-endpoint ingress web>cart 39
      n1 to-stack egress web>cart 237
      n1 to-network egress web>db 201
      n1 to-stack egress web>db 201
      n1 to-network egress web>api 67
      n1 to-stack egress web>10.96.0.50 67
      n1 to-stack egress web>10.96.0.51 39
      n2 to-network ingress db>web 1461
      n2 to-stack ingress db>web 1461
      n2 to-network ingress api>web 73
      n2 to-stack ingress api>web 73
      n2 from-network ingress web>db 201
      n2 to-endpoint ingress web>db 201
      n2 from-network ingress web>api 67
      n2 to-endpoint ingress web>api 67
    `),
  );
});

const placed = (labels: Labels, side: string) => `${nameIn(labels, side)}@${labels[`${side}_zone`]}`;
const forward = (labels: Labels) =>
  `${labels['direction']} ${placed(labels, 'source')}>${placed(labels, 'destination')}`;
const isBytes = ({ metric }: Series) => metric === 'networkobservability_adv_forward_bytes';

describe('Retina, standard', () => {
  const traffic = cluster(
    call(end(WEB), end(DB), [551, 1421], undefined, [236_374, 2_093_794]),
    call(end(WEB), end(API), [62, 73], SERVICES.api, [54_100, 74_826]),
    call(end(WEB), end(CART), [236, 178], undefined, [315_584, 111_756]),
    call(end(WEB), end(CART), [39, 33], SERVICES.cart, [22_582, 32_186]),
  );
  const high = rows(`
    n1 EGRESS cart@zone-a>web@zone-a 223512
    n1 EGRESS db@zone-b>web@zone-a 2093794
    n1 EGRESS 10.96.0.50@unknown>web@zone-a 74826
    n1 EGRESS 10.96.0.51@unknown>web@zone-a 32186
    n1 INGRESS cart@zone-a>web@zone-a 32186
    n1 EGRESS web@zone-a>cart@zone-a 631168
    n1 INGRESS web@zone-a>cart@zone-a 22582
    n1 EGRESS web@zone-a>db@zone-b 236374
    n1 EGRESS web@zone-a>10.96.0.50@unknown 54100
    n1 EGRESS web@zone-a>10.96.0.51@unknown 22582
    n2 INGRESS db@zone-b>web@zone-a 2093794
    n2 INGRESS api@zone-b>web@zone-a 74826
    n2 INGRESS web@zone-a>db@zone-b 236374
    n2 INGRESS web@zone-a>api@zone-b 54100
  `);

  test('high: every series, in bytes', () => {
    expect(lines('retina-standard', traffic, {}, forward, isBytes)).toEqual(high);
  });

  test('low: network cards report once more what passes between nodes, so the same series and two more', () => {
    // Some of it was lost in the recording: only what passed a Service without loss is compared in bytes.
    const found = lines('retina-standard', traffic, { aggregation: 'low' }, forward, isBytes);
    const series = (all: readonly string[]) => all.map((line) => line.replace(/ \d+$/, '')).toSorted();
    expect(series(found)).toEqual(
      [...series(high), 'n1 EGRESS api@zone-b>web@zone-a', 'n1 EGRESS web@zone-a>api@zone-b'].toSorted(),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'n1 EGRESS api@zone-b>web@zone-a 74826',
        'n1 EGRESS 10.96.0.50@unknown>web@zone-a 74826',
        'n2 INGRESS api@zone-b>web@zone-a 149652',
        'n2 INGRESS web@zone-a>api@zone-b 108200',
      ]),
    );
  });

  test('high: the outside, which was the host of the API server, and nodes', () => {
    const outside: Endpoint = { kind: 'external', ip: API_SERVER };
    const calls = cluster(
      call(end(WEB), outside, [169, 38], undefined, [111_162, 402_516]),
      call({ kind: 'node', node: NODES[0] }, end(DB), [34, 58], undefined, [32_252, 53_836]),
      call(outside, end(API), [46, 87], undefined, [63_044, 95_750]),
    );
    expect(lines('retina-standard', calls, {}, forward, isBytes)).toEqual(
      rows(`
        n1 EGRESS kubernetes-apiserver@unknown>web@zone-a 402516
        n1 EGRESS web@zone-a>kubernetes-apiserver@unknown 111162
        n2 INGRESS 172.30.0.1@unknown>db@zone-b 32252
        n2 INGRESS kubernetes-apiserver@unknown>api@zone-b 63044
        n2 INGRESS db@zone-b>172.30.0.1@unknown 53836
        n2 INGRESS api@zone-b>kubernetes-apiserver@unknown 95750
      `),
    );
  });
});

/** What Cilium's library makes of each event that the datapath may send of a packet on a node. */
const LIBRARY: Readonly<Record<string, readonly string[]>> = {
  'n1 web>db': [
    'from-endpoint unknown',
    'to-stack egress',
    'to-overlay egress',
    'to-network unknown',
    'to-network egress',
  ],
  'n2 web>db': ['from-network unknown', 'from-overlay unknown', 'to-endpoint ingress'],
  'n2 db>web': [
    'from-endpoint unknown',
    'to-stack ingress',
    'to-overlay ingress',
    'to-network unknown',
    'to-network ingress',
  ],
  'n1 db>web': ['from-network unknown', 'from-overlay unknown', 'to-endpoint egress'],
  'n1 web>cart': ['from-endpoint unknown', 'to-stack egress', 'to-endpoint ingress'],
  'n1 cart>web': ['from-endpoint unknown', 'to-stack ingress', 'to-endpoint egress'],
};

test.each(['native', 'tunnel', 'endpoint-routes', 'host-routing'] as const)(
  'Cilium, %s: events of the library only',
  (routing) => {
    const traffic = cluster(call(end(WEB), end(DB), [2, 3]), call(end(WEB), end(CART), [4, 5]));
    const found = lines('cilium-hubble', traffic, { routing }, flow, isTrace);
    const unknown = found.filter((line) => {
      const [on, subtype, direction, ends] = line.split(' ');
      return LIBRARY[`${on} ${ends}`]?.includes(`${subtype} ${direction}`) !== true;
    });
    expect(unknown).toEqual([]);
    // Each packet is delivered once.
    expect(found.filter((line) => line.includes(' to-endpoint '))).toEqual(
      rows(`
      n1 to-endpoint egress cart>web 5
      n1 to-endpoint egress db>web 3
      n1 to-endpoint ingress web>cart 4
      n2 to-endpoint ingress web>db 2
    `),
    );
  },
);
