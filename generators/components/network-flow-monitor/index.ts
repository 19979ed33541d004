import { COUNTERS, type EthtoolExporter } from '../../allowances/index.ts';
import { because } from '../../model/tree.ts';
import { selector, selectorOfAny } from '../../promql/index.ts';
import { isExporter } from '../../shared/exporters.ts';
import { fixedPort, instance, node, scrapeJob } from '../../shared/scrape.ts';
import { component } from '../contract.ts';
import { READS, SETTINGS } from './settings.ts';
import { AGENT, networkFlowMonitorValues } from './values.ts';

const ID = 'network-flow-monitor';

/**
 * The agent of CloudWatch Network Flow Monitor: one gauge per allowance without a prefix, with the ID of the interface in the label `eni`.
 * A scrape reads the driver, subtracts what the scrape before read, whoever made it, and forgets the rest. It reads the gauge of available
 * connections too, but does not export it.
 * Upstream: aws/network-flow-monitor-agent, open_metrics/providers/system_metrics_provider.rs and events/host_stats_provider.rs.
 */
const agent: EthtoolExporter = {
  id: ID,
  job: ID,
  counts: 'delta',
  interfaceLabel: 'eni',
  labels: [],
  usesInterfaceIds: true,
  agents: [{ name: AGENT, pods: `${AGENT}-.*`, jobs: [ID], onEveryNode: true }],
  exceeded: (allowance) => selector(`${allowance}_allowance_exceeded`),
  anyExceeded: () => selectorOfAny(COUNTERS),
};

/** The agent of CloudWatch Network Flow Monitor, an EKS add-on, as the exporter of ENA counters. */
export const networkFlowMonitor = component({
  id: ID,
  settings: SETTINGS,
  reads: READS,
  enabled: (config) => isExporter(config, ID),
  exports: { '*_allowance_exceeded': 'the agents of Network Flow Monitor' },
  exporters: { [ID]: agent },
  hostPorts: ({ networkFlowMonitor: { port } }) => [
    { port, owner: 'networkFlowMonitor.port', setting: 'networkFlowMonitor.port' },
  ],
  warnings: () => [
    {
      kind: 'doubtful',
      settings: ['ethtool.exporter'],
      reason:
        'each scrape of network-flow-monitor takes what came since the scrape before, so one Prometheus or collector only may scrape it: a second, ' +
        'such as a replica, leaves each a part',
    },
  ],
  helmValues: (config) => [networkFlowMonitorValues(config)],
  scrapeJobs: (config) => [
    scrapeJob(config, ID, {
      label: `name=${AGENT}`,
      namespace: config.networkFlowMonitor.namespace,
      steps: [
        ...fixedPort(config.networkFlowMonitor.port, 'Older charts do not declare the port.'),
        because('The same as the label of the agent, which Prometheus keeps as exported_node.', node),
        instance,
      ],
    }),
  ],
});
