import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../bench/random.ts';
import { generate } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { only, perSecond } from './dns-truth.ts';
import { type Counted, MINUTES, series } from './dns-world.ts';
import { agentTruth, type Kind } from './flow-pipeline-truth.ts';
import {
  agentSeries,
  ALWAYS,
  CRASHING,
  GONE,
  type KnownNode,
  NEVER,
  RESTARTED,
  targets,
  usedPods,
} from './flow-pipeline-world.ts';
import { grouped, type Held, holdAll, type Truth } from './held.ts';

const AT = `${MINUTES}m`;
const FILE = 'rules/prometheus/flow-pipeline.rules.yaml';

const at = (cluster: string, node: string, job: string, more: Labels = {}): Labels => ({
  cluster,
  node,
  instance: node,
  job,
  ...more,
});

/** Nodes in two clusters, and some that must not have an agent; two replicas of kube-state-metrics describe each. */
const NODES: readonly KnownNode[] = [
  ...['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((node) => ({ labels: { cluster: 'c1', node }, counts: true })),
  ...['n1', 'n2'].map((node) => ({ labels: { cluster: 'c2', node }, counts: true })),
  { labels: { cluster: 'c3', node: 'n1' }, counts: true },
  { labels: { cluster: 'c1', node: 'fargate-ip-10-0-0-9' }, counts: false },
  { labels: { cluster: 'c1', node: 'win', os_image: 'Windows Server 2022 Datacenter' }, counts: false },
  // Scraped without honor_labels: the node is that of kube-state-metrics.
  { labels: { cluster: 'c1', node: 'ksm', exported_node: 'n1' }, counts: false },
].flatMap(({ labels, counts }) =>
  ['a', 'b'].map((instance) => ({ labels: { ...labels, job: 'kube-state-metrics', instance }, counts })),
);

describe('every record on agents holds what is true of them, and nothing else', () => {
  const expectWorld = async (given: object, kinds: readonly Kind[], ...parts: Parameters<typeof agentSeries>) => {
    const truth = agentTruth(kinds, ...parts);
    const text = generate(given).file(FILE);
    // Each record of the file is judged.
    const records = [...text.matchAll(/- record: (flow_agent\S*|cluster(?:_node)?:flow_agent\S*)/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(truth)).toEqual(expect.arrayContaining(records.filter((name) => !name?.includes('queued'))));
    const held = Object.fromEntries(Object.entries(truth).filter(([name]) => records.includes(name)));
    await testRules(
      [text],
      [
        {
          name: 'agents',
          interval: INTERVAL,
          input_series: agentSeries(...parts),
          promql_expr_test: holdAll(held, AT),
        },
      ],
      // Evaluated every minute, as one record looks back at another.
      '1m',
    );
    return truth;
  };

  test('where two ports of each agent are scraped, by two replicas of Prometheus', async () => {
    const HUBBLE = 'networkobservability-hubble';
    const agents = targets(3, [
      // Two ports, one of which a second replica scrapes, too.
      [at('c1', 'n1', HUBBLE), ALWAYS],
      [at('c1', 'n1', HUBBLE, { prometheus_replica: 'b' }), GONE],
      [at('c1', 'n1', 'retina-pods'), ALWAYS],
      // One port of two does not answer.
      [at('c1', 'n2', HUBBLE), ALWAYS],
      [at('c1', 'n2', 'retina-pods'), NEVER],
      [at('c1', 'n3', HUBBLE), CRASHING],
      [at('c1', 'n4', HUBBLE), RESTARTED],
      [at('c1', 'n5', HUBBLE), GONE],
      // n6 has none. Another program on it.
      [at('c1', 'n6', 'other'), ALWAYS],
      [at('c2', 'n1', HUBBLE), ALWAYS],
      [at('c2', 'n1', HUBBLE, { instance: '10.0.0.1:9965' }), ALWAYS],
      // All agents of a cluster are down.
      [at('c3', 'n1', HUBBLE), NEVER],
      // Scraped without a node.
      [at('c4', '', HUBBLE, { instance: 'a' }), ALWAYS],
      [at('c4', '', HUBBLE, { instance: 'b' }), NEVER],
    ]);
    const pods = usedPods(5, [
      { cluster: 'c1', node: 'n1', namespace: 'kube-system', pod: 'retina-agent-abcde' },
      { cluster: 'c1', node: 'n1', namespace: 'kube-system', pod: 'retina-agent-fghij' },
      { cluster: 'c1', node: 'n2', namespace: 'kube-system', pod: 'retina-agent-win-abcde' },
      { cluster: 'c2', node: 'n1', namespace: 'kube-system', pod: 'retina-agent-abcde' },
      { cluster: 'c1', node: 'n1', namespace: 'kube-system', pod: 'retina-operator-abcde' },
      { cluster: 'c1', node: 'n1', namespace: 'other', pod: 'retina-agent-abcde' },
    ]);
    const kind: Kind = {
      source: 'retina-hubble',
      agent: 'retina-agent',
      jobs: [HUBBLE, 'retina-pods'],
      isOurs: ({ namespace, pod = '' }) => namespace === 'kube-system' && pod.startsWith('retina-agent-'),
      onEveryNode: true,
    };
    const truth = await expectWorld({}, [kind], agents, NODES, pods);
    const missing = truth['cluster_node:flow_agent_missing:info']?.map(
      ([labels]) => `${labels['cluster']} ${labels['node']}`,
    );
    expect(missing).toEqual(['c1 n2', 'c1 n3', 'c1 n5', 'c1 n6', 'c2 n2']);
  });

  test('where one source has agents on nodes and a server, and Prometheus scrapes the server only', async () => {
    const agents = targets(7, [
      [{ cluster: 'c1', job: 'kubezonnet', instance: '10.0.0.1:8080' }, ALWAYS],
      [{ cluster: 'c2', job: 'kubezonnet', instance: '10.0.0.1:8080' }, GONE],
    ]);
    const pods = usedPods(9, [
      { cluster: 'c1', node: 'n1', namespace: 'kubezonnet', pod: 'kubezonnet-agent-abcde' },
      { cluster: 'c1', node: 'n2', namespace: 'kubezonnet', pod: 'kubezonnet-agent-fghij' },
      { cluster: 'c1', node: 'n2', namespace: 'kubezonnet', pod: 'kubezonnet-server-5d-x' },
      { cluster: 'c2', node: 'n1', namespace: 'kubezonnet', pod: 'kubezonnet-agent-abcde' },
    ]);
    const named = (name: string) => (pod: Labels) =>
      pod['namespace'] === 'kubezonnet' && pod['pod']?.startsWith(`${name}-`) === true;
    const kinds = (['kubezonnet-agent', 'kubezonnet-server'] as const).map((agent): Kind => ({
      source: 'kubezonnet',
      agent,
      jobs: agent === 'kubezonnet-server' ? ['kubezonnet'] : [],
      isOurs: named(agent),
      onEveryNode: agent === 'kubezonnet-agent',
    }));
    await expectWorld({ flows: { source: 'kubezonnet' } }, kinds, agents, NODES, pods);
  });
});

describe('packets that go wrong belong to the workload of the pod, whoever counts them', () => {
  const random = createRandom(11);
  const counted = (): Counted => ({ units: random.int(1, 60), course: 0 });
  /** Pods, each different from others in one label alone. */
  const PODS: readonly Labels[] = [
    { cluster: 'c1', namespace: 'a', pod: 'p', node: 'n1', workload_type: 'Deployment', workload: 'web' },
    { cluster: 'c1', namespace: 'a', pod: 'q', node: 'n2', workload_type: 'Deployment', workload: 'web' },
    { cluster: 'c1', namespace: 'a', pod: 'r', node: 'n2', workload_type: 'StatefulSet', workload: 'web' },
    { cluster: 'c1', namespace: 'b', pod: 'p', node: 'n1', workload_type: 'Deployment', workload: 'web' },
    { cluster: 'c2', namespace: 'a', pod: 'p', node: 'n1', workload_type: 'Deployment', workload: 'web' },
  ];
  const nobody = (cluster: string): Labels => ({ cluster, namespace: '', pod: '' });
  const undescribed: Labels = { cluster: 'c1', namespace: 'a', pod: 'gone' };
  const OWN = ['cluster', 'namespace', 'workload_type', 'workload'];
  const REASONS = ['POLICY_DENIED', 'DROP_REASON_UNKNOWN'];

  /** What a source calls the labels of an end, and ends that are no pod. */
  const SOURCES = {
    'retina-hubble': { pod: 'pod', none: '', drops: 'hubble_drop_total', flags: 'hubble_tcp_flags_total' },
    'cilium-hubble': { pod: 'pod', none: '', drops: 'hubble_drop_total', flags: 'hubble_tcp_flags_total' },
    'retina-standard': {
      pod: 'podname',
      none: 'unknown',
      drops: 'networkobservability_adv_drop_count',
      flags: 'networkobservability_adv_tcpflags_count',
    },
  } as const;

  test.each(Object.keys(SOURCES) as (keyof typeof SOURCES)[])('%s', async (source) => {
    const { pod: podLabel, none, drops, flags } = SOURCES[source];
    const end = (side: string, { namespace = '', pod = '' }: Labels): Labels => ({
      [`${side}_namespace`]: namespace || none,
      [`${side}_${podLabel}`]: pod || none,
    });
    const agentOn = (cluster: string, node: string, job = 'agents'): Labels => ({ cluster, node, instance: node, job });
    /** Packets from one end to the other, as the agent on a node counts them; `twice` if a second job scrapes it. */
    const pairs = [
      ...PODS.flatMap((from) => [
        { from, to: nobody(from['cluster'] ?? ''), seenOn: 'n1' },
        { from, to: PODS[1] ?? from, seenOn: 'n2' },
        { from: nobody(from['cluster'] ?? ''), to: from, seenOn: 'n2' },
      ]),
      { from: undescribed, to: nobody('c1'), seenOn: 'n1' },
      { from: nobody('c1'), to: nobody('c1'), seenOn: 'n1' },
    ].filter(({ from, to }) => from['cluster'] === to['cluster']);
    const dropped = pairs.flatMap(({ from, to, seenOn }) =>
      REASONS.map((reason) => ({
        who: (from['pod'] ?? '') === '' ? to : from,
        cluster: from['cluster'] ?? '',
        reason,
        metric: drops,
        of: [counted()],
        labels: {
          ...agentOn(from['cluster'] ?? '', seenOn),
          ...end('source', from),
          ...end('destination', to),
          reason,
        },
      })),
    );
    const sent = [...PODS, undescribed, nobody('c1')].flatMap((who) =>
      ['n1', 'n2'].flatMap((seenOn) =>
        ['RST', 'SYN'].map((flag) => ({
          who,
          seenOn,
          flag,
          metric: flags,
          of: [counted()],
          labels: { ...agentOn(who['cluster'] ?? '', seenOn), ...end('source', who), flag },
        })),
      ),
    );
    const again = sent.flatMap((one) =>
      one.flag === 'RST' ? [{ ...one, metric: 'networkobservability_adv_tcpretrans_count', of: [counted()] }] : [],
    );
    const isKnown = ({ who }: { who: Labels }): boolean => who['workload'] !== undefined;
    const bySum = <T extends { readonly of: readonly Counted[] }>(
      all: readonly T[],
      by: (one: T) => Labels,
    ): readonly Held[] =>
      grouped(all, by).map(([labels, same]): Held => [{ ...labels, source }, perSecond(same.flatMap(({ of }) => of))]);
    const ofSenders = (all: readonly Omit<(typeof sent)[number], 'metric'>[]) =>
      bySum(
        all.filter((one) => isKnown(one) && one.flag === 'RST' && one.who['node'] === one.seenOn),
        ({ who }) => only(who, OWN),
      );
    const truth: Truth = {
      'cluster:packets_dropped:rate5m': bySum(dropped, ({ cluster, reason }) => ({ cluster, reason })),
      'workload:packets_dropped:rate5m': bySum(dropped.filter(isKnown), ({ who, reason }) =>
        only({ ...who, reason }, [...OWN, 'reason']),
      ),
      'workload:tcp_resets:rate5m': ofSenders(sent),
      ...(source === 'retina-standard' && { 'workload:tcp_retransmits:rate5m': ofSenders(again) }),
    };
    const counters = [...dropped, ...sent, ...(source === 'retina-standard' ? again : [])];
    const input_series = [
      ...PODS.map((labels) => ({
        series: seriesText('cluster_namespace_pod:identity:info', { ...labels, zone: 'z' }),
        values: `1x${2 * MINUTES}`,
      })),
      ...counters.map(series),
      // A second job scrapes the agents, and missed a part.
      ...counters.map((one) => ({ ...one, labels: { ...one.labels, job: 'twice' } })).map(series),
    ];
    const text = generate({ flows: { source } }).file(FILE);
    expect([...text.matchAll(/- record: (\S*(?:packets|tcp)\S*)/g)].map(([, name]) => name)).toEqual(
      Object.keys(truth),
    );
    await testRules(
      [text],
      [{ name: source, interval: INTERVAL, input_series, promql_expr_test: holdAll(truth, AT) }],
      AT,
    );
  });
});
