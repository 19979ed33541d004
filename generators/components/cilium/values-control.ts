import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import { because, type Tree } from '../../model/tree.ts';
import { serviceMonitor } from './values-hubble.ts';

type Part = { readonly [key: string]: Tree | undefined };

/** A node joins with a burst of requests; beyond this many nodes, the operator's default would hold them up. */
const MANY_NODES = 500;

/** What Cilium asks of the API server. */
export function apiServer({ cilium }: CiliumConfig, { endpointSlices }: CiliumChoices): Part {
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
    k8sClientExponentialBackoff: atLeast(`v${version}`, 'v1.18.0')
      ? because('After an outage of the API server, agents come back one after the other.', {
          enabled: true,
          backoffBaseSeconds: 1,
          backoffMaxDurationSeconds: 120,
        })
      : undefined,
    // Before 1.17 operator and agents share one limit, which must not rise for all agents.
    k8sClientRateLimit:
      isLarge && nodes > MANY_NODES && atLeast(`v${version}`, 'v1.17.0')
        ? because(
            'The operator works for all nodes at once. The limit of an agent stays: it is multiplied by the number of nodes.',
            { operator: { qps: 200, burst: 400 } },
          )
        : undefined,
    scheduling:
      isLarge && atLeast(`v${version}`, 'v1.17.0')
        ? because(
            "Pod anti-affinity slows the scheduler down beyond some hundred nodes; the agents' ports on the host have the same effect.",
            { mode: 'kube-scheduler' },
          )
        : undefined,
  };
}

/** The agents, the operator and their metrics. */
export function components(config: CiliumConfig): Part {
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
