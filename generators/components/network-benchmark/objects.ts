import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { priceOf, priceText } from '../../traffic/index.ts';
import { RESULTS, RESULTS_FILE } from './results.ts';
import { GRACE_SECONDS, PORTS, SCRIPT, SCRIPT_FILE, TESTS } from './script.ts';
import type { NetworkBenchmarkConfig, PATHS } from './settings.ts';

type Path = (typeof PATHS)[number];

const NAME = 'network-benchmark';
const FOLDER = '/benchmark';
const USER = 1000;
const CPU_REQUEST = '100m';
const DNS = 53;

/** How long the client waits for a server: images have to be pulled. */
const WAIT_SECONDS = 300;

const ofRole = (component: 'client' | 'server') => ({
  'app.kubernetes.io/name': NAME,
  'app.kubernetes.io/component': component,
});

const ofPath = (path: Path) => ({ ...ofRole('server'), [`${NAME}/path`]: path });

/** Pods whose place decides that of all others: they run on the node of the client. */
const ANCHOR = ofPath('same-node');

const nameOf = (path: Path): string => `server-${path}`;

const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

const near = (topologyKey: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: ANCHOR }, topologyKey }],
});

/**
 * Where a server runs, as seen from the server on the node of the client. All nodes of Linux have one value of kubernetes.io/os: to be near the anchor
 * by that label is to wait until it has a node, as it could never get one if the server of the other zone took the only zone first.
 */
const AFFINITY: Readonly<Record<Path, Tree | undefined>> = {
  'same-node': undefined,
  'same-zone': { podAffinity: near(ZONE), podAntiAffinity: near(HOST) },
  'cross-zone': {
    nodeAffinity: because('A node without a zone is in no other zone: without this, it would pass for one.', {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'Exists' }] }],
      },
    }),
    podAffinity: because('After the server on the node of the client, wherever that is.', near('kubernetes.io/os')),
    podAntiAffinity: near(ZONE),
  },
};

const SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: USER,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

const variables = (values: Readonly<Record<string, string | number>>): readonly Tree[] =>
  Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));

/** Both programs look for libiperf and write here. */
const COMMON = { LD_LIBRARY_PATH: '/usr/local/lib', TMPDIR: '/tmp' } as const;

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly Tree[];
  readonly ports?: readonly Tree[];
  readonly mounts?: readonly Tree[];
}

function container(
  { networkBenchmark }: NetworkBenchmarkConfig,
  { name, command, env, ports, mounts = [] }: Container,
): Tree {
  const { image, cpu, memory } = networkBenchmark;
  return {
    name,
    image,
    command,
    env,
    ports,
    resources: { requests: { cpu: CPU_REQUEST, memory }, limits: { cpu, memory } },
    securityContext: SECURITY,
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, ...mounts],
  };
}

const TMP: Tree = because('iperf3 keeps what it sends in a file.', { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } });

const LINUX = { 'kubernetes.io/os': 'linux' } as const;

/** The ports of a server, as containers and Services have them. */
const PORT_LIST = [
  { name: 'iperf-tcp', port: PORTS.iperf, protocol: 'TCP' },
  { name: 'iperf-udp', port: PORTS.iperf, protocol: 'UDP' },
  { name: 'control', port: PORTS.control, protocol: 'TCP' },
  { name: 'data', port: PORTS.data, protocol: 'TCP' },
] as const;

const portsOf = (program: 'iperf' | 'netperf'): readonly Tree[] =>
  PORT_LIST.filter(({ name }) => name.startsWith('iperf') === (program === 'iperf')).map(
    ({ name, port, protocol }) => ({
      name,
      containerPort: port,
      protocol,
    }),
  );

function server(config: NetworkBenchmarkConfig, path: Path): Tree {
  const labels = ofPath(path);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: nameOf(path), namespace: config.networkBenchmark.namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          affinity: AFFINITY[path],
          automountServiceAccountToken: false,
          nodeSelector: LINUX,
          terminationGracePeriodSeconds: 0,
          containers: [
            container(config, {
              name: 'iperf3',
              command: ['iperf3', '--server', '--port', String(PORTS.iperf)],
              env: variables(COMMON),
              ports: portsOf('iperf'),
            }),
            container(config, {
              name: 'netserver',
              command: ['netserver', '-D', '-N', '-p', String(PORTS.control)],
              env: variables(COMMON),
              ports: portsOf('netperf'),
            }),
          ],
          volumes: [TMP],
        },
      },
    },
  };
}

function service({ networkBenchmark }: NetworkBenchmarkConfig, path: Path): Tree {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: nameOf(path), namespace: networkBenchmark.namespace, labels: ofPath(path) },
    spec: {
      clusterIP:
        networkBenchmark.through === 'pod'
          ? because('Headless: the client gets the address of the pod.', 'None')
          : undefined,
      selector: ofPath(path),
      ports: PORT_LIST.map(({ name, port, protocol }) => ({ name, port, targetPort: port, protocol })),
    },
  };
}

/** The server that decides where all pods go is there even if its own path is not measured. */
const serversOf = ({ networkBenchmark: { paths } }: NetworkBenchmarkConfig): readonly Path[] => [
  'same-node',
  ...paths.filter((path) => path !== 'same-node'),
];

/** Seconds after which the client ends whatever happens. */
const longest = ({ networkBenchmark: { paths, seconds } }: NetworkBenchmarkConfig): number =>
  paths.length * (WAIT_SECONDS + TESTS.length * (seconds + GRACE_SECONDS + 5));

