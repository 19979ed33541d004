import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { seriesText, testRules, type InputSeries } from '../support/rule-test.ts';
import { PIPELINE } from './pipeline-input.ts';
import { kubeStateMetrics, type NodeSpec } from './scenario.ts';

describe('ZoneInvalid', () => {
  /** What OBI reports of pods that kube-state-metrics does not know, on nodes with these zones. */
  const seen = (source: string, destination: string, cluster = 'one'): InputSeries => ({
    series: seriesText('obi_network_flow_bytes_total', {
      cluster,
      obi_ip: '10.0.0.1',
      k8s_src_namespace: 'shop',
      k8s_src_name: `on-${source}`,
      k8s_src_type: 'Pod',
      src_zone: source,
      k8s_dst_namespace: 'shop',
      k8s_dst_name: `on-${destination}`,
      k8s_dst_type: 'Pod',
      dst_zone: destination,
    }),
    values: '0+60x60',
  });

  test('names what nodes have and what the source reports, once each, with their number', async () => {
    const generated = generate({
      cloud: { provider: 'azure' },
      flows: { source: 'obi' },
      alerts: { ZoneInvalid: { for: '5m' } },
    });
    const nodes: NodeSpec[] = [
      { name: 'n-0', label: '0' },
      { name: 'n-1', label: '0' },
      { name: 'n-2', label: '1' },
      { name: 'zonal', label: 'westeurope-1' },
      { name: 'n-3', label: '4', cluster: 'two' },
    ];
    const fires = (cluster: string, name: string, count: number) => ({
      exp_labels: { cluster, zone: name, severity: 'info' },
      exp_annotations: {
        summary: 'A zone is refused, so traffic of its nodes has no known zone.',
        description:
          `Cluster ${cluster}: ${count} nodes or ends of traffic have the zone "${name}", which is a fault domain of Azure. ` +
          'Their traffic counts as unknown, for the reason invalid_zone. First: see which nodes these are; if the value ' +
          'is a zone after all, change zones.valid.',
        runbook_url: 'docs/runbooks/ZoneInvalid.md',
        dashboard_url: `/d/zone-traffic?from=now-3h&to=now&var-cluster=${cluster}`,
      },
    });
    await testRules(
      [generated.file(RULES.zoneTraffic), generated.file(PIPELINE)],
      [
        {
          name: 'alert',
          interval: '30s',
          input_series: [...kubeStateMetrics(nodes, [], 2), seen('0', '7'), seen('westeurope-1', '7'), seen('', '8')],
          alert_rule_test: [
            {
              alertname: 'ZoneInvalid',
              eval_time: '20m',
              exp_alerts: [
                fires('one', '0', 2),
                fires('one', '1', 1),
                fires('one', '7', 1),
                fires('one', '8', 1),
                fires('two', '4', 1),
              ],
            },
          ],
        },
      ],
    );
  });
});
