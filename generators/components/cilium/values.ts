import type { HelmValues } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import { helmCommand, PROMETHEUS_COMMUNITY } from '../../shared/apply.ts';
import { atLeast } from '../../shared/version.ts';
import type { Values } from '../contract.ts';
import { OPERATOR_PORT } from './health.ts';
import { agentMetrics, HOST_ROUTING, hubble, REPOSITORY, serviceMonitor } from './hubble.ts';
import { ciliumChoices, type CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { acceleration, bpf, routing } from './values-datapath.ts';

/** How Services are handled: by kube-proxy, or by Cilium. */
function services({ cilium }: CiliumConfig, { kubeProxyReplacement, socketLB }: CiliumChoices): Values {
  const { apiServer, loadBalancer } = cilium;
  const server: Values = {
    k8sServiceHost:
      apiServer.host === ''
        ? undefined
        : because(
            'Without kube-proxy, nothing resolves the Service of the API server for the agents.' +
              (apiServer.host === 'auto'
                ? ' The chart looks up auto in the cluster, which fails with Argo CD and helm template: set the host there.'
                : ''),
            apiServer.host,
          ),
    k8sServicePort: apiServer.port ?? undefined,
    k8s:
      apiServer.urls.length > 0
        ? {
            apiServerURLs: because(
              'A string, separated by spaces. Agents start with a server that answers, then use the Service.',
              apiServer.urls.join(' '),
            ),
          }
        : undefined,
  };
  // A string, as older charts refuse a boolean.
  if (!kubeProxyReplacement) return { kubeProxyReplacement: because('kube-proxy stays in place.', 'false'), ...server };
  const { mode, dispatch, algorithm, maglevTableSize } = loadBalancer;
  return {
    kubeProxyReplacement: because('Remove kube-proxy: otherwise both handle the same Services.', 'true'),
    ...server,
    socketLB:
      socketLB === 'host-namespace'
        ? because('Inside pods, Services are resolved per packet, as service meshes and KubeVirt require.', {
            hostNamespaceOnly: true,
          })
        : undefined,
    loadBalancer: {
      mode: because(
        mode === 'snat'
          ? 'Replies return through the node that received the request. Works in any network.'
          : 'Endpoints reply to the client directly. Clouds check addresses: on EC2, disable the source/destination check.',
        mode,
      ),
      dsrDispatch: mode === 'snat' ? undefined : dispatch,
      algorithm,
    },
    maglev:
      algorithm === 'maglev'
        ? {
            tableSize: because(
              'A prime number, at least 100 times the endpoints of a Service. Also set maglev.hashSeed to your own secret.',
              maglevTableSize,
            ),
          }
        : undefined,
  };
}

/** Joining nodes cause bursts of requests; above this many nodes, the operator's default limit throttles them. */
const MANY_NODES = 500;

/** Cilium's requests to the API server. */
function apiClient({ cilium }: CiliumConfig, { endpointSlices }: CiliumChoices): Values {
  const { version, nodes, profile } = cilium;
  const isLarge = profile === 'large-cluster';
  return {
    ciliumEndpointSlice: {
      enabled: endpointSlices
        ? because(
            'Agents watch batches of endpoints instead of each one. Beta upstream. Upgrade the operator first and let it fill the slices, ' +
              'then the agents. New identities take slightly longer to propagate.',
            true,
          )
        : false,
    },
    // The chart has the setting since 1.18, on by default.
    k8sClientExponentialBackoff: atLeast(version, '1.18.0')
      ? because('After an API server outage, agents reconnect gradually.', {
          enabled: true,
          backoffBaseSeconds: 1,
          backoffMaxDurationSeconds: 120,
        })
      : undefined,
    // Before 1.17, operator and agents share one limit, which must not be raised for all agents.
    k8sClientRateLimit:
      isLarge && nodes > MANY_NODES && atLeast(version, '1.17.0')
        ? because(
            'The operator serves all nodes. The limit of the agents stays, as it multiplies by the number of nodes.',
            { operator: { qps: 200, burst: 400 } },
          )
        : undefined,
    scheduling:
      isLarge && atLeast(version, '1.17.0')
        ? because(
            "Pod anti-affinity slows the scheduler down above a few hundred nodes; the agents' host ports have the same effect.",
            { mode: 'kube-scheduler' },
          )
        : undefined,
  };
}

/** The agents, the operator and their metrics. */
function agents(config: CiliumConfig): Values {
  const { resources, egressGateway, encryption, healthChecking } = config.cilium;
  return {
    resources: because('No limits: a killed or throttled agent affects every pod of the node.', {
      requests: resources,
    }),
    healthChecking: healthChecking
      ? undefined
      : because('Agents no longer report unreachable nodes, and cilium-dbg status shows none.', false),
    endpointHealthChecking: healthChecking ? undefined : { enabled: false },
    rollOutCiliumPods: because('Agents read their settings at startup.', true),
    prometheus: agentMetrics(config, serviceMonitor(config)),
    envoy: { prometheus: { serviceMonitor: serviceMonitor(config) } },
    operator: {
      replicas: because('One leader and one standby.', 2),
      rollOutPods: true,
      resources: { requests: { cpu: '100m', memory: '256Mi' } },
      prometheus: { enabled: true, port: OPERATOR_PORT, serviceMonitor: serviceMonitor(config) },
    },
    egressGateway: egressGateway ? { enabled: true } : undefined,
    encryption:
      encryption === 'none'
        ? undefined
        : {
            enabled: because(
              encryption === 'ipsec'
                ? 'Encrypts between nodes; traffic within a node never leaves it. Create the Secret cilium-ipsec-keys first: agents do not start without it.'
                : 'Encrypts between nodes; traffic within a node never leaves it.',
              true,
            ),
            type: encryption,
          },
  };
}

/** Warnings to read before installing. */
function warning(config: CiliumConfig): string {
  const { profile, kernel } = config.cilium;
  const devices =
    ' Devices and routing of running pods cannot be changed: use a new cluster, or new nodes with a CiliumNodeConfig.';
  return `Checked against kernel ${kernel}.${profile === 'low-latency' ? devices : ''}\n`;
}

/**
 * All values of a Cilium installation: the chosen profile, overridden by settings.
 * Upstream: cilium/cilium, install/kubernetes/cilium, Documentation/operations/performance/tuning.rst,
 * Documentation/network/kubernetes/kubeproxy-free.rst. Keys as of 1.19.
 */
export function ciliumFullValues(config: CiliumConfig): HelmValues {
  const { namespace, version, profile } = config.cilium;
  const choices = ciliumChoices(config);
  return {
    chart: 'cilium',
    header:
      `Values for the chart cilium, version ${version}, profile ${profile}: a full installation. It does not know the values of an ` +
      'existing installation: compare first (helm get values cilium).\n' +
      warning(config) +
      (config.cilium.serviceMonitors
        ? 'In a new cluster, first install the CRDs of the Prometheus Operator, without which the chart fails, or set cilium.serviceMonitors: false.\n' +
          `helm show crds kube-prometheus-stack --repo ${PROMETHEUS_COMMUNITY} | kubectl apply --server-side --filename -\n`
        : '') +
      `${helmCommand({ chart: 'cilium', repository: REPOSITORY, version, namespace })}\n` +
      HOST_ROUTING,
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
      ...agents(config),
      hubble: hubble(config),
    },
  };
}
