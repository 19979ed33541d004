import type { InputSeries } from '../../support/rule-test.ts';
import { createRandom, happens, info, keyOf, type Labels, lastSeen, oneOf } from './world.ts';

/** Clusters with the same names and addresses. In the third, the Services are not described in all namespaces, and its traffic is withheld. */
export const CLUSTERS = ['one', 'two', 'three'] as const;
const NO_SERVICES = 'three';
export const isPlaced = (cluster: string): boolean => cluster !== 'three';

const NAMESPACES = ['shop', 'pay'] as const;
const PODS = ['web', 'db'] as const;
export const IPS = ['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.4', '10.1.0.5'] as const;

/** Pods that could be: every name with every address. */
export const NAMED = NAMESPACES.flatMap((namespace) =>
  PODS.flatMap((pod) => IPS.map((ip) => ({ namespace, pod, ip }))),
);

/** Pods whose names are those that sources have for no name. */
export const MISNAMED = ['unknown', 'kubernetes-apiserver'].flatMap((name) =>
  IPS.map((ip) => ({ namespace: name, pod: name, ip })),
);

/** A pod whose address no other has, in any cluster. */
export const ALONE = { namespace: 'shop', pod: 'web', ip: '10.1.0.9' };

/** Addresses that something says to be within the cluster, or that stay on their node: by cluster, what they are known as. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  // Of a pod, of a Service, of its load balancer, by two ways; the last two were last seen a good nine minutes ago.
  one: ['10.1.0.1', '10.96.0.1', '198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'],
  // The other cluster has these.
  two: ['10.96.0.1', '198.51.100.5', '198.51.100.6', '198.51.100.7'],
};
const OUTSIDE = [
  '198.51.100.10',
  '198.51.100.11',
  '198.51.100.12',
  '198.51.100.13',
  '198.51.100.14',
  '198.51.100.15',
  '198.51.100.16',
  '198.51.100.17',
  '198.51.100.18',
  '2001:db8::1',
  'fe70::1',
  '169.253.0.1',
];
const ON_THE_NODE = ['169.254.20.10', 'fe80::1', 'FEBF::2'];

/** What ends without a name have for an address. */
export const ADDRESSES: readonly string[] = [
  ...new Set([...IPS, ...Object.values(INSIDE).flat(), ...OUTSIDE, ...ON_THE_NODE, '', 'unknown']),
];

/** Whether an address is known to be no pod, node or Service, and nothing on the node itself. */
export const isOutside = (cluster: string, ip: string): boolean =>
  cluster !== NO_SERVICES && !['', 'unknown', ...ON_THE_NODE].includes(ip) && !(INSIDE[cluster] ?? []).includes(ip);

const identity = (cluster: string, ip: string, rest: Labels = {}): InputSeries =>
  info('cluster_ip:identity:info', {
    cluster,
    ip,
    workload_type: 'Deployment',
    workload: 'web',
    namespace: 'shop',
    ...rest,
  });
const API_SERVER = { workload_type: 'Service', namespace: 'default', workload: 'kubernetes' };

const BALANCER = 'kube_service_status_load_balancer_ingress';
const EXTERNAL = 'kube_service_spec_external_ip';
const scraped = (cluster: string, rest: Labels): Labels => ({
  cluster,
  instance: 'ksm',
  job: 'kube-state-metrics',
  ...rest,
});

/** What says which addresses are within a cluster. */
export const addressSeries = (): readonly InputSeries[] => [
  identity('one', '10.1.0.1'),
  ...['one', 'two'].map((cluster) => identity(cluster, '10.96.0.1', API_SERVER)),
  // Each of these is the API server but for one label.
  ...Object.keys(API_SERVER).map((label, index) =>
    identity('three', `10.96.0.${index}`, { ...API_SERVER, [label]: 'other' }),
  ),
  info(BALANCER, scraped('one', { ip: '198.51.100.1' })),
  info(EXTERNAL, scraped('one', { external_ip: '198.51.100.2' })),
  lastSeen(BALANCER, scraped('one', { ip: '198.51.100.3' }), 90),
  lastSeen(EXTERNAL, scraped('one', { external_ip: '198.51.100.4' }), 90),
  identity('two', '198.51.100.5'),
  info(BALANCER, scraped('two', { ip: '198.51.100.6' })),
  info(EXTERNAL, scraped('two', { external_ip: '198.51.100.7' })),
  // These say nothing.
  info(BALANCER, scraped('one', { hostname: 'front.example' })),
  lastSeen(BALANCER, scraped('one', { ip: '198.51.100.11' }), 30),
  lastSeen(EXTERNAL, scraped('one', { external_ip: '198.51.100.12' }), 30),
  ...['exported_namespace', 'exported_pod', 'exported_node'].flatMap((label, index) => [
    info(BALANCER, scraped('one', { ip: `198.51.100.${13 + index}`, [label]: 'x' })),
    info(EXTERNAL, scraped('one', { external_ip: `198.51.100.${16 + index}`, [label]: 'x' })),
  ]),
];

const NODES: Readonly<Record<string, readonly Labels[]>> = {
  'cluster_node:zone:info': [
    { cluster: 'one', node: 'n1', zone: 'a' },
    { cluster: 'one', node: 'n2', zone: 'b' },
    { cluster: 'two', node: 'n1', zone: 'b' },
    { cluster: 'two', node: 'n2', zone: 'c' },
    { cluster: 'three', node: 'n1', zone: 'a' },
    { cluster: 'three', node: 'n2', zone: 'unknown' },
  ],
  // Its zone was refused, whatever else says of it.
  'cluster_node:refused_zone:info': [
    { cluster: 'one', node: 'n2', zone: 'unknown', reason: 'invalid_zone', refused_zone: 'b2' },
  ],
};

/** The zone of a node; empty where it is unknown. */
export const zoneOf = (cluster: string, node: string): string => {
  const of = (record: string) =>
    NODES[record]?.find((one) => one['cluster'] === cluster && one['node'] === node)?.['zone'];
  const zone = of('cluster_node:refused_zone:info') ?? of('cluster_node:zone:info') ?? 'unknown';
  return zone === 'unknown' ? '' : zone;
};

/** Where pods are: two in three of the names with their address, on one node of each cluster. */
export class PodPlaces {
  readonly #nodes = new Map<string, { readonly labels: Labels; readonly node: string }>();
  constructor(seed: number) {
    const random = createRandom(seed);
    for (const cluster of CLUSTERS) {
      const alone = { cluster, ...ALONE };
      this.#nodes.set(keyOf(alone), { labels: alone, node: 'n1' });
      for (const pod of [...NAMED, ...MISNAMED]) {
        const labels = { cluster, ...pod };
        if (happens(random, 67)) this.#nodes.set(keyOf(labels), { labels, node: oneOf(random, 'n1', 'n2') });
      }
    }
  }
  nodeOf(cluster: string, { namespace, pod, ip }: Labels): string | undefined {
    return this.#nodes.get(keyOf({ cluster, namespace: namespace ?? '', pod: pod ?? '', ip: ip ?? '' }))?.node;
  }
  get series(): readonly InputSeries[] {
    return [
      ...[...this.#nodes.values()].map(({ labels, node }) =>
        info('cluster_namespace_pod_ip:node:info', { ...labels, node }),
      ),
      ...Object.entries(NODES).flatMap(([record, rows]) => rows.map((labels) => info(record, labels))),
    ];
  }
}
