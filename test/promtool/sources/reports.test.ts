import { describe, expect, jest, test } from '@jest/globals';
import { generateCluster, minimumPods } from '../../../bench/generate.ts';
import { type Cluster, type Endpoint, nodeNameOf } from '../../../bench/model.ts';
import { createRandom } from '../../../bench/random.ts';
import { promtoolSeries, samplesOf } from '../../../bench/samples.ts';
import { namedEnds, seenFlows } from '../../../bench/sources/ebpf-instrumentation.ts';
import type { SeenEnd } from '../../../bench/sources/seen.ts';
import type { SourceOptions } from '../../../bench/sources/source.ts';
import { generate, RULES } from '../../support/generate.ts';
import { connect, end, onNode, OUTSIDE } from '../../support/handmade-cluster.ts';
import { testRules } from '../../support/rule-test.ts';
import { expectScenario, givenFor, type Setup, STEADY, STEP, steadyScrapes } from './harness.ts';
import { CONNECTIONS, NODES, PODS } from './hostile-cluster.ts';
import { only, steady } from './steady.ts';

jest.setTimeout(120_000);

type Lacks = NonNullable<SourceOptions['lacks']>;

const { a, b } = NODES;
const placeOf = (of: SeenEnd) => (of.kind === 'service' ? undefined : nodeNameOf(of));
const podOf = (of: SeenEnd) => (of.kind === 'pod' ? of.pod.name : undefined);

/** What agents may lack without an effect on the records. */
const FAULTS: Readonly<Record<string, Lacks>> = {
  'one agent lacks the names of one pod elsewhere': (agent, of) =>
    agent.name === b.name && podOf(of) === PODS.webA.name ? 'name' : undefined,
  'one agent lacks the names of all that is elsewhere': (agent, of) =>
    agent.name === b.name && of.kind !== 'service' && placeOf(of) !== b.name ? 'name' : undefined,
  'one agent lacks the names on its own node': (agent, of) =>
    agent.name === b.name && placeOf(of) === b.name ? 'name' : undefined,
  'one agent lacks zones': (agent) => (agent.name === a.name ? 'zone' : undefined),
  'all agents lack zones': () => 'zone',
  'no agent has the name of one pod': (_agent, of) => (podOf(of) === PODS.dbB.name ? 'name' : undefined),
};

/** Traffic between pods, between nodes, and with the outside. */
const MIXED: Cluster = only(
  ...CONNECTIONS,
  connect(end(PODS.webA), OUTSIDE, 51, 52),
  connect(OUTSIDE, end(PODS.dbB), 53, 54),
  connect(onNode(b), OUTSIDE, 55, 56),
  connect(onNode(a), onNode(b), 57, 58),
);

/** The nodes do not masquerade here; masquerade.test.ts has those that do. */
const FLOWS = { masquerade: false } as const;

describe('agents differ in what they know', () => {
  test.concurrent.each(Object.entries(FAULTS))('%s', async (name, lacks) => {
    const setup: Setup = { id: 'obi', given: { flows: FLOWS }, options: { lacks } };
    await expectScenario(name, setup, steady(MIXED)(setup));
  });

  test.concurrent.each([['nothing', undefined] as const, ...Object.entries(FAULTS)])(
    'addresses are exported: %s',
    async (name, lacks) => {
      const options = { addresses: true, ...(lacks && { lacks }) };
      const setup: Setup = { id: 'beyla', given: { flows: FLOWS, beyla: { addresses: true } }, options };
      await expectScenario(name, setup, steady(MIXED)(setup));
    },
  );
});

/** Sums over the packets of a cluster, in bytes per second: what agents report of them is the only thing that rules see. */
function accountOf(cluster: Cluster, lacks: Lacks) {
  const sums = { truth: 0, unclear: 0, twice: 0 };
  for (const flow of seenFlows(cluster)) {
    const named = namedEnds(cluster, flow, { lacks }).map((ends) => ends.length);
    sums.truth += flow.bytes;
    if (named.length < 2) continue;
    // Two agents see it. Neither knows both ends, or one knows both and the other none.
    if (!named.includes(2)) sums.unclear += flow.bytes;
    else if (named.includes(0)) sums.twice += flow.bytes;
  }
  return sums;
}

