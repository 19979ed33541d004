import type { EthtoolExporterConfig } from './settings.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { argument } from '../../shared/escape.ts';

/** What idling takes; less where the limit is less, as Kubernetes refuses a request above its limit. */
const LEAST_CPU = '10m';

/** A quantity of CPU in cores. */
const cores = (cpu: string): number => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) / 1000 : Number(cpu));

function argumentsOf({ ethtool: { daemonSet, device, port } }: EthtoolExporterConfig): Tree {
  if (daemonSet.arguments !== null) {
    return because('From ethtool.daemonSet.arguments.', daemonSet.arguments);
  }
  return [
    because('-l is what this image takes; newer versions refuse it and want -L and -p.', '-l'),
    `$(IP):${port}`,
    '-I',
    because(
      'The interfaces that the rules read. The exporter matches the beginning of a name only, hence the anchors.',
      argument(`^(?:${device})$`),
    ),
  ];
}

const container = (config: EthtoolExporterConfig): Tree => {
  const { daemonSet, port } = config.ethtool;
  const { cpu, memory, runAsUser } = daemonSet;
  return {
    name: 'ethtool-exporter',
    image: because('Pinned: ethtool.daemonSet.image.', daemonSet.image),
    command: ['python3', '/ethtool-exporter.py'],
    args: argumentsOf(config),
    env: [
      {
        name: 'IP',
        valueFrom: {
          fieldRef: {
            apiVersion: because(
              'The default, written out: left out, server-side apply after client-side apply is a conflict.',
              'v1',
            ),
            fieldPath: because('That of the node, as the pod uses its network.', 'status.podIP'),
          },
        },
      },
    ],
    ports: [{ name: 'http', containerPort: port, hostPort: port, protocol: 'TCP' }],
    resources: {
      requests: { cpu: cores(cpu) < cores(LEAST_CPU) ? cpu : LEAST_CPU, memory },
      limits: { cpu, memory },
    },
    securityContext: because(
      'Reading statistics takes no privilege: the kernel answers ETHTOOL_GSTATS without CAP_NET_ADMIN. See ' +
        'ethtool.daemonSet.runAsUser where an image wants root.',
      {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: runAsUser !== 0,
        runAsUser,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
    ),
  };
};

/**
 * The ethtool exporter on every node.
 * Upstream: Showmax/prometheus-ethtool-exporter, deploy/k8s-daemonset.yaml, which tolerates one taint only.
 */
export function ethtoolDaemonSet(config: EthtoolExporterConfig): Manifest {
  const { daemonSet, app } = config.ethtool;
  const labels = { app };
  return {
    name: 'ethtool-exporter',
    header:
      'The ethtool exporter on every node: the network limits of EC2 instances. Not run by us in a cluster; it works when this answers ' +
      'with at least one for each node: count by (instance) (node_net_ethtool{type=~".*_allowance_exceeded"}).\n' +
      'A namespace that enforces the Pod Security level baseline or restricted refuses pods on the network of the host.\n' +
      applyCommand(config, 'manifests/ethtool-exporter.yaml'),
    content: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: app, namespace: daemonSet.namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: because("A restart loses no counter: they are the driver's.", {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: '10%' },
        }),
        template: {
          metadata: { labels: because('The scrape job finds the pods by it.', labels) },
          spec: {
            hostNetwork: because('Without it, the exporter would see the interface of its own pod.', true),
            automountServiceAccountToken: false,
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            tolerations: because(
              "Every taint: upstream's manifest tolerates that of masters only, and misses the others.",
              [{ operator: 'Exists' }],
            ),
            terminationGracePeriodSeconds: because('It keeps nothing that had to be written.', 0),
            containers: [container(config)],
          },
        },
      },
    },
  };
}
