import {
  type Affects,
  API_SERVERS,
  AGENTS,
  type At,
  churning,
  CILIUM_AGENTS,
  CILIUM_OPERATORS,
  ciliumAgents,
  COREDNS,
  type Effect,
  ETHTOOL,
  exceeding,
  inZone,
  KUBELETS,
  losing,
  memoryUsed,
  ruleGroups,
  some,
  STATE_METRICS,
  throttling,
  underLoad,
  untracked,
  upstream,
} from './effects.ts';
import { type Move, nodeAdded, oldestDrained, oldestRemoved, rolled, scaled, ZONE_NAMES } from './shape.ts';
import type { Happening } from './week.ts';

/** Minutes of a day. The hours in which nothing changes are left out: nothing can begin or end in them that rules would see. */
const DAY = 75;

/** What differs from day to day. */
interface Plan {
  readonly deploys: string;
  readonly rotates: readonly number[];
  readonly scales: string;
  readonly bursts: readonly (readonly [title: string, lasts: number, effect: Effect])[];
  readonly restarts: readonly [title: string, affects: Affects];
  /** Whether a release of Retina is rolled out, node by node. */
  readonly rollout?: boolean;
}

const on = (workload: string, index = 0): At => ({ workload, index });

const PLANS: readonly Plan[] = [
  {
    deploys: 'web',
    rotates: [0],
    scales: 'checkout',
    bursts: [
      ['an image is pulled', 2, exceeding(on('images'), { bw_in: 120 })],
      ['a starting pod asks for many names', 1, exceeding(on('coredns'), { linklocal: 0.4 })],
    ],
    restarts: ['Retina on a node', some(AGENTS, '3')],
  },
  {
    deploys: 'checkout',
    rotates: [],
    scales: 'web',
    bursts: [
      ['a backup is sent', 3, exceeding(on('ledger', 1), { bw_out: 300 })],
      ['an upstream server is slow', 3, upstream(0.5, { seconds: 1.2 })],
      ['a query takes the time of the rules', 5, ruleGroups({ 'azimuth-network-flows': { seconds: 57 } })],
    ],
    restarts: ['kube-state-metrics', STATE_METRICS],
  },
  {
    deploys: 'coredns',
    rotates: [1],
    scales: 'products',
    bursts: [
      ['traffic peaks', 4, exceeding(on('gateway'), { pps: 40 })],
      ['an agent waits for CPU', 6, throttling(on('web', 3), 0.5)],
      ['a batch of lookups', 1, exceeding(on('web', 2), { linklocal: 2.5 })],
    ],
    restarts: ['the ethtool exporter on every node', ETHTOOL],
  },
  {
    deploys: 'products',
    rotates: [],
    scales: 'checkout',
    bursts: [
      ['an upstream server restarts', 2, upstream(0.02, { seconds: 5, failing: true })],
      ['a pod collects garbage late', 6, memoryUsed('products', 0.97)],
      ['builds run in pods that live for seconds', 15, churning(AGENTS, 60)],
    ],
    restarts: ['Retina on every node', AGENTS],
  },
  {
    deploys: 'cart',
    rollout: true,
    rotates: [2, 0],
    scales: 'web',
    bursts: [
      ['many connections open at once', 3, untracked(on('gateway', 1), 0.08)],
      ['packets peak', 5, exceeding(on('products', 1), { pps: 12, bw_in: 6 })],
      ['a busy agent loses events', 4, losing(some(AGENTS, '5'), 0.1)],
    ],
    restarts: ['a pod of CoreDNS', inZone(COREDNS, 1)],
  },
  {
    deploys: 'gateway',
    rotates: [1],
    scales: 'images',
    bursts: [
      ['a node joins and asks for metadata', 1, exceeding(on('cart', 1), { linklocal: 0.6 })],
      ['an upstream server is slow', 2, upstream(0.2, { seconds: 2 })],
    ],
    restarts: ['the kubelets', KUBELETS],
  },
  {
    deploys: 'ledger',
    rotates: [],
    scales: 'products',
    bursts: [
      ['a backup is restored', 4, exceeding(on('ledger'), { bw_in: 250, bw_out: 20 })],
      ['a job asks for many names', 2, exceeding(on('coredns', 1), { linklocal: 3 })],
    ],
    restarts: ['Retina on a node', some(AGENTS, '7')],
  },
];

