import { ALLOWANCE_KINDS, type AllowanceKind, zoneOfNode } from '../../bench/model.ts';
import { alertTruths } from '../../bench/truth.ts';
import { LOW_NODE } from './low-node.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

const SHOWN = ['conntrack', 'linklocal', 'pps', 'bw_in', 'bw_out'] as const;
const none: Answer = { all: [] };

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How long the test has run, in seconds: at least a window, at most some minutes. */
const ELAPSED = { value: 8, upTo: 600 };

/** Every panel of node-allowances with the truth for each of its queries. */
export function nodeAllowancesTruths(stack: Stack): Readonly<Record<string, readonly Answer[]>> {
  const { cluster } = stack;
  const place = (node: string, device?: string) => ({
    cluster: cluster.name,
    instance: node,
    node,
    ...(device !== undefined && { device }),
  });
  const row = (node: string) => ({ cluster: cluster.name, instance: node });
  const interfaces = (kind: AllowanceKind): readonly Expected[] =>
    cluster.nodes.flatMap(({ name, interfaces: cards }) =>
      cards.map(({ device, exceeded }) => ({ labels: place(name, device), value: exceeded[kind] })),
    );
  const over = (kind: AllowanceKind) => interfaces(kind).filter(({ value }) => value > 0);
  const nodesOf = (all: readonly Expected[]) => [...new Set(all.map(({ labels }) => labels['instance'] ?? ''))];
  const limited = nodesOf(ALLOWANCE_KINDS.flatMap(over));
  const headroom: readonly Expected[] = [
    ...cluster.nodes.map(({ name }) => ({ labels: place(name), value: 1 })),
    { labels: place(LOW_NODE.node), value: LOW_NODE.left / LOW_NODE.most },
  ];
  // Legends show the node without its domain.
  const named = ({ labels, value }: Expected): Expected => ({
    labels: { ...labels, host: (labels['instance'] ?? '').split('.')[0] ?? '' },
    value,
  });
  const byNode = (nodes: readonly string[], one: Omit<Expected, 'labels'>): Answer => ({
    all: nodes.map((node) => ({ labels: row(node), ...one })),
  });
  // Only drops of connections are critical here; the test has no escalations.
  const states: Readonly<Record<AllowanceKind, readonly Expected[]>> = {
    conntrack: [
      ...nodesOf(over('conntrack')).map((node) => ({ labels: row(node), value: 3 })),
      { labels: row(LOW_NODE.node), value: 2 },
    ],
    linklocal: byNode(nodesOf(over('linklocal')), { value: 2 }).all,
    pps: byNode(nodesOf(over('pps')), { value: 2 }).all,
    bw_in: byNode(nodesOf(over('bw_in')), { value: 2 }).all,
    bw_out: byNode(nodesOf(over('bw_out')), { value: 2 }).all,
  };
  const worst = new Map<string, number>();
  for (const { labels, value } of SHOWN.flatMap((kind) => states[kind])) {
    worst.set(labels['instance'] ?? '', Math.max(value, worst.get(labels['instance'] ?? '') ?? 0));
  }
  const described = cluster.nodes.filter(({ name }) => limited.includes(name));
  const places: readonly Answer[] = [
    {
      all: described.flatMap(({ name, instanceType = '' }) =>
        instanceType === ''
          ? []
          : [{ labels: { ...row(name), label_node_kubernetes_io_instance_type: instanceType }, value: 1 }],
      ),
    },
    { all: described.map((node) => ({ labels: { ...row(node.name), zone: zoneOfNode(node) }, value: 1 })) },
  ];
  const worstInterface = described.flatMap(({ name, interfaces: cards }) => {
    const totals = cards.map(({ device, exceeded }) => ({
      labels: { ...row(name), device },
      value: sum(ALLOWANCE_KINDS.map((kind) => exceeded[kind])),
    }));
    return totals.toSorted((a, b) => b.value - a.value).slice(0, 1);
  });
  const fired = alertTruths(cluster).map(({ labels }) => ({
    labels: {
      ...row(labels['instance'] ?? ''),
      alertname: labels['alertname'] ?? '',
      device: labels['device'] ?? '',
    },
    value: labels['severity'] === 'critical' ? 3 : 2,
  }));
  return {
    limited: [number(limited.length)],
    ...Object.fromEntries(
      ALLOWANCE_KINDS.map((kind) => [kind.replace('_', '-'), [number(nodesOf(over(kind)).length)]]),
    ),
    reporting: [number(cluster.nodes.length)],
    silent: [number(0)],
    'limited-nodes': [
      { all: [...worst].map(([node, value]) => ({ labels: row(node), value })) },
      ...SHOWN.map((kind) => ({ all: states[kind] })),
      byNode([...limited, LOW_NODE.node], ELAPSED),
      byNode(limited, ELAPSED),
      { all: worstInterface },
      ...places,
      none,
    ],
    ...talkerTruths(stack, limited),
    'worst-interfaces': [
      ...SHOWN.map((kind) => ({
        all: over(kind).map(({ labels: { node: _node, ...labels }, value }) => ({ labels, value })),
      })),
      none,
    ],
    'firing-alerts': [
      { all: [...fired, { labels: { ...row(LOW_NODE.node), alertname: 'ConntrackAllowanceLow' }, value: 2 }] },
      none,
    ],
    ...Object.fromEntries(
      ALLOWANCE_KINDS.map((kind) => [
        `${kind.replace('_', '-')}-by-node`,
        [{ all: over(kind).map(named), limit: 10 }, number(0)],
      ]),
    ),
    'conntrack-headroom-by-node': [{ all: headroom.map(named), limit: 10, bottom: true }],
    'conntrack-headroom': [number(LOW_NODE.left / LOW_NODE.most)],
    'conntrack-available': [number(LOW_NODE.left)],
    'conntrack-nodes': [
      {
        all: headroom.map(({ labels, value }) => ({ labels: row(labels['instance'] ?? ''), value })),
        limit: 10,
        bottom: true,
      },
      { all: tracked(stack, 'left') },
      { all: tracked(stack, 'most') },
    ],
    'limited-week': [byNode(limited, ELAPSED), ...places, none],
  };
}

