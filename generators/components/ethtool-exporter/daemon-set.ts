import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { argument } from '../../shared/escape.ts';
import { amount } from '../../shared/pods.ts';
import type { EthtoolExporterConfig } from './settings.ts';

/** Idle usage; capped at the limit, as Kubernetes refuses a request above it. */
const MIN_CPU = '10m';

function argumentsOf({ ethtool: { daemonSet, device, port } }: EthtoolExporterConfig): Tree {
  if (daemonSet.arguments !== null) {
    return because('From ethtool.daemonSet.arguments.', daemonSet.arguments);
  }
  return [
    because('This image takes -l; newer versions refuse it and take -L and -p.', '-l'),
    `$(IP):${port}`,
    '-I',
    because(
      'The interfaces that the rules read. Anchored, as the exporter only matches the beginning of a name.',
      argument(`^(?:${device})$`),
    ),
  ];
}

const container = (config: EthtoolExporterConfig): Tree => {
  const { daemonSet, port } = config.ethtool;
  const { cpu, memory, runAsUser } = daemonSet;
  return {
    name: 'ethtool-exporter',
    image: because('Pinned by ethtool.daemonSet.image.', daemonSet.image),
    command: ['python3', '/ethtool-exporter.py'],
    args: argumentsOf(config),
    env: [
      {
        name: 'IP',
        valueFrom: {
          fieldRef: {
            apiVersion: because(
              'The default, set explicitly: without it, server-side apply after client-side apply conflicts.',
              'v1',
            ),
            fieldPath: because('The node address, as the pod uses the host network.', 'status.podIP'),
          },
        },
      },
    ],
    ports: [{ name: 'http', containerPort: port, hostPort: port, protocol: 'TCP' }],
    resources: { requests: { cpu: amount(cpu) < amount(MIN_CPU) ? cpu : MIN_CPU, memory }, limits: { cpu, memory } },
    securityContext: because(
      'Reading statistics needs no privilege: the kernel answers ETHTOOL_GSTATS without CAP_NET_ADMIN. If an image needs root, ' +
        'see ethtool.daemonSet.runAsUser.',
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
 * Upstream: Showmax/prometheus-ethtool-exporter, deploy/k8s-daemonset.yaml, which tolerates only one taint.
 */
export function ethtoolDaemonSet(config: EthtoolExporterConfig): Manifest {
  const { daemonSet, app } = config.ethtool;
  const labels = { app };
  return {
    name: 'ethtool-exporter',
    header:
      'The ethtool exporter on every node, for the network limits of EC2 instances. Not tested in a real cluster; it works if this query ' +
      'returns at least one series per node: count by (instance) (node_net_ethtool{type=~".*_allowance_exceeded"}).\n' +
      'Namespaces that enforce the Pod Security level baseline or restricted refuse pods on the host network.\n' +
      applyCommand(config, 'manifests/ethtool-exporter.yaml'),
    content: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: app, namespace: daemonSet.namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: because('Restarts lose no counters, as the driver keeps them.', {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: '10%' },
        }),
        template: {
          metadata: { labels: because('The scrape job selects the pods by this label.', labels) },
          spec: {
            hostNetwork: because('Without it, the exporter would only see the interface of its own pod.', true),
            automountServiceAccountToken: false,
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            tolerations: because("Tolerates every taint; upstream's manifest only tolerates that of masters.", [
              { operator: 'Exists' },
            ]),
            terminationGracePeriodSeconds: because('It has no state to save.', 0),
            containers: [container(config)],
          },
        },
      },
    },
  };
}
