import {
  type FlowSource,
  hubbleDns,
  hubbleDnsMetric,
  hubbleEnds,
  hubbleLabelsContext,
  hubbleLost,
  hubbleMetric,
  hubblePacketMetrics,
  hubblePackets,
  hubblePeerViews,
  hubbleSeen,
  hubbleSelections,
  hubbleTrace,
  labelsContext,
  labelsRead,
  readsFrom,
} from '../../traffic/index.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { monitorAgentSteps, monitorLabels } from '../../shared/scrape.ts';
import { TURNED_ON } from '../../cilium/index.ts';
import { AGENT_PORT, OPERATOR_PORT, recordsHealth } from './health.ts';
import { type CiliumConfig, ENDS } from './settings.ts';

/** Where replies leave their server's node: for the stack, or for the tunnel if there is one. */
const LEAVES = 'to-stack|to-overlay';

/**
 * Cilium's own Hubble. Counts flow events, never bytes.
 * Upstream: Cilium, pkg/hubble/metrics/flow and pkg/hubble/parser/threefour (direction of replies, observation points), bpf/bpf_lxc.c
 * and bpf/lib/local_delivery.h (what passes which of them).
 */
const hubbleSource = {
  id: 'cilium-hubble',
  selections: hubbleSelections(`to-endpoint|${LEAVES}`, {
    // Replies to a pod of the same node, and all replies with eBPF host routing, do not leave the server that way (inferred): its client's node
    // reports them as they arrive.
    gap: 'replies',
    matchers: hubbleTrace('to-endpoint', 'egress'),
    replies: hubbleTrace(LEAVES, 'ingress'),
  }),
  ends: hubbleEnds,
  peerViews: hubblePeerViews,
  lost: {
    counters: [hubbleLost],
    // Hubble has no other count of events, so the check reads all flows.
    seen: hubbleSeen,
    remedy:
      'give the agent more CPU, or raise bpf.monitorInterval or monitorAggregation; hubble.eventQueueSize helps only with bursts of ' +
      'observer_events_queue',
  },
  dns: hubbleDns('Pods that no policy with DNS rules selects: Cilium sees DNS in its proxy only.'),
  deduplication:
    "Each packet reaches the server's endpoint once and each reply leaves it once. What the server's node has no events for is read at the " +
    "client's: other replies, and calls to the outside. Events of network cards and L7 proxies are ignored.",
  granularity: 'pod pair',
  blindSpots: [
    'Bytes and packets: it counts events. With monitorAggregation medium (the default of Cilium) they follow connections.',
    'Calls from pods to nodes and their network: the kubelet, pods on the host network, and the API server through its Service.',
    'With eBPF host routing, requests of pods to the outside and their replies to callers that are no pods: they only show up as to-network, which counts requests between nodes twice.',
  ],
} as const satisfies Omit<FlowSource, 'agents' | 'packets'>;

/** The job of the agents' Hubble metrics. */
export const HUBBLE_JOB = 'cilium-hubble';

/** Cilium's own Hubble, with its agents where they are installed. Upstream: cilium/cilium, install/kubernetes/cilium/templates/cilium-agent. */
export const ciliumHubble = (config: Pick<CiliumConfig, 'cilium'>): FlowSource => ({
  ...hubbleSource,
  agents: [
    {
      name: 'cilium',
      namespace: () => config.cilium.namespace,
      // The operator and Envoy have longer names.
      pods: 'cilium-[a-z0-9]{5}',
      jobs: [HUBBLE_JOB],
      onEveryNode: true,
    },
  ],
  packets: hubblePackets,
});

export const REPOSITORY = 'https://helm.cilium.io';

/** A line for the header of either file. */
export const HOST_ROUTING = 'With eBPF host routing, see azimuth list --sources for the limits of cilium-hubble.';

/** The metric that the rules read, with only the labels that they read. */
const flowMetric = (config: CiliumConfig): Tree =>
  because(
    'labelsContext puts both ends of a flow on one series; the rules read exactly these labels. With namespace and pod among them, ' +
      'a series disappears a minute after its pod. The rules read only "flow", "dns", "drop" and "tcp".',
    hubbleMetric('flow', labelsContext(hubbleLabelsContext(labelsRead(config.flows, ciliumHubble(config))))),
  );

