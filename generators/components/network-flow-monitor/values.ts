import type { HelmValues } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import type { NetworkFlowMonitorConfig } from './settings.ts';

/** The EKS add-on. */
const ADD_ON = 'aws-network-flow-monitoring-agent';
/** Its DaemonSet, which the add-on cannot rename: the value of the label `name` on its pods. Also the name of the chart. */
export const AGENT = 'aws-network-flow-monitor-agent';

/**
 * Values that make the agent serve metrics: for the EKS add-on, and for the chart that it is made of, which is in no repository.
 * Upstream: aws/network-flow-monitor-agent, charts/amazon-network-flow-monitor-agent, values.yaml and templates/daemonSet.yaml.
 */
export const networkFlowMonitorValues = ({ cluster, networkFlowMonitor }: NetworkFlowMonitorConfig): HelmValues => ({
  chart: AGENT,
  addOn: ADD_ON,
  header:
    `Configuration values of the EKS add-on ${ADD_ON}, v1.1.0-eksbuild.1 or newer, whose agent then serves the ENA counters to Prometheus. ` +
    'It replaces the configuration that the add-on has: add your own values here. CLUSTER is the name of the EKS cluster ' +
    `(here: ${cluster.name}), and create-addon installs it.\n` +
    `aws eks update-addon --cluster-name CLUSTER --addon-name ${ADD_ON} --configuration-values file://helm-values/${AGENT}.yaml\n` +
    `Without the add-on, the same values fit the chart in AWS's repository network-flow-monitor-agent, charts/amazon-network-flow-monitor-agent; namespace ${networkFlowMonitor.namespace}.`,
  values: {
    env: {
      OPEN_METRICS: because('Off by default.', 'on'),
      OPEN_METRICS_ADDRESS: because('Prometheus reaches it over the network of the node.', '0.0.0.0'),
      OPEN_METRICS_PORT: networkFlowMonitor.port,
    },
  },
});
