import { ALLOWANCE_KINDS, type MetricFamily, type Node } from '../model.ts';
import { constant, family, growing, type Sample } from './family.ts';

/** A statistic of the driver: the agent makes a gauge of each, whatever it is. */
const gauge = (statistic: string, samples: readonly Sample[]): MetricFamily =>
  family(`ethtool_${statistic}`, 'gauge', `Statistic ${statistic} of the driver.`, samples);

/**
 * What the CloudWatch agent on a node writes under our configuration: `ethtool_<statistic>{interface,driver,node}` for each statistic that
 * the configuration names. Cluster and job, which the configuration appends too, are those of the target.
 * Upstream: aws/amazon-cloudwatch-agent, receiver/adapter/accumulator/metrics.go.
 */
export function cloudWatchAgentFamilies({ name, interfaces }: Node): MetricFamily[] {
  const labels = (device: string) => ({ interface: device, driver: 'ena', node: name });
  return [
    ...ALLOWANCE_KINDS.map((kind) =>
      gauge(
        `${kind}_allowance_exceeded`,
        interfaces.map(({ device, exceeded }) => growing(labels(device), exceeded[kind])),
      ),
    ),
    gauge(
      'conntrack_allowance_available',
      interfaces.map(({ device, conntrackAvailable }) => constant(labels(device), conntrackAvailable)),
    ),
  ];
}
