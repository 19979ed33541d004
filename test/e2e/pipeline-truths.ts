import { groupBy } from '../../bench/group.ts';
import { type Connection, hasVeth, type Pod, workloadTypeOf } from '../../bench/model.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const none: Answer = { all: [] };
const says = (label: string): Answer => ({ all: [{ labels: { [label]: 'none' }, value: 1 }] });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What Prometheus says of its groups in the synthetic cluster: seconds of an evaluation, and its interval. */
const RULES = {
  groups: [
    'azimuth-identity',
    'azimuth-network-flows',
    'azimuth-ena-allowances',
    'azimuth-dns-servers',
    'azimuth-flow-agents',
  ],
  load: 0.4 / 60,
};

/** A pod at the end of a connection that Hubble sees at its interface. */
const podAt = (end: Connection['client']): Pod | undefined =>
  end.kind === 'pod' && hasVeth(end) ? end.pod : undefined;

/** Every panel of flow-pipeline with the truth for each of its queries, from the cluster and from what its exporters write. */
export function flowPipelineTruths(stack: Stack): Readonly<Record<string, readonly Answer[]>> {
  const { cluster, truth, source } = stack;
  const agents = cluster.pods.filter(({ workload }) => workload.name === 'retina-agent');
  const containerOf = ({ uid }: Pod) => {
    const [container] = cluster.usage?.get(uid)?.containers ?? [];
    if (container === undefined) throw new Error(`nobody knows what ${uid} uses`);
    return container;
  };
  const labelsOf = ({ node }: Pod) => ({ cluster: cluster.name, source, agent: 'retina-agent', node });
  // Legends show the node without its domain.
  const host = (node: string) => ({ host: node.split('.')[0] ?? '' });
  const ofAgents = (value: (pod: Pod) => number): Answer => ({
    all: agents.map((pod) => ({ labels: labelsOf(pod), value: value(pod) })),
    limit: 50,
  });
  const most = (value: (pod: Pod) => number): Answer => ({
    all: agents.map((pod) => ({ labels: { ...labelsOf(pod), ...host(pod.node) }, value: value(pod) })),
    limit: 10,
  });
  const series = ({ node }: Pod): number => stack.agentSeries(node);
  const cpu = (pod: Pod): number => containerOf(pod).cpu;
  const memory = (pod: Pod): number => containerOf(pod).workingSet;
  const throttled = (pod: Pod): number => containerOf(pod).throttled ?? 0;
  const total = (value: (pod: Pod) => number): number => sum(agents.map(value));

  const workloadOf = (pod: Pod) => ({
    cluster: cluster.name,
    namespace: pod.namespace,
    workload: pod.workload.name,
  });
  const grouped = (items: readonly Expected[]): readonly Expected[] =>
    [...groupBy(items, ({ labels }) => JSON.stringify(labels)).values()].flatMap((same) =>
      same[0] === undefined ? [] : [{ labels: same[0].labels, value: sum(same.map(({ value }) => value)) }],
    );
  const troubled = cluster.connections.flatMap((connection) =>
    connection.trouble === undefined ? [] : [{ ...connection, trouble: connection.trouble }],
  );
  // Nodes drop what reaches them: nothing outside of the cluster is observed.
  const drops = troubled.flatMap(({ client, server, trouble: { dropped } }) =>
    dropped === undefined || server.kind === 'external' ? [] : [{ pod: podAt(client) ?? podAt(server), ...dropped }],
  );
  // At the interface of the pod that sends it, and again where it leaves for the other end: a second interface, or the network card.
  const resets = troubled.flatMap(({ server, trouble }) => {
    const pod = podAt(server);
    return pod === undefined
      ? []
      : [
          {
            labels: { ...workloadOf(pod), workload_type: workloadTypeOf(pod), source },
            value: 2 * (trouble.resets ?? 0),
          },
        ];
  });
  const shares = Object.entries(truth.unattributed).map(([reason, rate]) => ({
    labels: { reason },
    value: rate / truth.total,
  }));
  const gaps = shares.filter(({ labels: { reason } }) => reason !== 'outside' && reason !== 'no_peer');
  const lost = agents.map(({ node }) => ({
    labels: { cluster: cluster.name, source, instance: node, ...host(node) },
    value: 0,
  }));
  return {
    coverage: [number(1)],
    'agents-down': [number(0)],
    'events-lost': [number(0)],
    throttled: [number(Math.max(...agents.map(throttled)))],
    series: [number(total(series))],
    churn: [number(0)],
    rules: [number(RULES.load)],
    unattributed: [number(sum(gaps.map(({ value }) => value)))],
    'firing-alerts': [none, says('alertname')],
    'nodes-without-agent': [none, says('node')],
    agents: [
      ofAgents(() => 1),
      ofAgents(series),
      ofAgents(() => 0),
      ofAgents(cpu),
      ofAgents(throttled),
      ofAgents(memory),
    ],
    covered: [{ all: [{ labels: { cluster: cluster.name, source, agent: 'retina-agent' }, value: 1 }] }],
    'lost-by-cause': [
      {
        all: ['perf_event_ring_buffer', 'observer_events_queue'].map((type) => ({
          labels: { source, type },
          value: 0,
        })),
      },
    ],
    'lost-by-agent': [{ all: lost, limit: 10 }],
    'cost-cpu': [number(total(cpu))],
    'cost-memory': [number(total(memory))],
    'cost-node': [number(total(cpu) / agents.length)],
    'cost-rules': [number(RULES.groups.length * RULES.load)],
    cpu: [most(cpu)],
    throttling: [most(throttled)],
    memory: [most(memory)],
    'series-by-agent': [most(series)],
    'new-series': [most(() => 0)],
    'rule-load': [
      {
        all: RULES.groups.map((name) => ({
          labels: {
            cluster: cluster.name,
            instance: 'prometheus-0:9090',
            rule_group: `/etc/prometheus/rules/azimuth.yaml;${name}`,
            name,
          },
          value: RULES.load,
        })),
        limit: 10,
      },
    ],
    'rule-misses': [number(0), number(0)],
    'drops-by-reason': [{ all: grouped(drops.map(({ reason, rate }) => ({ labels: { reason }, value: rate }))) }],
    'drops-by-workload': [
      {
        all: grouped(
          drops.flatMap(({ pod, rate }) => (pod === undefined ? [] : [{ labels: workloadOf(pod), value: rate }])),
        ),
        limit: 10,
      },
    ],
    resets: [{ all: grouped(resets), limit: 10 }],
    'unattributed-by-reason': [{ all: shares.filter(({ value }) => value > 0) }],
    conservation: [{ all: [{ labels: { cluster: cluster.name }, value: -0.001, upTo: 0.001 }] }],
    'counted-twice': [{ all: [{ labels: { cluster: cluster.name }, value: 1 }] }],
  };
}