/** Connections that each node can still track, and the most that it could: the interface with the fewest tells, where none moves. */
function tracked({ cluster }: Stack, which: 'left' | 'most'): readonly Expected[] {
  return [
    ...cluster.nodes.map(({ name, interfaces }) => ({
      labels: { cluster: cluster.name, instance: name },
      value: Math.min(...interfaces.map(({ conntrackAvailable }) => conntrackAvailable)),
    })),
    { labels: { cluster: cluster.name, instance: LOW_NODE.node }, value: LOW_NODE[which] },
  ];
}

/** The pods with the most traffic on these nodes: three of each by flows, three by what they receive and send. */
function talkerTruths(
  { cluster, truth }: Stack,
  nodes: readonly string[],
): Readonly<Record<string, readonly Answer[]>> {
  const pods = cluster.pods
    .filter(({ node }) => nodes.includes(node))
    .map((pod) => {
      const flows = sum(
        truth.podPairs.flatMap(({ source, destination, rate }) =>
          [source, destination].flatMap((end) =>
            end.namespace === pod.namespace && end.pod === pod.name ? [rate] : [],
          ),
        ),
      );
      const usage = pod.hostNetwork ? undefined : cluster.usage?.get(pod.uid);
      return { pod, flows, receive: usage?.receive, transmit: usage?.transmit };
    });
  type Talker = (typeof pods)[number];
  const both = ({ receive = 0, transmit = 0 }: Talker): number => receive + transmit;
  const most = (measure: (one: Talker) => number): readonly Talker[] =>
    nodes.flatMap((node) =>
      pods
        .filter((one) => one.pod.node === node && measure(one) > 0)
        .toSorted((a, b) => measure(b) - measure(a))
        .slice(0, 3),
    );
  const shown = [...new Set([...most(({ flows }) => flows), ...most(both)])];
  const labels = ({ pod }: Talker) => ({
    cluster: cluster.name,
    node: pod.node,
    namespace: pod.namespace,
    workload: pod.workload.name,
    pod: pod.name,
  });
  const answer = (measure: (one: Talker) => number | undefined): Answer => ({
    all: shown.flatMap((one) => {
      const value = measure(one) ?? 0;
      return value === 0 ? [] : [{ labels: labels(one), value }];
    }),
  });
  return {
    talkers: [answer(({ flows }) => flows), answer(({ receive }) => receive), answer(({ transmit }) => transmit), none],
    'talkers-over-time': [
      {
        all: pods.flatMap((one) =>
          both(one) === 0
            ? []
            : [{ labels: { ...labels(one), host: one.pod.node.split('.')[0] ?? '' }, value: both(one) }],
        ),
        limit: 10,
      },
    ],
  };
}
