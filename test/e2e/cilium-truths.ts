import { type CiliumAgent, type Timed } from '../../bench/model/cilium.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

/** Bounds of the buckets of Prometheus' client library. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The quantile that these buckets tell of parts that are spread evenly from 0 to twice their mean. */
function quantile(q: number, parts: readonly Timed[]): number {
  const all = parts.reduce((sum, { rate }) => sum + rate, 0);
  const upTo = (bound: number) =>
    parts.reduce((sum, { rate, mean }) => sum + (rate / all) * Math.min(1, bound / (2 * mean)), 0);
  let lower = 0;
  for (const bound of BOUNDS) {
    if (upTo(bound) >= q) return lower + ((q - upTo(lower)) / (upTo(bound) - upTo(lower))) * (bound - lower);
    lower = bound;
  }
  throw new RangeError('above the last bucket');
}

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const none: Answer = { all: [] };
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The same with more labels. */
const named = ({ all, ...rest }: Answer, more: (labels: Expected['labels']) => Expected['labels']): Answer => ({
  ...rest,
  all: all.map((one) => ({ ...one, labels: { ...one.labels, ...more(one.labels) } })),
});

/** Reasons that a healthy cluster has as well. */
const isExpected = (reason: string): boolean => reason === 'Policy denied';

/** Every panel of cilium-health with the truth for each of its queries, from the state of the agents and the operator. */
export function ciliumHealthTruths({ cluster }: Stack): Readonly<Record<string, readonly Answer[]>> {
  const { cilium } = cluster;
  if (cilium === undefined) return {};
  const { eni, slices } = cilium.operator;
  if (eni === null || slices === null) throw new TypeError('the stack has no addresses or no slices');
  const agents = cluster.nodes.map((node, index) => ({ node: node.name, state: cilium.agent(node, index) }));
  const states = agents.map(({ state }) => state);
  const shortOf = (node: string): string => (/^[a-zA-Z]/.test(node) ? (node.split('.')[0] ?? node) : node);

  /** Rows of all nodes, with the labels of the cluster. */
  const rows = (of: (state: CiliumAgent, index: number) => number): Answer => ({
    all: agents.map(({ node, state }, index) => ({ labels: { cluster: cluster.name, node }, value: of(state, index) })),
    limit: 50,
  });
  /** The ten largest lines by node. */
  const lines = (of: (state: CiliumAgent, index: number) => Readonly<Record<string, number>>, label = ''): Answer => ({
    all: agents.flatMap(({ node, state }, index) =>
      Object.entries(of(state, index)).map(([key, value]): Expected => ({
        labels: { cluster: cluster.name, node, host: shortOf(node), ...(label !== '' && { [label]: key }) },
        value,
      })),
    ),
    limit: 10,
  });
  const sums = (label: string, of: (state: CiliumAgent) => Readonly<Record<string, number>>): Answer => {
    const keys = [...new Set(states.flatMap((state) => Object.keys(of(state))))];
    return {
      all: keys.map((key) => ({ labels: { [label]: key }, value: total(states.map((state) => of(state)[key] ?? 0)) })),
    };
  };
  const failing = (state: CiliumAgent) =>
    total(Object.entries(state.drops).map(([reason, rate]) => (isExpected(reason) ? 0 : rate)));
  const notApplied = (state: CiliumAgent) => total(Object.values(state.reconcilers));
  const fullest = (state: CiliumAgent) => Math.max(...Object.values(state.maps));
  // Of an ENI cluster, what the operator knows of the instance.
  const used = (index: number) => {
    const { used: taken, available } = eni.nodes(cluster.nodes[index] as never, index);
    return taken / available;
  };
  const regenerations = states.map(({ regenerations: { rate, failing: failed } }) => ({ rate, failed }));
  const count = agents.length;
  const broken = (kind: 'nodes' | 'endpoints') =>
    total(states.map(({ unreachable }) => unreachable[kind])) / (count * (count - 1));
  const quantiles = (parts: readonly Timed[]): Answer => ({
    all: [0.5, 0.99].map((q) => ({ labels: { quantile: String(q) }, value: quantile(q, parts) })),
  });
  const slowest = (label: string, of: (state: CiliumAgent) => Readonly<Record<string, Timed>>): Answer => ({
    all: [...new Set(states.flatMap((state) => Object.keys(of(state))))].map((key) => ({
      labels: { [label]: key },
      value: quantile(
        0.99,
        states.flatMap((state) => of(state)[key] ?? []),
      ),
    })),
  });
  const most = (of: (state: CiliumAgent) => number): Answer => number(Math.max(...states.map(of)));
  const { features } = cilium;
  return {
    'agents-missing': [number(0)],
    operators: [number(cilium.operator.replicas)],
    'not-in-datapath': [number(total(states.map(notApplied)))],
    'fullest-map': [most(fullest)],
    dropped: [number(total(states.map(failing)))],
    'regenerations-failing': [
      number(
        total(regenerations.map(({ failed }) => failed)) /
          total(regenerations.map(({ rate, failed }) => rate + failed)),
      ),
    ],
    'paths-broken': [number(Math.max(broken('nodes'), broken('endpoints')))],
    'addresses-used': [number(Math.max(...agents.map((_, index) => used(index))))],
    'firing-alerts': [none, { all: [{ labels: { alertname: 'none' }, value: 1 }] }],
    nodes: [
      rows(() => 1),
      rows(({ degraded }) => degraded.length),
      rows(notApplied),
      rows(fullest),
      rows(failing),
      rows((_, index) => used(index)),
      rows(({ endpoints }) => endpoints),
    ],
    'map-pressure': [lines(({ maps }) => maps, 'map_name')],
    'drops-by-reason': [{ ...sums('reason', ({ drops }) => drops), limit: 10 }],
    packets: [
      {
        all: [
          { labels: { direction: 'INGRESS' }, value: total(states.map(({ forwards }) => forwards.ingress)) },
          { labels: { direction: 'EGRESS' }, value: total(states.map(({ forwards }) => forwards.egress)) },
        ],
      },
      number(total(states.flatMap(({ drops }) => Object.values(drops)))),
    ],
    connections: [lines(({ connections }) => ({ '': connections.tcp + connections.other }))],
    'conntrack-seconds': [
      {
        all: [
          {
            labels: { family: 'ipv4' },
            value: quantile(
              0.99,
              states.map(({ connections: { gcRate, gcSeconds } }) => ({ rate: gcRate, mean: gcSeconds })),
            ),
          },
        ],
      },
    ],
    signals: [sums('signal', ({ signals }) => signals), none],
    'reconciler-errors': [
      named(
        lines(({ reconcilers }) => reconcilers, 'module_id'),
        ({ module_id: id = '' }) => ({ reconciler: id.split('.').at(-1) ?? '' }),
      ),
    ],
    'degraded-modules': [
      { ...sums('module', ({ degraded }) => Object.fromEntries(degraded.map((name) => [name, 1]))), limit: 10 },
      none,
    ],
    regenerations: [sums('outcome', ({ regenerations: { rate, failing: fail } }) => ({ success: rate, fail }))],
    'regeneration-seconds': [quantiles(states.map(({ regenerations: { rate, mean } }) => ({ rate, mean })))],
    policies: [sums('outcome', ({ policyChanges }) => ({ ...policyChanges }))],
    endpoints: [
      number(total(states.map(({ endpoints }) => endpoints))),
      // Ten more are reserved.
      most(({ identities }) => identities + 10),
      most(({ policies }) => policies),
    ],
    'controllers-failing': [lines(({ controllersFailing }) => ({ '': controllersFailing }))],
    'client-seconds': [slowest('method', ({ requests }) => requests)],
    'client-wait': [lines(({ clientWait }) => ({ '': clientWait }))],
    'limiter-wait': [
      lines(
        ({ calls }) => Object.fromEntries(Object.entries(calls).map(([call, { mean }]) => [call, mean])),
        'api_call',
      ),
      none,
    ],
    'limiter-refused': [
      {
        all: Object.keys(states[0]?.calls ?? {}).map((api_call) => ({
          labels: { api_call, outcome: 'fail-limit-wait' },
          value: total(states.map(({ calls }) => calls[api_call]?.refused ?? 0)),
        })),
        limit: 10,
      },
      none,
    ],
    'kvstore-seconds': [slowest('action', ({ kvstore }) => kvstore), none],
    'addresses-by-node': [
      {
        all: agents.map(({ node }, index) => ({
          labels: { cluster: cluster.name, node, host: shortOf(node), family: 'ipv4' },
          value: used(index),
        })),
        limit: 10,
      },
    ],
    'subnet-addresses': [
      {
        all: eni.subnets.map(({ id, zone, available }) => ({
          labels: { subnet_id: id, availability_zone: zone },
          value: available,
        })),
        limit: 10,
        bottom: true,
      },
    ],
    'addresses-needed': [
      {
        all: cluster.nodes.map((node, index) => ({
          labels: { target_node: node.name },
          value: eni.nodes(node, index).needed,
        })),
        limit: 10,
      },
    ],
    unreachable: [lines(({ unreachable: { nodes, endpoints } }) => ({ node: nodes, endpoint: endpoints }), 'kind')],
    'slice-seconds': [quantiles([{ rate: slices.syncs, mean: slices.wait }])],
    'slice-syncs': [
      {
        all: [
          { labels: { outcome: 'success' }, value: slices.syncs },
          { labels: { outcome: 'fail' }, value: slices.failing },
        ],
      },
      number(slices.endpoints),
    ],
    'envoy-responses': [
      sums('envoy_response_code_class', ({ answers }) => answers),
      number(total(states.map(({ connectFailures }) => connectFailures))),
      none,
    ],
    'encryption-errors': [
      number(total(states.map(({ drops }) => drops['Traffic is unencrypted'] ?? 0))),
      {
        all: [
          {
            labels: { type: 'inbound', error: 'no_state' },
            value: total(states.map(({ ipsecErrors }) => ipsecErrors ?? 0)),
          },
        ],
        limit: 10,
      },
      none,
    ],
    features: [
      {
        all: [
          { feature: 'Network', mode: features.network },
          { feature: 'Device of pods', mode: features.device },
          { feature: 'Pod addresses', mode: features.ipam },
          { feature: 'kube-proxy replacement' },
          { feature: 'Bandwidth manager' },
          { feature: 'BIG TCP', mode: features.bigTcp ?? '' },
          { feature: 'Encryption', mode: features.encryption ?? '' },
          { feature: 'CiliumEndpointSlices' },
        ].map((labels) => ({ labels: { cluster: cluster.name, ...labels }, value: count })),
      },
    ],
  };
}
