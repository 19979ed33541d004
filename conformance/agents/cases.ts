/** Properties of a cluster and its traffic on which the count of an agent may depend, each with its two values; the first is the plainer one. */
export const FACTORS = {
  cni: ['routed', 'bridge'],
  target: ['direct', 'service'],
  path: ['cross-node', 'same-node'],
  outside: ['unmasqueraded', 'masqueraded'],
  offloads: ['offloads-off', 'offloads-on'],
  family: ['ipv4', 'ipv6'],
  protocol: ['tcp', 'udp'],
  aggregation: ['low', 'high'],
} as const;

type Factors = { readonly [Name in keyof typeof FACTORS]: (typeof FACTORS)[Name][number] };
export type Factor = keyof Factors;
export type Family = Factors['family'];
export type Protocol = Factors['protocol'];

/** Cases beside the combinations: ends that no factor varies. */
const EXTRAS = ['three-nodes', 'host-network-server', 'host-network-client'] as const;

/** One round of traffic, and the cluster that it runs in. */
export interface TrafficCase extends Factors {
  readonly name: string;
  /** Undefined for the traffic of one client with one server, and with an address outside. */
  readonly extra?: (typeof EXTRAS)[number];
}

export const FACTOR_NAMES = Object.keys(FACTORS) as readonly Factor[];

/**
 * Rows of a Plackett-Burman design of twelve runs: `+` is the second value of a factor. Any two columns hold each of the four pairs three
 * times. Rows of one aggregation and one CNI stand together, as both need a restart.
 */
const DESIGN = [
  '--------',
  '-++-+++-',
  '---+-++-',
  '+-+++---',
  '+++---+-',
  '++-+++--',
  '+-++-+++',
  '+---+-++',
  '++---+-+',
  '-+-++-++',
  '--+-++-+',
  '-+++---+',
];

const nameOf = (factors: Factors): string => {
  const special = FACTOR_NAMES.map((factor) => factors[factor]).filter(
    (value, index) => value !== FACTORS[FACTOR_NAMES[index] ?? 'cni'][0],
  );
  return special.length === 0 ? 'plain' : special.join('-');
};

const factorsOf = (row: string): Factors =>
  Object.fromEntries(
    FACTOR_NAMES.map((factor, index) => [factor, FACTORS[factor][row[index] === '+' ? 1 : 0]]),
  ) as unknown as Factors;

const PLAIN = factorsOf('');

/** All cases. Those that need the same cluster and the same settings of the agent stand together. */
export const CASES: readonly TrafficCase[] = [
  ...EXTRAS.map((extra) => ({ ...PLAIN, name: extra, extra })),
  ...DESIGN.map(factorsOf).map((factors) => ({ ...factors, name: nameOf(factors) })),
];

/** Pairs of values of two factors that no case has, as `factor=value factor=value`. */
export function pairsMissing(cases: readonly TrafficCase[]): readonly string[] {
  const settings = FACTOR_NAMES.flatMap((factor) => FACTORS[factor].map((value) => ({ factor, value })));
  return settings.flatMap((one, index) =>
    settings
      .slice(index + 1)
      .filter(
        (other) =>
          other.factor !== one.factor &&
          !cases.some((each) => each[one.factor] === one.value && each[other.factor] === other.value),
      )
      .map((other) => `${one.factor}=${one.value} ${other.factor}=${other.value}`),
  );
}

/** Cases that differ only in what an agent does not have are one: its names without that factor, the first of them. */
export function casesFor(fixed: readonly Factor[]): readonly TrafficCase[] {
  const seen = new Set<string>();
  return CASES.map((one) => {
    const factors = { ...one, ...Object.fromEntries(fixed.map((factor) => [factor, PLAIN[factor]])) };
    return { ...factors, name: one.extra ?? nameOf(factors) };
  }).filter(({ name }) => !seen.has(name) && seen.add(name));
}