/** Who asks, and what is answered. */
const dnsMetric: Tree = because(
  'Without "query", which would create a series for every name looked up. With the pods at both ends, which is what the rules on DNS read. It has ' +
    'series only for pods that a policy with DNS rules selects.',
  hubbleDnsMetric(),
);

/** Whether rules read who asks. */
const asks = ({ dns }: CiliumConfig): boolean => dns.enabled && dns.clients;

/** Drops and flags of TCP by the pods that the rules on the flow pipeline read. They take the place of other entries of these names. */
function packetMetrics({ flowPipeline }: CiliumConfig): Readonly<Record<string, Tree>> {
  if (!flowPipeline.enabled || !flowPipeline.packets) return {};
  const { drop, tcp } = hubblePacketMetrics();
  return {
    drop: because('Drops by the pods at both ends (flowPipeline.packets).', drop),
    tcp: because('Flags of TCP by the pod that sends them: the rules read resets.', tcp),
  };
}

/** The name of a metric of Hubble, which ends where its options begin. */
const nameOf = (entry: string): string => entry.replace(/:.*$/, '');

/** Hubble's metrics; the rules read only flow, dns, drop and tcp. */
function metrics(config: CiliumConfig): Tree {
  const packets = packetMetrics(config);
  const others = config.cilium.hubbleMetrics.filter((entry) => packets[nameOf(entry)] === undefined);
  return [
    readsFrom(config, 'cilium-hubble')
      ? flowMetric(config)
      : because(
          'Both ends by address and workload. Options apply to one entry: those of httpV2 have no effect on flow.',
          hubbleMetric('flow', labelsContext(ENDS)),
        ),
    ...(config.cilium.values === 'full' || asks(config) ? [dnsMetric] : []),
    ...Object.values(packets),
    ...others.map((entry) => HINTS.get(nameOf(entry))?.(entry) ?? entry),
  ];
}

/** What is worth to know of some of Hubble's metrics. */
const HINTS: ReadonlyMap<string, (entry: string) => Tree> = new Map([
  [
    'httpV2',
    (entry) =>
      because(
        'Has series only for traffic that a policy sends through the L7 proxy. Cannot be combined with "http". Options apply to one entry: these have no effect on flow. ' +
          'Exemplars need OpenMetrics.',
        entry,
      ),
  ],
]);

/** The ServiceMonitor of one of Cilium's metrics endpoints. */
export const serviceMonitor = (config: CiliumConfig): Tree =>
  config.cilium.serviceMonitors
    ? {
        enabled: because('Needs the CRDs of the Prometheus Operator; the chart fails without them.', true),
        labels: monitorLabels(config),
        interval: config.scrape.interval,
        relabelings: because('This list replaces the default, which sets the node label.', monitorAgentSteps(config)),
      }
    : { enabled: false };

/**
 * No ServiceMonitor for Hubble's metrics, as a scrape job collects them. The chart then annotates its Service, which its value
 * serviceAnnotations cannot undo.
 * Upstream: cilium/cilium, install/kubernetes/cilium/templates/hubble/metrics-service.yaml.
 */
const noServiceMonitor: Tree = {
  enabled: because(
    'The job cilium-hubble or its PodMonitor scrapes it; a second scrape would count every flow twice. The chart annotates the ' +
      'Service hubble-metrics with prometheus.io/scrape: exclude it from jobs that follow the annotation.',
    false,
  ),
};

/** Exemplars are a part of OpenMetrics. */
const openMetrics = ({ cilium: { hubbleMetrics } }: CiliumConfig): Tree | undefined =>
  hubbleMetrics.some((entry) => entry.includes('exemplars=true'))
    ? because('For the exemplars of httpV2.', true)
    : undefined;

