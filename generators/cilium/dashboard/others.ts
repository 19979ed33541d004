import type { Panel } from '../../model/dashboard.ts';
import { graph } from '../../panels/needs.ts';
import { COLOURS, overTime, rows } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { aggregate, copied, duration, either, labels, promql, type Query, withLabel } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { metric, nodeLabels } from '../names.ts';
import { type CiliumHealthConfig, ENVOY_JOB } from '../settings.ts';
import { type CiliumPanel, PER_SECOND, type Series } from './panel.ts';

const { good, attention, bad } = COLOURS;

/** CiliumEndpointSlices. */
export const slicePanels = ({ all }: Series): readonly CiliumPanel[] => [
  graph(
    'slice-seconds',
    {
      title: 'Wait of a slice in the queue',
      description:
        'Half and 99 of 100 changed slices wait at most this long in the queue of the operator. So much later other nodes know a new pod.',
      targets: [overTime(promql`max by (quantile) (${all('sliceDelay')})`, '{{quantile}}')],
      unit: 's',
    },
    { needs: ['slices'] },
  ),
  graph(
    'slice-syncs',
    {
      title: 'Written slices',
      description: 'Slices that the operator writes to the API server, by outcome, and endpoints in each on average.',
      targets: [
        overTime(promql`sum by (outcome) (${all('sliceSyncs')})`, '{{outcome}} /s'),
        overTime(promql`avg(${all('sliceSize')})`, 'endpoints in a slice'),
      ],
      unit: 'short',
      colours: { 'fail /s': bad },
    },
    { needs: ['slices'] },
  ),
];

/** Events that Hubble lost, and the L7 proxy. */
export function proxyPanels(config: CiliumHealthConfig, { of, onNode, orNone }: Series): readonly CiliumPanel[] {
  const envoy = (name: 'envoy_cluster_upstream_rq_xx' | 'envoy_cluster_upstream_cx_connect_fail'): Query =>
    promql`rate(${metric(name, { ...onNode, job: ENVOY_JOB })}[${duration(config.rules.window)}])`;
  return [
    graph(
      'hubble-lost',
      {
        title: 'Lost events of Hubble',
        description:
          'Events that Hubble lost, by where: perf_event_ring_buffer (the agent reads too slowly), observer_events_queue (a burst), hubble_ring_buffer (a client of its API ' +
          'reads too slowly; counters are not affected).',
        targets: [overTime(promql`sum by (source) (${of('hubbleLost')})`, '{{source}}'), ...orNone(of('hubbleLost'))],
        unit: PER_SECOND,
      },
      { needs: ['hubble'] },
    ),
    graph('envoy-responses', {
      title: 'Envoy: answers and failed connections',
      description:
        "Answers that Cilium's Envoy proxies get from upstream, by class of their code, and connections that it could not make. Only traffic that a policy or Ingress sends " +
        'through the L7 proxy.',
      targets: [
        overTime(
          promql`sum by (envoy_response_code_class) (${envoy('envoy_cluster_upstream_rq_xx')})`,
          '{{envoy_response_code_class}}xx',
        ),
        overTime(promql`sum(${envoy('envoy_cluster_upstream_cx_connect_fail')})`, 'failed connections'),
        ...orNone(metric('envoy_cluster_upstream_rq_xx', { ...onNode, job: ENVOY_JOB }), 'no Envoy'),
      ],
      unit: PER_SECOND,
      colours: { '2xx': good, '4xx': attention, '5xx': bad, 'failed connections': bad },
    }),
  ];
}

const FEATURE = 'cilium_feature_adv_connect_and_lb_';

/** What is on, with the number of nodes that say so. */
function featureTable(config: CiliumHealthConfig, { onNode }: Series): Panel {
  type Name = Parameters<typeof metric>[0];
  const nodes = (feature: string, name: Name, mode?: string): Query => {
    const by = [...nodeLabels(config), ...(mode === undefined ? [] : [mode])];
    const on = promql`${aggregate('max', by, metric(name, onNode))} == 1`;
    const named = mode === undefined || mode === 'mode' ? on : copied(on, { [mode]: 'mode' });
    return withLabel(
      promql`count by (${labels(...clusterLabels(config), ...(mode === undefined ? [] : ['mode']))}) (${named})`,
      'feature',
      feature,
    );
  };
  const features = either(
    nodes('Network', 'cilium_feature_datapath_network', 'mode'),
    nodes('Device of pods', 'cilium_feature_datapath_config', 'mode'),
    nodes('Pod addresses', 'cilium_feature_controlplane_ipam', 'mode'),
    nodes('kube-proxy replacement', `${FEATURE}kube_proxy_replacement_enabled`),
    nodes('Bandwidth manager', `${FEATURE}bandwidth_manager_enabled`),
    nodes('BIG TCP', `${FEATURE}big_tcp_enabled`, 'address_family'),
    nodes('Encryption', `${FEATURE}transparent_encryption`, 'mode'),
    nodes('CiliumEndpointSlices', 'cilium_feature_controlplane_cilium_endpoint_slices_enabled'),
  );
  return table({
    title: 'What is on',
    description:
      'Features and modes with the number of nodes whose agent says that they are on; fewer nodes than there are mean that a change has not reached all agents. From Cilium 1.17.',
    targets: [rows(features)],
    columns: [
      ...clusterColumn(config),
      { field: 'feature', title: 'Feature' },
      { field: 'mode', title: 'Mode' },
      { field: 'Value', title: 'Nodes', unit: 'none', decimals: 0, width: 120 },
    ],
    noValue: 'no data',
  });
}

/** The features. */
export const featurePanels = (config: CiliumHealthConfig, series: Series): readonly CiliumPanel[] => [
  { key: 'features', width: 24, height: 9, panel: () => featureTable(config, series) },
];
