const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** From when to when something goes on, in seconds relative to now: negative lies in the past. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What happens in the demo and when, in seconds relative to now. The timeline and the list of events both read it. */
export const PLOT = {
  /** How long before now the timeline begins: six hours of history, and what rules look back before that. */
  begins: -(6 * HOUR + 20 * MINUTE),
  /** What is shown of the past, and what rules look back before that; both are within the timeline. */
  shown: 6 * HOUR,
  lookback: 20 * MINUTE,
  /** When the timeline stops to change. */
  ends: 24 * HOUR,
  /** How often rates change. A window of five minutes turns such steps into slopes. */
  ratesEvery: 5 * MINUTE,
  /** How often the gauges of nodes change. */
  nodesEvery: MINUTE,
  /** A backup is restored: a node receives more than its bandwidth. */
  restore: { from: -130 * MINUTE, until: -105 * MINUTE },
  /** checkout is deployed: its pods are replaced two at a time, one minute apart, and call the one primary of the ledger. */
  deploy: { at: -70 * MINUTE, batch: 2, pause: MINUTE },
  /** products no longer prefers the index of its zone: the bill rises. Before that, query was mended. Both lie before the six hours: only money knows of them. */
  money: { risesAt: -20 * HOUR, savedAt: -4 * 24 * HOUR },
  /** A node runs out of tracked connections again and again, until the pods that leak them are restarted. */
  leak: {
    at: -62 * MINUTE,
    lasts: 80 * MINUTE,
    every: 90 * MINUTE,
    /** When within a leak the packet rate is exceeded, and when nothing is left to track connections with. */
    packetsAfter: 7 * MINUTE,
    emptyAfter: 58 * MINUTE,
  },
  /** A batch job asks DNS for every item: at first much and long, later every 12 minutes and briefly. */
  dns: { at: -38 * MINUTE, firstLasts: 8 * MINUTE, lasts: 3 * MINUTE, every: 12 * MINUTE },
  /** A release of the mailer looks up names that do not exist, until it is rolled back. */
  storm: { from: -95 * MINUTE, until: -75 * MINUTE },
  /** The resolver of the company does not answer: long enough for its alert to fire. */
  resolver: { from: -24 * MINUTE, until: -14 * MINUTE },
  /** Where Cilium is the network: previews bring Services that nobody deletes, until its map of Services is full; then they are deleted. */
  services: { from: -110 * MINUTE, fullAt: -45 * MINUTE, until: 25 * MINUTE },
  /** A load test with kube-burner: it creates, waits and deletes. */
  burner: { from: -58 * MINUTE, created: -50 * MINUTE, deletes: -42 * MINUTE, until: -36 * MINUTE },
  /** An agent has too little CPU, for hours, and loses events while traffic is high: long enough for alerts to fire. */
  starved: { from: -172 * MINUTE, until: 38 * MINUTE },
  losing: { from: -172 * MINUTE, until: -132 * MINUTE },
  /** The agent of a node does not answer. */
  blind: { from: -122 * MINUTE, until: -84 * MINUTE },
  /** Pods that live for seconds come and go, and with them series. */
  churn: { from: -150 * MINUTE, until: -100 * MINUTE },
  /** A NetworkPolicy refuses what checkout asks of fraud. */
  refused: { from: -46 * MINUTE, until: 24 * MINUTE },
  /** The Service of a workload gets trafficDistribution: its callers stay in their zones from then on. */
  routed: { at: -150 * MINUTE, server: 'search/index' },
  /** Nodes of one zone are drained: query has no pod there any more, as nothing brings them back. Before the load test fills the nodes. */
  drain: { at: -60 * MINUTE, workload: 'query', zone: 2 },
  /** The indexer is moved to a node of another zone. */
  move: { at: -33 * MINUTE },
  /** Another node exceeds its packet rate again and again: long enough before now to be pending, not to fire. */
  merge: { at: -7 * MINUTE, lasts: 21 * MINUTE, every: 90 * MINUTE },
} as const;

/** Seconds since the last start of what begins at `at` and again every so often; undefined before the first. */
export function sinceStart(
  { at, every }: { readonly at: number; readonly every: number },
  seconds: number,
): number | undefined {
  return seconds < at ? undefined : (seconds - at) % every;
}

/** Whether a time lies within a span: its start included, its end not. */
export const isWithin = ({ from, until }: Span, seconds: number): boolean => from <= seconds && seconds < until;

/** The bursts of DNS calls that begin by the end of the timeline, in order. */
export function dnsBursts(): readonly Span[] {
  const { at, every, firstLasts, lasts } = PLOT.dns;
  const count = Math.ceil((PLOT.ends - at) / every);
  return Array.from({ length: count }, (_, index) => {
    const from = at + index * every;
    return { from, until: from + (index === 0 ? firstLasts : lasts) };
  });
}

const BURSTS = dnsBursts();

/** The burst of DNS calls that goes on at a time, by its number from 0; undefined between bursts. */
export function burstAt(seconds: number): number | undefined {
  const index = BURSTS.findIndex((burst) => isWithin(burst, seconds));
  return index === -1 ? undefined : index;
}