type Account = ReturnType<typeof accountOf>;

interface Kind {
  /** By the place of its node in the list. */
  readonly isFaulty: (agent: number) => boolean;
  /** Whether it has the names of what is on its own node. */
  readonly ofOthersOnly?: boolean;
  /** Whether it has the names of nodes. */
  readonly ofPodsOnly?: boolean;
}

/** Which agents lack names, which names, and the bounds of the total. */
const KINDS = {
  'one agent, any names': {
    isFaulty: (agent: number) => agent === 0,
    ofOthersOnly: false,
    bounds: ({ truth, twice }: Account) => [truth + twice, truth + twice],
  },
  'all agents, names of what is elsewhere': {
    isFaulty: () => true,
    ofOthersOnly: true,
    bounds: ({ truth, unclear }: Account) => [truth, truth + unclear],
  },
  'all agents, any names': {
    isFaulty: () => true,
    ofOthersOnly: false,
    bounds: ({ truth, unclear, twice }: Account) => [truth - unclear, truth + unclear + twice],
  },
} as const;

/** Each agent that is faulty lacks the names of a share of the ends, at random. */
function random(seed: number, cluster: Cluster, { isFaulty, ofOthersOnly = false, ofPodsOnly = false }: Kind): Lacks {
  const dice = createRandom(seed);
  const share = dice.int(5, 95);
  const lost = new Map<string, boolean>();
  const idOf = (of: Endpoint) => (of.kind === 'pod' ? of.pod.uid : of.kind === 'node' ? of.node.name : of.ip);
  const index = new Map(cluster.nodes.map(({ name }, place) => [name, place]));
  return (agent, of) => {
    if (of.kind === 'service' || !isFaulty(index.get(agent.name) ?? 0)) return undefined;
    if (ofOthersOnly && placeOf(of) === agent.name) return undefined;
    if (ofPodsOnly && of.kind === 'node') return undefined;
    const key = `${agent.name} ${idOf(of)}`;
    const isLost = lost.get(key) ?? dice.int(1, 100) <= share;
    lost.set(key, isLost);
    return isLost ? 'name' : undefined;
  };
}

const SEEDS = Array.from({ length: 6 }, (_, index) => index + 1);

const clusterOf = (seed: number): Cluster =>
  generateCluster({
    seed,
    nodes: 4,
    pods: minimumPods(4) + 6,
    connectionsPerPod: 2,
    externalPeers: 2,
    nodeTraffic: true,
  });

/** The same where nodes masquerade what pods send out, and say something themselves. Nobody outside calls a pod, which no node translates. */
const masqueradingOf = (seed: number): Cluster => {
  const cluster = clusterOf(seed);
  const own = cluster.nodes.map((node, index) => connect(onNode(node), OUTSIDE, 3 + index, 5 + index));
  const calls = cluster.connections.filter(({ client }) => client.kind !== 'external');
  const out = cluster.pods
    .filter(({ hostNetwork }) => !hostNetwork)
    .map((pod, index) => connect(end(pod), OUTSIDE, 20 + index, 30 + index));
  return { ...cluster, masquerade: { except: [] }, connections: [...calls, ...out, ...own] };
};