/** A release of Retina: the agents restart one after the other, a minute each. */
const rollout = (name: string, from: number): readonly Happening[] =>
  Array.from({ length: 10 }, (_, digit) => ({
    title: `${name}Retina is rolled out on nodes that end in ${digit}`,
    from: from + digit,
    lasts: 1,
    restarts: some(AGENTS, String(digit)),
  }));

/**
 * A release of Cilium, from a minute of the week on: its operators restart, then the agents one after the other, two minutes each. Others do not reach the nodes
 * of those that restart.
 */
export const ciliumUpgrade = (name: string, from: number): readonly Happening[] => [
  {
    title: `${name}Cilium's operators are upgraded`,
    from,
    lasts: 2,
    restarts: CILIUM_OPERATORS,
    parts: [{ after: 2, until: 15, effect: ciliumAgents({ unreachable: { nodes: 1, endpoints: 1 } }) }],
  },
  ...Array.from({ length: 10 }, (_, digit) => ({
    title: `${name}Cilium is upgraded on nodes that end in ${digit}`,
    from: from + 2 + digit,
    lasts: 2,
    restarts: some(CILIUM_AGENTS, String(digit)),
  })),
];

const days = PLANS.map(
  (_, index) => ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][index],
);

/** A week in which nothing is wrong: every day a deploy, bursts, an autoscaler at work and an agent that restarts; on most days new nodes. */
export const QUIET: readonly Happening[] = PLANS.flatMap((plan, day) => {
  const at = (minutes: number): number => day * DAY + minutes;
  const name = `${days[day]}: `;
  const happening = (
    from: number,
    lasts: number,
    title: string,
    moves: readonly (readonly [number, Move])[],
  ): Happening => ({
    title: name + title,
    from: at(from),
    lasts,
    moves,
  });
  const revision = String(day + 2);
  return [
    happening(
      3,
      3,
      `${plan.deploys} is deployed`,
      [0, 1, 2].map((batch) => [batch, rolled(plan.deploys, 2, revision)] as const),
    ),
    ...plan.bursts.map(([title, lasts, effect], index): Happening => ({
      title: name + title,
      from: at(12 + 8 * index),
      lasts,
      parts: [{ effect }],
    })),
    ...plan.rotates.map((zone, index) =>
      happening(36 + 4 * index, 4, `the oldest node of ${ZONE_NAMES[zone]} is replaced`, [
        [0, nodeAdded(zone)],
        [2, oldestDrained(zone)],
        [3, oldestRemoved(zone)],
      ]),
    ),
    happening(46, 15, `${plan.scales} gets more pods for a while`, [
      [0, scaled(plan.scales, 2)],
      [2, scaled(plan.scales, 2)],
      [15, scaled(plan.scales, -4)],
    ]),
    { title: `${name}${plan.restarts[0]} restarts`, from: at(66), lasts: 1, restarts: plan.restarts[1] },
    ...(plan.rollout === true ? rollout(name, at(62)) : []),
  ];
}).concat(ciliumUpgrade(`${days[1]}: `, DAY + 40), [
  {
    title: `${days[3]}: a load test with kube-burner, which creates and deletes pods`,
    from: 3 * DAY + 28,
    lasts: 8,
    parts: [
      { until: 5, effect: underLoad(0.95, 60) },
      { after: 5, effect: underLoad(0.7, 20) },
    ],
  },
  {
    title: `${days[5]}: the API servers are replaced`,
    from: 5 * DAY + 30,
    lasts: 1,
    parts: [{ after: -4, until: 5, effect: underLoad(0.1, 0) }],
    restarts: API_SERVERS,
  },
]);

/** Minutes of the quiet week. */
export const QUIET_LASTS = PLANS.length * DAY;
