import {
  CONTROL_PLANE,
  type LabNode,
  type LabPod,
  NODES,
  nodeOf,
  SERVER_PORT,
  SERVICE_PORT,
  SERVICES,
} from './network.ts';

/** A Kubernetes object, and the status that is set after it is created. */
export interface KubeObject {
  /** Path of its collection in the API, such as `/api/v1/nodes`. */
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>> & {
    readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  };
  readonly status?: Readonly<Record<string, unknown>>;
  /** Key of an object created before it, which becomes its controller. */
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string };
}

/** The namespace of all workloads. */
export const NAMESPACE = 'shop';

/** Part of the names of ReplicaSets and of pods, as Deployments make it: from letters that cannot form words. */
const TEMPLATE_HASH = '7d4b9c8f6d';

const SINCE = '2026-01-01T00:00:00Z';

const ready = {
  type: 'Ready',
  status: 'True',
  reason: 'Lab',
  message: 'Lab',
  lastHeartbeatTime: SINCE,
  lastTransitionTime: SINCE,
};

const nodeObject = (node: LabNode, index: number): KubeObject => ({
  path: '/api/v1/nodes',
  object: {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: {
        'topology.kubernetes.io/zone': node.zone,
        'topology.kubernetes.io/region': 'region',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
      },
    },
    spec: { podCIDR: `10.77.${index + 1}.0/24`, podCIDRs: [`10.77.${index + 1}.0/24`, `fd77:0:0:${index + 1}::/64`] },
  },
  status: {
    addresses: [
      { type: 'InternalIP', address: node.address.ipv4 },
      { type: 'InternalIP', address: node.address.ipv6 },
      { type: 'Hostname', address: node.name },
    ],
    conditions: [ready],
  },
});

/** A pod of the cluster: of one that is in the lab, or of the host network of a node. */
export interface NamedPod {
  readonly app: string;
  readonly name: string;
  readonly node: LabNode;
  readonly hostNetwork: boolean;
  readonly address: LabPod['address'];
}

/** The app of pods on the host network. */
export const HOST_APP = 'edge';

/** The name of a pod on the host network of a node. */
export const hostPodName = (node: LabNode): string => `${HOST_APP}-${node.name}`;

/** All pods with the names that they have in the cluster. */
export const NAMED_PODS: readonly NamedPod[] = NODES.flatMap((node) => [
  ...node.pods.map((pod) => ({
    app: pod.app ?? 'flush',
    name: `${pod.app ?? 'flush'}-${pod.host}`,
    node: nodeOf(pod),
    hostNetwork: false,
    address: pod.address,
  })),
  { app: HOST_APP, name: hostPodName(node), node, hostNetwork: true, address: node.address },
]);

const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'lab' }] },
});

const workloads = (app: string): readonly KubeObject[] => {
  const selector = { matchLabels: { app } };
  const name = `${app}-${TEMPLATE_HASH}`;
  return [
    {
      path: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: app, labels: { app } },
        spec: { replicas: 1, selector, template: template(app) },
      },
    },
    {
      path: `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`,
      object: {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name, labels: { app, 'pod-template-hash': TEMPLATE_HASH } },
        spec: { replicas: 1, selector, template: template(app) },
      },
      owner: { apiVersion: 'apps/v1', kind: 'Deployment', name: app },
    },
  ];
};

const podObject = ({ app, name, node, hostNetwork, address }: NamedPod): KubeObject => ({
  path: `/api/v1/namespaces/${NAMESPACE}/pods`,
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app, 'pod-template-hash': TEMPLATE_HASH } },
    spec: {
      nodeName: node.name,
      hostNetwork,
      automountServiceAccountToken: false,
      containers: [{ name: 'main', image: 'lab' }],
    },
  },
  owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${TEMPLATE_HASH}` },
  status: {
    phase: 'Running',
    podIP: address.ipv4,
    podIPs: [{ ip: address.ipv4 }, { ip: address.ipv6 }],
    hostIP: node.address.ipv4,
    hostIPs: [{ ip: node.address.ipv4 }, { ip: node.address.ipv6 }],
    startTime: SINCE,
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: SINCE }],
    containerStatuses: [
      {
        name: 'main',
        image: 'lab',
        imageID: 'lab',
        ready: true,
        restartCount: 0,
        containerID: `containerd://${Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64)}`,
        state: { running: { startedAt: SINCE } },
      },
    ],
  },
});

const namespace = (name: string): KubeObject => ({
  path: '/api/v1/namespaces',
  object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
});

/** All objects of the cluster, owners before what they own. */
export const OBJECTS: readonly KubeObject[] = [
  namespace(NAMESPACE),
  ...NODES.map(nodeObject),
  ...[...new Set(NAMED_PODS.map(({ app }) => app))].flatMap(workloads),
  ...NAMED_PODS.map(podObject),
  ...SERVICES.map(({ name, app, address }): KubeObject => ({
    path: `/api/v1/namespaces/${NAMESPACE}/services`,
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: {
        clusterIP: address.ipv4,
        clusterIPs: [address.ipv4, address.ipv6],
        ipFamilyPolicy: 'RequireDualStack',
        ipFamilies: ['IPv4', 'IPv6'],
        selector: { app },
        ports: ['TCP', 'UDP'].map((protocol) => ({
          name: protocol.toLowerCase(),
          protocol,
          port: SERVICE_PORT,
          targetPort: SERVER_PORT,
        })),
      },
    },
  })),
];

/** Where the API server answers. */
export const API_PORT = 6443;
export const API_URL = `https://${CONTROL_PLANE.address.ipv4}:${API_PORT}`;

/** A kubeconfig for every client in the lab: the lab's own API server, with a token that only exists in it. */
export const kubeconfigOf = (token: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server: API_URL, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'lab', user: { token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
  });