/** Hubble with its metrics, its cluster-wide API and its UI. */
export function hubble(config: CiliumConfig): Tree {
  const { hubblePort, relay, ui, profile } = config.cilium;
  const isLarge = profile === 'large-cluster';
  return {
    enabled: true,
    eventQueueSize: isLarge
      ? because(
          'Twice the default for nodes with more than 16 CPUs, to absorb bursts. A queue does not fix sustained overload: if ' +
            'hubble_lost_events_total keeps rising, raise bpf.monitorInterval or give the agent more CPU.',
          32_768,
        )
      : undefined,
    metrics: {
      port: because('Scraped by the job cilium-hubble.', hubblePort),
      enableOpenMetrics: openMetrics(config),
      enabled: because('This list replaces yours.', metrics(config)),
      serviceMonitor: readsFrom(config, 'cilium-hubble') ? noServiceMonitor : serviceMonitor(config),
    },
    relay: { enabled: relay, ...(relay && { resources: { requests: { cpu: '50m', memory: '128Mi' } } }) },
    ui: { enabled: ui ? because('Needs the relay.', true) : false },
  };
}

/**
 * The block of Cilium's agents: metrics that are off by default are turned on. Upstream: cilium/cilium, Documentation/observability/metrics.rst.
 */
export const agentMetrics = (config: CiliumConfig, monitor: Tree): Tree => ({
  enabled: true,
  port: because('Map pressure, drops, endpoint regenerations, addresses and requests to the API server.', AGENT_PORT),
  metrics: recordsHealth(config)
    ? because(
        'What reconcilers fail to bring into the datapath, and which part is degraded: off by default. The list replaces yours; agents ignore names that their version ' +
          'does not have.',
        TURNED_ON,
      )
    : undefined,
  serviceMonitor: monitor,
});

/** No ServiceMonitor for agents or operators, as scrape jobs collect them. */
const byJob: Tree = {
  enabled: because(
    'The jobs cilium-agent, cilium-operator and cilium-envoy or their PodMonitors scrape them. The chart annotates the pods with prometheus.io/scrape instead: exclude them ' +
      'from jobs that follow the annotation.',
    false,
  ),
};

/** Whether a part of the values is written for an existing installation. */
const parts = (config: CiliumConfig) => ({ flows: readsFrom(config, 'cilium-hubble'), health: recordsHealth(config) });

/**
 * Metrics in Cilium's values, for an existing installation: Hubble's for its flows, and those of agents and operator for its health.
 * Upstream: cilium/cilium, install/kubernetes/cilium and Documentation/observability/metrics.
 */
export function ciliumValues(config: CiliumConfig): HelmValues {
  const { flows, health } = parts(config);
  const { namespace } = config.cilium;
  const blocks = [
    ...(flows ? ['hubble'] : []),
    ...(health ? ['prometheus', 'operator.prometheus', 'envoy.prometheus'] : []),
  ].join(', ');
  return {
    chart: 'cilium',
    header:
      `Values for the chart cilium: only metrics (${blocks}). Everything else stays as installed, hence --reuse-values. ` +
      "Lists replace yours: name your own entries of Hubble's metrics in cilium.hubbleMetrics.\n" +
      `helm upgrade cilium cilium --repo ${REPOSITORY} --version VERSION --namespace ${namespace} --reuse-values ` +
      '--values helm-values/cilium.yaml\n' +
      `kubectl --namespace ${namespace} rollout restart daemonset/cilium deployment/cilium-operator\n` +
      `VERSION is the installed version (helm list --namespace ${namespace}, column CHART); without it Helm installs the newest. ` +
      'Agents read their settings at startup, and this chart does not restart them.\n' +
      HOST_ROUTING,
    values: {
      prometheus: health ? agentMetrics(config, byJob) : undefined,
      operator: health ? { prometheus: { enabled: true, port: OPERATOR_PORT, serviceMonitor: byJob } } : undefined,
      envoy: health ? { prometheus: { serviceMonitor: byJob } } : undefined,
      hubble: flows
        ? {
            enabled: true,
            metrics: {
              port: because('Scraped by the job cilium-hubble.', config.cilium.hubblePort),
              enableOpenMetrics: openMetrics(config),
              enabled: because('This list replaces yours.', metrics(config)),
              serviceMonitor: noServiceMonitor,
            },
          }
        : undefined,
    },
  };
}
