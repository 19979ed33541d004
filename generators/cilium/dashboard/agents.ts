import { graph } from '../../panels/needs.ts';
import { COLOURS, overTime } from '../../panels/shared.ts';
import { labelReplace, not, promql } from '../../promql/index.ts';
import { metric } from '../names.ts';
import { type CiliumPanel, PER_SECOND, type Series, topByNode } from './panel.ts';

const { good, bad } = COLOURS;

/** What the agents do. */
export const agentPanels = ({ of, all, byNode, maxByNode, gauge, orNone, onNode }: Series): readonly CiliumPanel[] => {
  // Its ID begins with the modules that it is a part of.
  const reconciler = labelReplace(of('reconcilerErrors'), 'reconciler', '$1', 'module_id', '(?:.*[.])?([^.]+)');
  const degraded = promql`${gauge(metric('cilium_hive_degraded_status', onNode), 'module')} > 0`;
  return [
    graph('reconciler-errors', {
      title: 'Not in the datapath, by reconciler',
      description:
        'Objects that a reconciler fails to bring into the datapath: the ten nodes and reconcilers with the most. The name of the reconciler says what: ' +
        'loadbalancer-reconciler are Services.',
      targets: [topByNode(reconciler, '{{host}} {{reconciler}}')],
      unit: 'none',
    }),
    graph('degraded-modules', {
      title: 'Degraded parts of agents',
      description:
        'Agents on which a part says that it is degraded, by part. Off in Cilium by default: the generated values turn it on.',
      targets: [overTime(promql`topk(10, count by (module) (${degraded}))`, '{{module}}'), ...orNone(degraded)],
      unit: 'none',
    }),
    graph('regenerations', {
      title: 'Endpoint regenerations',
      description:
        'How often the eBPF programs of pods are made again, by outcome: with each change of a policy, an identity or the configuration.',
      targets: [overTime(promql`sum by (outcome) (${of('regenerations')})`, '{{outcome}}')],
      unit: PER_SECOND,
      colours: { success: good, fail: bad },
    }),
    graph('regeneration-seconds', {
      title: 'Time of a regeneration',
      description: 'Half and 99 of 100 regenerations take at most this long, in the slowest cluster.',
      targets: [overTime(promql`max by (quantile) (${all('regenerationSeconds')})`, '{{quantile}}')],
      unit: 's',
    }),
    graph('policies', {
      title: 'Imported policies',
      description: 'Changes of policies by outcome. One that fails (fail, before 1.18 also failure) is not enforced.',
      targets: [overTime(promql`sum by (outcome) (${of('policyChanges')})`, '{{outcome}}')],
      unit: PER_SECOND,
      colours: { success: good, fail: bad, failure: bad },
    }),
    graph('endpoints', {
      title: 'Endpoints, identities, policies',
      description:
        'Endpoints of all agents, and the most identities and policies that one agent knows. Identities grow with combinations of labels: each takes room in the maps of policies.',
      targets: [
        overTime(promql`sum(${maxByNode(metric('cilium_endpoint', onNode))})`, 'endpoints'),
        overTime(promql`max(${byNode(gauge(metric('cilium_identity', onNode), 'type'))})`, 'identities'),
        overTime(promql`max(${metric('cilium_policy', onNode)})`, 'policies'),
      ],
      unit: 'short',
    }),
    graph(
      'controllers-failing',
      {
        title: 'Failing controllers',
        description:
          'Controllers of an agent whose last run failed: the ten agents with the most. cilium-dbg status --all-controllers names them.',
        targets: [topByNode(maxByNode(metric('cilium_controllers_failing', onNode)))],
        unit: 'none',
      },
      { width: 24 },
    ),
  ];
};

/** How long agents wait for others. */
export const requestPanels = ({ of, all, orNone }: Series): readonly CiliumPanel[] => [
  graph('client-seconds', {
    title: 'Slowest 1 % of requests to the API server',
    description: 'One in a hundred answers to an agent takes this long or longer, by method.',
    targets: [overTime(promql`max by (method) (${all('clientSeconds', { quantile: '0.99' })})`, '{{method}}')],
    unit: 's',
  }),
  graph('client-wait', {
    title: 'Wait for the own limit',
    description:
      'How long requests of an agent to the API server wait for the limit that the agent sets itself: the ten agents with the longest wait.',
    targets: [topByNode(of('clientWait'))],
    unit: 's',
  }),
  graph('limiter-wait', {
    title: "Wait for the agent's API",
    description:
      "How long calls of an agent's API wait for its limit, such as endpoint-create for a new pod: the ten longest.",
    targets: [topByNode(of('limiterWait'), '{{host}} {{api_call}}'), ...orNone(of('limiterWait'), 'no calls')],
    unit: 's',
  }),
  graph('limiter-refused', {
    title: "Refused by the agent's API",
    description:
      'Calls that waited as long as they may, were cancelled or failed, by outcome. The kubelet tries to start such a pod again.',
    targets: [
      overTime(
        promql`topk(10, sum by (api_call, outcome) (${of('limiterRequests', { outcome: not('success') })}))`,
        '{{api_call}} {{outcome}}',
      ),
      ...orNone(of('limiterRequests', { outcome: not('success') })),
    ],
    unit: PER_SECOND,
  }),
  graph(
    'kvstore-seconds',
    {
      title: 'Slowest 1 % of operations on the kvstore',
      description:
        'One in a hundred operations on etcd takes this long or longer. Only with a cluster mesh, or identities in a kvstore.',
      targets: [
        overTime(promql`max by (action) (${all('kvstoreSeconds', { quantile: '0.99' })})`, '{{action}}'),
        ...orNone(all('kvstoreSeconds'), 'no kvstore'),
      ],
      unit: 's',
    },
    { width: 24 },
  ),
];