function client(config: NetworkBenchmarkConfig): Tree {
  const { namespace, paths, seconds, streams, megabitsPerSecond, udpMegabitsPerSecond } = config.networkBenchmark;
  const environment = {
    ...COMMON,
    BENCHMARK_PATHS: paths.join(' '),
    SERVER_PREFIX: 'server-',
    IPERF_PORT: PORTS.iperf,
    CONTROL_PORT: PORTS.control,
    DATA_PORT: PORTS.data,
    TEST_SECONDS: seconds,
    GRACE_SECONDS,
    WAIT_SECONDS,
    MEGABITS: megabitsPerSecond,
    UDP_MEGABITS: udpMegabitsPerSecond,
    STREAMS: streams,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'client', namespace, labels: ofRole('client') },
    spec: {
      backoffLimit: because('A second try would send everything again.', 0),
      activeDeadlineSeconds: because('The longest that all tests and the wait for servers can take.', longest(config)),
      template: {
        metadata: { labels: ofRole('client') },
        spec: {
          affinity: {
            podAffinity: because(
              'On the node of its nearest server, so that every run has the same place.',
              near(HOST),
            ),
          },
          automountServiceAccountToken: false,
          nodeSelector: LINUX,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          containers: [
            container(config, {
              name: 'client',
              command: ['bash', `${FOLDER}/${SCRIPT_FILE}`],
              env: [
                { name: 'NODE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
                ...variables(environment),
              ],
              mounts: [{ name: 'script', mountPath: FOLDER, readOnly: true }],
            }),
          ],
          volumes: [TMP, { name: 'script', configMap: { name: NAME } }],
        },
      },
    },
  };
}

const policyPorts = (ports: readonly { readonly port: number; readonly protocol: string }[]): readonly Tree[] =>
  ports.map(({ port, protocol }) => ({ port, protocol }));

function policy(namespace: string, name: string, spec: Tree): Tree {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

const general = ({ networkBenchmark: { namespace } }: NetworkBenchmarkConfig): readonly Tree[] => [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace },
    data: { [SCRIPT_FILE]: SCRIPT, [RESULTS_FILE]: RESULTS },
  },
  policy(namespace, 'server', {
    podSelector: { matchLabels: ofRole('server') },
    policyTypes: because('Only the client reaches servers, and they start no connection.', ['Ingress', 'Egress']),
    ingress: [{ from: [{ podSelector: { matchLabels: ofRole('client') } }], ports: policyPorts(PORT_LIST) }],
    egress: [],
  }),
  policy(namespace, 'client', {
    podSelector: { matchLabels: ofRole('client') },
    policyTypes: because('Nothing reaches the client, and it reaches servers and DNS.', ['Ingress', 'Egress']),
    ingress: [],
    egress: [
      { to: [{ podSelector: { matchLabels: ofRole('server') } }], ports: policyPorts(PORT_LIST) },
      {
        ports: policyPorts([
          { port: DNS, protocol: 'UDP' },
          { port: DNS, protocol: 'TCP' },
        ]),
      },
    ],
  }),
];

/** TCP tests in units of what one direction of one test sends: one way, back, both ways at once, and in parallel. */
const TCP_DIRECTIONS = 5;
/** Headers of packets of 1,500 bytes, and what latency and retransmits add. */
const OVERHEAD = 1.08;

/** The most that a run sends across zones, in the gigabytes that the cloud bills. */
function mostAcross({ networkBenchmark, cloud }: NetworkBenchmarkConfig): number {
  const { paths, seconds, megabitsPerSecond, udpMegabitsPerSecond } = networkBenchmark;
  if (!paths.includes('cross-zone')) return 0;
  const bytes = ((TCP_DIRECTIONS * megabitsPerSecond + udpMegabitsPerSecond) * 1e6 * seconds) / 8;
  return (bytes * OVERHEAD) / cloud.bytesPerGB;
}

function costText(config: NetworkBenchmarkConfig): string {
  const gigabytes = mostAcross(config);
  if (gigabytes === 0) return 'Nothing crosses zones.';
  const { egressPerGB, ingressPerGB, currency } = priceOf(config);
  if (egressPerGB === undefined || ingressPerGB === undefined) {
    return `A run sends at most ${gigabytes.toFixed(1)} GB across zones; their price is unknown (cloud.price).`;
  }
  const cost = gigabytes * (egressPerGB + ingressPerGB);
  const bill =
    cost === 0 ? 'which costs nothing' : `which costs at most ${cost.toFixed(2)} ${currency} (${priceText(config)})`;
  return `A run sends at most ${gigabytes.toFixed(1)} GB across zones, ${bill}.`;
}

/**
 * Servers by where they are, and a client on the node of the first that measures each in turn. Servers stay, so that runs before and after a change
 * are between the same nodes.
 */
export function networkBenchmarkManifest(config: NetworkBenchmarkConfig): Manifest {
  const { namespace, paths, seconds } = config.networkBenchmark;
  const servers = serversOf(config);
  const minutes = Math.ceil((paths.length * TESTS.length * (seconds + 1)) / 60);
  return {
    name: NAME,
    header:
      `Throughput, retransmits, loss and latency between pods: ${paths.join(', ')}. A run takes about ${minutes} minutes and loads two nodes' ` +
      `network at a time. ${costText(config)} docs/network-benchmark.md says what the figures mean.\n` +
      'A run, and its results:\n' +
      `${applyCommand(config, `manifests/${NAME}.yaml`)}\n` +
      `kubectl logs --namespace ${namespace} --follow --pod-running-timeout=5m job/client >> before.log\n` +
      'Another run, between the same nodes:\n' +
      `kubectl delete job --namespace ${namespace} client\n` +
      'The end of it:\n' +
      `kubectl delete namespace ${namespace}`,
    content: {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        ...general(config),
        ...servers.flatMap((path) => [service(config, path), server(config, path)]),
        client(config),
      ],
    },
  };
}
