import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { helmCommand } from '../../shared/apply.ts';
import { atLeast } from '../../shared/version.ts';
import { hubble, serviceMonitor } from './hubble.ts';
import { ciliumChoices, type CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { acceleration, bpf, routing, type Part } from './values-datapath.ts';

/** Services, in place of kube-proxy. */
function services({ cilium }: CiliumConfig, { kubeProxyReplacement, socketLB }: CiliumChoices): Part {
  const { apiServer, loadBalancer } = cilium;
  const server: Part = {
    k8sServiceHost:
      apiServer.host === ''
        ? undefined
        : because(
            'Without kube-proxy no one resolves the Service of the API server for the agents.' +
              (apiServer.host === 'auto'
                ? ' The chart looks auto up in the cluster, which Argo CD and helm template do not let it: name the host there.'
                : ''),
            apiServer.host,
          ),
    k8sServicePort: apiServer.port ?? undefined,
    k8s:
      apiServer.urls.length > 0
        ? {
            apiServerURLs: because(
              'Text, separated by spaces. Agents start by one that answers, and go on by the Service.',
              apiServer.urls.join(' '),
            ),
          }
        : undefined,
  };
  // The chart takes a string; a boolean is refused by older ones.
  if (!kubeProxyReplacement) return { kubeProxyReplacement: because('kube-proxy stays.', 'false'), ...server };
  const { mode, dispatch, algorithm, maglevTableSize } = loadBalancer;
  return {
    kubeProxyReplacement: because('Remove kube-proxy: both would answer for the same Services.', 'true'),
    ...server,
    socketLB:
      socketLB === 'host-namespace'
        ? because('Inside pods Services are resolved packet by packet, as service meshes and KubeVirt need it.', {
            hostNamespaceOnly: true,
          })
        : undefined,
    loadBalancer: {
      mode: because(
        mode === 'snat'
          ? 'Replies go back through the node that took the request. Works in any network.'
          : 'Endpoints reply to the client directly. Clouds check addresses: on EC2 switch the source/destination check off.',
        mode,
      ),
      dsrDispatch: mode === 'snat' ? undefined : dispatch,
      algorithm,
    },
    maglev:
      algorithm === 'maglev'
        ? {
            tableSize: because(
              'A prime number, at least a hundred times the endpoints of a Service. Set maglev.hashSeed too, to a secret of yours.',
              maglevTableSize,
            ),
          }
        : undefined,
  };
}

/** A node joins with a burst of requests; beyond this many nodes, the operator's default would hold them up. */
const MANY_NODES = 500;

/** What Cilium asks of the API server. */
function apiClient({ cilium }: CiliumConfig, { endpointSlices }: CiliumChoices): Part {
  const { version, nodes, profile } = cilium;
  const isLarge = profile === 'large-cluster';
  return {
    ciliumEndpointSlice: {
      enabled: endpointSlices
        ? because(
            'Agents watch batches of endpoints instead of each. Beta upstream. Upgrade the operator first, let it fill the slices, then ' +
              'the agents; a new identity is known a little later.',
            true,
          )
        : false,
    },
    // The release in which the chart got the setting; it is on by default since.
    k8sClientExponentialBackoff: atLeast(version, '1.18.0')
      ? because('After an outage of the API server, agents come back one after the other.', {
          enabled: true,
          backoffBaseSeconds: 1,
          backoffMaxDurationSeconds: 120,
        })
      : undefined,
    // Before 1.17 operator and agents share one limit, which must not rise for all agents.
    k8sClientRateLimit:
      isLarge && nodes > MANY_NODES && atLeast(version, '1.17.0')
        ? because(
            'The operator works for all nodes at once. The limit of an agent stays: it is multiplied by the number of nodes.',
            { operator: { qps: 200, burst: 400 } },
          )
        : undefined,
    scheduling:
      isLarge && atLeast(version, '1.17.0')
        ? because(
            "Pod anti-affinity slows the scheduler down beyond some hundred nodes; the agents' ports on the host have the same effect.",
            { mode: 'kube-scheduler' },
          )
        : undefined,
  };
}

/** The agents, the operator and their metrics. */
function components(config: CiliumConfig): Part {
  const { resources, egressGateway, encryption, healthChecking } = config.cilium;
  const metrics = (port: number): Tree => ({ enabled: true, port, serviceMonitor: serviceMonitor(config) });
  return {
    resources: because(
      'No limits: an agent that is killed or throttled stops what it does for every pod of the node.',
      {
        requests: resources,
      },
    ),
    healthChecking: healthChecking
      ? undefined
      : because('Nobody tells then which nodes cannot reach each other: cilium-dbg status has no figures.', false),
    endpointHealthChecking: healthChecking ? undefined : { enabled: false },
    rollOutCiliumPods: because('Agents read their settings when they start.', true),
    prometheus: because('Map pressure, drops, regenerations of endpoints, waits for the API server.', metrics(9962)),
    envoy: { prometheus: { serviceMonitor: serviceMonitor(config) } },
    operator: {
      replicas: because('One works, one waits.', 2),
      rollOutPods: true,
      resources: { requests: { cpu: '100m', memory: '256Mi' } },
      prometheus: metrics(9963),
    },
    egressGateway: egressGateway ? { enabled: true } : undefined,
    encryption:
      encryption === 'none'
        ? undefined
        : {
            enabled: because(
              encryption === 'ipsec'
                ? 'Between nodes; within one nothing leaves it. Make the Secret cilium-ipsec-keys first: agents do not start without it.'
                : 'Between nodes; within one nothing leaves it.',
              true,
            ),
            type: encryption,
          },
  };
}

/** What must be known before the file is applied. */
function warning(config: CiliumConfig): string {
  const { profile, kernel } = config.cilium;
  const checked = `Checked against kernel ${kernel}.`;
  return profile === 'low-latency'
    ? `${checked} Devices and routing of running pods cannot be changed: apply it to a new cluster, or to new nodes by a CiliumNodeConfig.\n`
    : `${checked}\n`;
}

/**
 * All values of a Cilium installation: the profile of the configuration, changed by its settings.
 * Upstream: cilium/cilium, install/kubernetes/cilium, Documentation/operations/performance/tuning.rst,
 * Documentation/network/kubernetes/kubeproxy-free.rst. Keys as of 1.19.
 */
export function ciliumFullValues(config: CiliumConfig): HelmValues {
  const { namespace, version, profile } = config.cilium;
  const choices = ciliumChoices(config);
  return {
    chart: 'cilium',
    header:
      `Values for the chart cilium, version ${version}, profile ${profile}: a whole installation. Not for an installation with values of ` +
      'its own, which this file does not know: compare first (helm get values cilium).\n' +
      warning(config) +
      (config.cilium.serviceMonitors
        ? 'Before, in a new cluster: the definitions of Prometheus Operator, without which the chart fails, or cilium.serviceMonitors: false.\n' +
          'helm show crds kube-prometheus-stack --repo https://prometheus-community.github.io/helm-charts | kubectl apply --server-side --filename -\n'
        : '') +
      `${helmCommand({ chart: 'cilium', repository: 'https://helm.cilium.io', version, namespace })}\n` +
      'With eBPF host routing, see what azimuth list --sources says of cilium-hubble.',
    values: {
      ...routing(config, choices),
      ...services(config, choices),
      bpf: bpf(config, choices),
      bpfClockProbe:
        profile === 'low-latency' && atLeast(version, '1.16.0')
          ? because('A cheaper clock for connection tracking.', true)
          : undefined,
      ...acceleration(choices),
      ...apiClient(config, choices),
      ...components(config),
      hubble: hubble(config),
    },
  };
}
