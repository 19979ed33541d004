import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';

import { MINUTES } from './dns-world.ts';
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
import { type Held, holdAll, type Truth } from './held.ts';

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
  { labels: { cluster: 'c1', node: 'ksm', exported_namespace: 'a' }, counts: false },
  { labels: { cluster: 'c1', node: 'ksm', exported_pod: 'a' }, counts: false },
  { labels: { cluster: 'c1', node: '' }, counts: false },
].flatMap(({ labels, counts }) =>
  ['a', 'b'].map((instance) => ({ labels: { ...labels, job: 'kube-state-metrics', instance }, counts })),
);

describe('every record on agents holds what is true of them, and nothing else', () => {
  const expectWorld = async (given: object, kinds: readonly Kind[], ...parts: Parameters<typeof agentSeries>) =>
    expectWith({ series: [], truth: {} }, given, kinds, ...parts);
  /** The same with what only some agents expose. */
  const expectWith = async (
    more: { readonly series: readonly InputSeries[]; readonly truth: Truth },
    given: object,
    kinds: readonly Kind[],
    ...parts: Parameters<typeof agentSeries>
  ) => {
    const truth = { ...agentTruth(kinds, ...parts), ...more.truth };
    const text = generate(given).file(FILE);
    // Each record of the file is judged.
    const records = [...text.matchAll(/- record: (flow_agent\S*|cluster(?:_node)?:flow_agent\S*)/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(truth)).toEqual(expect.arrayContaining(records));
    const held = Object.fromEntries(Object.entries(truth).filter(([name]) => records.includes(name)));
    await testRules(
      [text],
      [
        {
          name: 'agents',
          interval: INTERVAL,
          input_series: [...agentSeries(...parts), ...more.series],
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

  describe('of every source, agents are told from all else that is scraped and runs', () => {
    /** Agents by the configuration that has them: source, agent, its jobs, its namespace (any where there is none) and how its pods are named. */
    type Row = readonly [
      source: string,
      agent: string,
      jobs: readonly string[],
      namespace: string | undefined,
      everywhere: boolean,
    ];
    const named = (agent: string): string => (agent === 'cilium' ? 'cilium-x9k2p' : `${agent}-x9k2p`);
    const CASES: readonly (readonly [given: object, rows: readonly Row[], withResources?: false])[] = [
      [
        { flows: { source: 'retina-hubble' } },
        [['retina-hubble', 'retina-agent', ['networkobservability-hubble', 'retina-pods'], 'kube-system', true]],
      ],
      [
        { flows: { source: 'retina-standard' } },
        [['retina-standard', 'retina-agent', ['retina-pods'], 'kube-system', true]],
      ],
      [{ flows: { source: 'cilium-hubble' } }, [['cilium-hubble', 'cilium', ['cilium-hubble'], 'kube-system', true]]],
      [{ flows: { source: 'obi' } }, [['obi', 'opentelemetry-ebpf-instrumentation', ['obi'], 'monitoring', true]]],
      [{ flows: { source: 'beyla' } }, [['beyla', 'beyla', ['beyla'], 'monitoring', true]]],
      [
        { flows: { source: 'netobserv' } },
        [
          ['netobserv', 'netobserv-ebpf-agent', ['netobserv-agent'], 'netobserv-privileged', true],
          ['netobserv', 'flowlogs-pipeline', ['netobserv'], 'netobserv', false],
        ],
      ],
      [
        { flows: { source: 'kubezonnet' } },
        [
          ['kubezonnet', 'kubezonnet-agent', [], 'kubezonnet', true],
          ['kubezonnet', 'kubezonnet-server', ['kubezonnet'], 'kubezonnet', false],
        ],
      ],
      [
        { flows: { source: 'none' }, ethtool: { exporter: 'network-flow-monitor' } },
        [['network-flow-monitor', 'aws-network-flow-monitor-agent', ['network-flow-monitor'], undefined, true]],
      ],
    ];

    test.each(CASES.map(([given, rows]) => [rows[0]?.[0] ?? '', given, rows] as const))(
      '%s',
      async (_, given, rows) => {
        const kinds = rows.map(([source, agent, jobs, namespace, onEveryNode]): Kind => ({
          source,
          agent,
          jobs,
          isOurs: (pod) =>
            pod['pod']?.startsWith(`${agent}-`) === true &&
            (namespace === undefined || pod['namespace'] === namespace) &&
            (agent !== 'cilium' || pod['pod'].length === 'cilium-12345'.length),
          onEveryNode,
        }));
        const agents = targets(
          13,
          rows
            .flatMap(([, , jobs]) =>
              jobs.flatMap((job): readonly (readonly [Labels, readonly number[]])[] => [
                [at('c1', 'n1', job), ALWAYS],
                // Another replica of Prometheus, and a second port.
                [at('c1', 'n1', job, { prometheus_replica: 'b' }), GONE],
                [at('c1', 'n1', job, { instance: 'b' }), ALWAYS],
                [at('c1', 'n2', job, { instance: 'b' }), ALWAYS],
                [at('c1', 'n3', job), CRASHING],
                [at('c1', 'n4', job), RESTARTED],
                [at('c1', 'n5', job), GONE],
                [at('c2', 'n1', job), ALWAYS],
                [at('c2', 'n1', job, { instance: 'b' }), NEVER],
                [at('c2', 'n2', job), ALWAYS],
                [at('c3', 'n1', job), NEVER],
                // Other programs of the same node, and of one without an agent.
                [at('c1', 'n1', `${job}-operator`, { instance: 'c' }), NEVER],
                [at('c1', 'n6', 'other'), ALWAYS],
              ]),
            )
            .concat([
              [at('c1', 'n6', 'node-exporter'), ALWAYS],
              [at('c1', 'n4', 'node-exporter'), NEVER],
            ]),
        );
        const pods = [
          ...usedPods(
            17,
            rows.flatMap(([, agent, , namespace = 'kube-system']) =>
              [
                { cluster: 'c1', node: 'n1', namespace, pod: named(agent), workload: agent },
                // A second release on the same node.
                {
                  cluster: 'c1',
                  node: 'n1',
                  namespace,
                  pod: named(agent).replace('x9k2p', 'b7d4f'),
                  workload: `${agent}-b`,
                },
                { cluster: 'c1', node: 'n2', namespace, pod: named(agent).replace('x9k2p', 'c4m8q'), workload: agent },
                { cluster: 'c2', node: 'n1', namespace, pod: named(agent), workload: agent },
                { cluster: 'c1', node: 'n8', namespace: 'other', pod: named(agent), workload: agent },
                { cluster: 'c1', node: 'n9', namespace, pod: `my-${named(agent)}`, workload: agent },
                { cluster: 'c1', node: 'n9', namespace, pod: 'other-x9k2p', workload: 'other' },
                // The same two beside an agent, where they would change its figures.
                {
                  cluster: 'c1',
                  node: 'n2',
                  namespace: 'other',
                  pod: named(agent).replace('x9k2p', 'd5n9r'),
                  workload: agent,
                },
                { cluster: 'c1', node: 'n2', namespace, pod: 'other-c4m8q', workload: 'other' },
              ].map((labels) => ({ ...labels, workload_type: labels.workload === agent ? 'DaemonSet' : 'Deployment' })),
            ),
          ),
          // Without a limit, and hardly throttled.
          ...rows.flatMap(([, agent, , namespace = 'kube-system']) => {
            const labels = { cluster: 'c2', namespace, workload: agent, workload_type: 'DaemonSet' };
            return [
              { labels: { ...labels, node: 'n4', pod: named(agent) }, cpu: 1, memory: 3, periods: 0, throttled: 0 },
              {
                labels: { ...labels, node: 'n5', pod: named(agent) },
                cpu: 2,
                memory: 5,
                periods: 0.25,
                throttled: 0.125,
              },
            ];
          }),
        ];
        const queued = [
          ['c1', 'n1', 'flowmap', 12],
          ['c1', 'n1', 'hashmap-total', 40],
          ['c1', 'n1', 'ringbuf', 90],
          ['c1', 'n2', 'flowmap', 7],
          ['c2', 'n1', 'flowmap', 3],
        ] as const;
        const isNetobserv = rows[0]?.[0] === 'netobserv';
        const own = { source: 'netobserv', agent: 'netobserv-ebpf-agent' };
        const more = {
          series: isNetobserv
            ? queued.map(([cluster, node, name, level], index) => ({
                series: seriesText('netobserv_agent_buffer_size', { cluster, node, name, instance: `i${index}` }),
                values: `${level}x${2 * MINUTES}`,
              }))
            : [],
          truth: isNetobserv
            ? {
                'flow_agent:queued:max': [
                  [{ cluster: 'c1', node: 'n1', ...own }, 40],
                  [{ cluster: 'c1', node: 'n2', ...own }, 7],
                  [{ cluster: 'c2', node: 'n1', ...own }, 3],
                ] as readonly Held[],
              }
            : {},
        };
        await expectWith(more, given, kinds, agents, NODES, pods);
      },
    );
  });
});