/** Expects the totals of random clusters within bounds, to rounding, and that nothing is lost on the way to the zones. */
async function expectTotals(
  kind: Kind,
  addresses: boolean,
  boundsOf: (account: Account) => readonly number[],
  { masquerade, of = clusterOf }: { masquerade: boolean | 'auto'; of?: (seed: number) => Cluster } = FLOWS,
): Promise<void> {
  const setup: Setup = {
    id: 'obi',
    given: { flows: { masquerade, granularity: 'zone', units: ['bytes'] }, obi: { addresses } },
  };
  const total = 'sum(cluster:network_bytes:rate5m)';
  const none = (expr: string) => ({ expr, eval_time: `${STEADY}s`, exp_samples: [] });
  await testRules(
    [generate(givenFor(setup)).file(RULES.zoneTraffic)],
    SEEDS.map((seed) => {
      const cluster = of(seed);
      const lacks = random(seed, cluster, kind);
      const [least = 0, most = 0] = boundsOf(accountOf(cluster, lacks));
      const scrapes = steadyScrapes({ ...setup, options: { addresses, lacks } }, cluster);
      return {
        name: `seed ${seed}`,
        interval: `${STEP}s`,
        input_series: samplesOf(scrapes, { step: STEP, duration: STEADY }).map(promtoolSeries),
        promql_expr_test: [
          none(`${total} < ${least * (1 - 1e-9)}`),
          none(`${total} > ${most * (1 + 1e-9)}`),
          none(`absent(${total})`),
          none(`abs(cluster:network_bytes_lost:rate5m) > ${most * 1e-9}`),
        ],
      };
    }),
  );
}

describe('whatever names agents lack, the total stays within the stated bounds', () => {
  test.concurrent.each(Object.entries(KINDS))('%s', async (_name, kind) => expectTotals(kind, false, kind.bounds));

  test.concurrent('with addresses, the total is the truth', async () =>
    expectTotals(KINDS['all agents, any names'], true, ({ truth }) => [truth, truth]),
  );

  // Names that agents lack change nothing about what is masqueraded, but for those of their own pods; with addresses, of their node.
  test.concurrent(
    'where nodes masquerade, it is the truth while one agent lacks names of what is elsewhere',
    async () =>
      expectTotals({ isFaulty: (agent) => agent === 0, ofOthersOnly: true }, false, ({ truth }) => [truth, truth], {
        masquerade: 'auto',
        of: masqueradingOf,
      }),
  );

  test.concurrent('the same with addresses, while all agents lack names of pods', async () =>
    expectTotals({ isFaulty: () => true, ofPodsOnly: true }, true, ({ truth }) => [truth, truth], {
      masquerade: 'auto',
      of: masqueradingOf,
    }),
  );

  test('the faults are some: each kind has traffic that is unclear or could count twice', () => {
    const accounts = SEEDS.map((seed) => {
      const cluster = clusterOf(seed);
      return Object.values(KINDS).map((kind) => accountOf(cluster, random(seed, cluster, kind)));
    });
    expect(accounts.every(([one, others, any]) => one && others && any && any.unclear > 0)).toBe(true);
    expect(accounts.some(([one]) => one !== undefined && one.twice > 0)).toBe(true);
    expect(accounts.every(([, others]) => others !== undefined && others.unclear > 0 && others.twice === 0)).toBe(true);
  });
});

test('matchers of the configuration on a name hold beside those of the rules', () => {
  const rules = generate({ flows: { source: 'obi', select: 'k8s_src_name=~"web.*"' } }).file(RULES.zoneTraffic);
  expect(rules).toContain('k8s_src_name=~"web.*", k8s_src_name!~"|unknown"');
});

test.each([true, false])('obi.addresses: %s decides what the agent exports and what the rules compare', (addresses) => {
  const generated = generate({ flows: { source: 'obi' }, obi: { addresses } });
  const values = generated.file('helm-values/opentelemetry-ebpf-instrumentation.yaml');
  for (const name of ['src.address', 'dst.address']) expect(values.includes(name)).toBe(addresses);
  const rules = generated.file(RULES.zoneTraffic);
  expect(rules.includes('max by (cluster, src_address, dst_address)')).toBe(addresses);
  expect(rules.includes('endpoint_pair:network_bytes_unnamed:rate5m')).toBe(!addresses);
});
