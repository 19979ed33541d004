import { because } from '../../model/tree.ts';
import { isChosen } from '../../shared/flows.ts';
import { keepPort, scrapeJob } from '../../shared/scrape.ts';
import type { Slice } from '../../settings/section.ts';
import type { FlowSource } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { READS, SETTINGS } from './settings.ts';

/** The job of the server. */
const JOB = 'kubezonnet';

const METRIC = 'pod_cross_zone_network_traffic_bytes_total';

/**
 * kubezonnet: bytes that pods sent to other zones, without the peer. Needs honor_labels. Neither the agents nor the server count what they lose.
 * Upstream: polarsignals/kubezonnet, agent, cmd/agent and cmd/server.
 */
const source = (config: Slice<typeof SETTINGS>): FlowSource => ({
  id: 'kubezonnet',
  selections: { all: { metrics: { network_bytes: METRIC }, matchers: {} } },
  ends: { source: { namespace: 'namespace', pod: 'pod' }, destination: {} },
  nodeNamespace: '_node_',
  locality: 'cross_zone',
  // Agents export nothing: that one runs on a node, only cAdvisor can tell. Upstream: kubezonnet, deploy/kubezonnet.yaml.
  agents: [
    { name: 'kubezonnet-agent', pods: 'kubezonnet-agent-.*', jobs: [], onEveryNode: true },
    { name: 'kubezonnet-server', pods: 'kubezonnet-server-.*', jobs: [JOB], onEveryNode: false },
  ].map((agent) => ({ ...agent, namespace: () => config.kubezonnet.namespace })),
  packets: { reason: 'kubezonnet counts no dropped or reset packets' },
  byteError: 'Bytes are those of IP packets, as clouds bill them.',
  deduplication: "Only the sender's node reports, to one central server.",
  granularity: 'source pod',
  blindSpots: [
    'The peer: destinations are unknown, so there is no zone matrix and there are no pairs.',
    'Traffic within a zone: it only counts cross-zone traffic, so there is no share.',
    'Pods on the host network: they appear as the node.',
    'What it loses: each agent has room for 1,024 connections between two flushes; nothing counts those that do not fit.',
  ],
});

/** kubezonnet: bytes that pods send to other zones. Its server exports the counters of all nodes. */
export const kubezonnet = component({
  id: 'kubezonnet',
  settings: SETTINGS,
  reads: READS,
  enabled: (config) => isChosen(config, 'kubezonnet'),
  exports: { [METRIC]: 'the kubezonnet server' },
  flowSources: { kubezonnet: { reads: ['kubezonnet.namespace'], adapter: source } },
  scrapeJobs: (config) => [
    scrapeJob(config, JOB, {
      label: `app.kubernetes.io/component=server,app.kubernetes.io/name=${config.kubezonnet.app}`,
      namespace: config.kubezonnet.namespace,
      honorLabels: because('Keeps namespace and pod of the sender, not those of the server.', true),
      steps: [keepPort(config.kubezonnet.port)],
    }),
  ],
});
