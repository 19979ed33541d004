import { describe, expect, jest, test } from '@jest/globals';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import type { SourceId } from '../../bench/sources/index.ts';
import { FLOW_SOURCES } from '../../generators/index.ts';
import { sourcesWith } from '../support/expected-traffic.ts';
import { generate } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, holds, type Labels, silent, WINDOW } from './allowances-input.ts';
import { ABSENT, counting, during, expectAlerts, holding, type Level, PIPELINE, type Turn } from './pipeline-input.ts';
import { steadyScrapes, STEP } from './sources/harness.ts';
import { HOSTILE, NODES } from './sources/hostile-cluster.ts';

jest.setTimeout(120_000);

/** A counter that is there only while it grows or stays; `counting` would restart it at 0. */
function existing(name: string, labels: Labels, ...turns: readonly Turn[]): InputSeries {
  let value = 1000;
  const levels = during(...turns).map((by): Level => (by === ABSENT ? by : (value += by)));
  return holding(name, labels, levels);
}

/** Counters as the agents of a source export them; written down here once more, apart from the adapters. */
interface Exported {
  readonly seen: readonly [metric: string, labels: Labels];
  /** Counters of losses, each with the type under which it must be recorded. */
  readonly lost: readonly (readonly [type: string, metric: string, labels: Labels])[];
  /** Series of these counters that are no loss of flows. */
  readonly others: readonly (readonly [metric: string, labels: Labels])[];
  /** Whether a series begins with the first loss. */
  readonly begins?: true;
  readonly given?: object;
}

const HUBBLE = 'hubble_lost_events_total';
const RETINA = 'controlplane_networkobservability_lost_events_counter';
const PARSED = 'controlplane_networkobservability_parsed_packets_counter';
const FLOWS = 'hubble_flows_processed_total';
const DROPPED = 'netobserv_agent_dropped_flows_total';
const inHubble = (source: string) => [source, HUBBLE, { source }] as const;
const inRetina = (type: string, reason = 'packetparser') => [type, RETINA, { type, reason }] as const;
const RING = [HUBBLE, { source: 'hubble_ring_buffer' }] as const;
const OTHER_PLUGIN = [RETINA, { type: 'kernel', reason: 'dns' }] as const;

const ebpf = (id: string): Exported => ({
  seen: [`${id}_bpf_network_packets_total`, {}],
  lost: [['flow_map', `${id}_bpf_network_ignored_packets_total`, {}]],
  others: [],
});

const EXPORTED: Readonly<Partial<Record<SourceId, Exported>>> = {
  'retina-hubble': {
    seen: [PARSED, {}],
    lost: [
      inRetina('kernel'),
      inRetina('buffered_channel'),
      inRetina('external_channel'),
      inHubble('observer_events_queue'),
    ],
    others: [RING, OTHER_PLUGIN],
    begins: true,
  },
  'retina-standard': {
    seen: [PARSED, {}],
    lost: [inRetina('kernel'), inRetina('buffered_channel'), inRetina('enricher_ring', 'metricModule')],
    others: [RING, OTHER_PLUGIN],
    begins: true,
  },
  'cilium-hubble': {
    seen: [FLOWS, { type: 'Trace', subtype: 'to-endpoint', source_pod: 'web' }],
    lost: [inHubble('perf_event_ring_buffer'), inHubble('observer_events_queue')],
    others: [RING],
    // The check reads all flows, so by default it runs every 4 minutes.
    given: { rules: { interval: '30s' } },
  },
  obi: ebpf('obi'),
  beyla: ebpf('beyla'),
  netobserv: {
    seen: ['netobserv_agent_evicted_flows_total', { source: 'hashmap' }],
    lost: [
      ['CannotCreateFlowsHashMap', DROPPED, { source: 'flow-fetcher', reason: 'CannotCreateFlowsHashMap' }],
      ['full', DROPPED, { source: 'limiter', reason: 'full' }],
    ],
    others: [
      [DROPPED, { source: 'flow-fetcher', reason: 'CannotUpdateDNSHashMap' }],
      ['netobserv_agent_evicted_flows_total', { source: 'accounter', reason: 'full' }],
    ],
    begins: true,
  },
};

const SHARE = 'cluster_instance:flow_events_lost:ratio_rate5m';
const RATE = 'cluster_instance:flow_events_lost:rate5m';
const AGENT: Labels = { cluster: 'production', instance: 'node-a', node: 'node-a', job: 'one' };
const OTHER: Labels = { ...AGENT, instance: 'node-b', node: 'node-b' };
const MINUTES = 40;
const AT = 35;

test('every source that counts its losses is here', () => {
  expect(Object.keys(EXPORTED).toSorted()).toEqual([...sourcesWith('lost events')].toSorted());
  expect(FLOW_SOURCES).toEqual(expect.arrayContaining(Object.keys(EXPORTED)));
});

describe.each(Object.entries(EXPORTED))('%s', (id, { seen: [metric, seenLabels], lost, others, begins, given }) => {
  const generated = generate({ ...given, flows: { source: id } });
  const by = ({ cluster = '', instance = '' }: Labels): Labels => ({ cluster, instance, source: id });
  const seen = (agent: Labels, ...turns: readonly Turn[]) =>
    counting(metric, { ...agent, ...seenLabels }, during(...turns));
  const losing = (agent: Labels, index: number, ...turns: readonly Turn[]): InputSeries => {
    const [, counter, place] = lost[index] ?? ['', '', {}];
    return counting(counter, { ...agent, ...place }, during(...turns));
  };
  const [first, name, labels] = lost[0] ?? ['', '', {}];
  const shares = (minute: number, ...expected: readonly (readonly [Labels, string, number])[]): ExpressionTest =>
    holds(
      SHARE,
      `${minute}m`,
      expected.map(([agent, type, share]) => [{ ...by(agent), type }, Math.round(share * 1e6) / 1e6]),
    );
  const firing = (minute: number, ...where: readonly Labels[]) => fires('FlowEventsLost', 'warning', minute, where);
  const steady: Turn = [MINUTES, 900];

  test('records what each agent loses of all that it lost or handled, by type, and fires for the lossy one', async () => {
    // 100 for each type beside 900 that it handles; the other agent loses nothing.
    const whole = 900 + 100 * lost.length;
    await expectAlerts(
      generated,
      [
        seen(AGENT, steady),
        seen(OTHER, steady),
        ...lost.map((_, index) => losing(AGENT, index, [MINUTES, 100])),
        losing(OTHER, 0, [MINUTES, 0]),
        ...others.map(([other, kind]) => counting(other, { ...OTHER, ...kind }, during([MINUTES, 5000]))),
      ],
      shares(AT, ...lost.map(([type]) => [AGENT, type, 100 / whole] as const), [OTHER, first, 0]),
      firing(AT, ...lost.map(([type]) => ({ ...by(AGENT), type }))),
    );
  });

  test('fires above one percent only', async () => {
    await expectAlerts(
      generated,
      [
        seen(AGENT, [MINUTES, 9901]),
        losing(AGENT, 0, [MINUTES, 99]),
        seen(OTHER, [MINUTES, 9890]),
        losing(OTHER, 0, [MINUTES, 110]),
      ],
      firing(AT, { ...by(OTHER), type: first }),
    );
  });

  test('is a share of the last 5 minutes, whatever happens within them', async () => {
    // By minute, before AT: 400 in the last four, which are what a window of 5 minutes holds, and none before or at the end.
    const bursts: readonly Turn[] = [
      [AT - 5, 100],
      [1, 0],
      [1, 300],
      [1, 60],
      [1, 40],
      [6, 0],
    ];
    const nine = bursts.map(([minutes, growth]): Turn => [minutes, 9 * Number(growth)]);
    await expectAlerts(
      generated,
      [
        seen(AGENT, [MINUTES, 900]),
        losing(AGENT, 0, ...bursts),
        seen(OTHER, ...nine),
        losing(OTHER, 0, [MINUTES, 100]),
      ],
      shares(AT, [AGENT, first, 0.1], [OTHER, first, 0.1]),
    );
  });

  test('is the same share of what an agent with hardly any traffic has', async () => {
    await expectAlerts(
      generated,
      [seen(AGENT, [MINUTES, 9]), losing(AGENT, 0, [MINUTES, 1])],
      shares(AT, [AGENT, first, 0.1]),
    );
  });

  test('counts an agent of two jobs once, and two pods of one agent together', async () => {
    const pods = ['old', 'new'].map((pod) => ({ ...AGENT, pod }));
    const twice = { ...AGENT, job: 'two' };
    await expectAlerts(
      generated,
      [
        ...pods.flatMap((agent) => [seen(agent, steady), losing(agent, 0, [MINUTES, 100])]),
        // The second job sees the losses but not all pods.
        seen({ ...twice, pod: 'old' }, steady),
        losing({ ...twice, pod: 'old' }, 0, [MINUTES, 100]),
      ],
      shares(AT, [AGENT, first, 0.1]),
      holds(RATE, `${AT}m`, [[{ ...by(AGENT), type: first }, Math.round((200 / 60) * 1e6) / 1e6]]),
    );
  });

  test('keeps clusters apart whose nodes have the same names, and works without a cluster label', async () => {
    const staging = { ...AGENT, cluster: 'staging' };
    await expectAlerts(
      generated,
      [seen(AGENT, steady), losing(AGENT, 0, [MINUTES, 100]), seen(staging, steady), losing(staging, 0, [MINUTES, 0])],
      shares(AT, [AGENT, first, 0.1], [staging, first, 0]),
    );
    const { cluster: _cluster, ...single } = AGENT;
    await expectAlerts(
      generate({ ...given, flows: { source: id }, cluster: { label: null } }),
      [seen(single, steady), losing(single, 0, [MINUTES, 100])],
      holds(SHARE, `${AT}m`, [[{ instance: 'node-a', source: id, type: first }, 0.1]]),
    );
  });

  test('survives restarts: neither a loss nor a gap comes of one', async () => {
    const restarts: readonly Turn[] = [
      [12, 900],
      [1, ABSENT],
      [12, 900],
      [1, ABSENT],
      [20, 900],
    ];
    const none: readonly Turn[] = restarts.map(([minutes, level]) => [minutes, level === ABSENT ? ABSENT : 0]);
    const some: readonly Turn[] = restarts.map(([minutes, level]) => [minutes, level === ABSENT ? ABSENT : 100]);
    await expectAlerts(
      generated,
      [seen(AGENT, ...restarts), losing(AGENT, 0, ...some), seen(OTHER, ...restarts), losing(OTHER, 0, ...none)],
      ...[16, 20, 29, 35].map((minute) => shares(minute, [AGENT, first, 0.1], [OTHER, first, 0])),
      ...[28, 35, 40].map((minute) => firing(minute, { ...by(AGENT), type: first })),
    );
  });

  test('is 1 where nothing is handled any more, absent where nothing happens, and ends with the agent', async () => {
    await expectAlerts(
      generated,
      [
        seen(AGENT, [MINUTES, 0]),
        losing(AGENT, 0, [MINUTES, 100]),
        seen(OTHER, [MINUTES, 0]),
        losing(OTHER, 0, [MINUTES, 0]),
      ],
      shares(AT, [AGENT, first, 1]),
    );
    await expectAlerts(
      generated,
      [
        existing(metric, { ...AGENT, ...seenLabels }, [15, 900], [MINUTES, ABSENT]),
        existing(name, { ...AGENT, ...labels }, [15, 100], [MINUTES, ABSENT]),
      ],
      shares(14, [AGENT, first, 0.1]),
      shares(15 + WINDOW + 6),
      // It goes on for 15 minutes after the last loss.
      ...silent('FlowEventsLost', 'warning', [15 + WINDOW + 6 + 15]),
    );
  });

  test('says 0 of no type where an agent has no counter of losses yet', async () => {
    await expectAlerts(generated, [seen(AGENT, steady)], shares(AT, [AGENT, 'none', 0]));
  });

  test('sees the first loss where a series begins with it, and no old one', async () => {
    // The series begins after 20 minutes with 500, and never grows again.
    const born = (agent: Labels): InputSeries =>
      holding(name, { ...agent, ...labels }, during([20, ABSENT], [MINUTES - 20, 500]));
    const once = 500 / (500 + 900 * WINDOW);
    await expectAlerts(
      generated,
      [
        seen(AGENT, steady),
        born(AGENT),
        // This agent is new to Prometheus with all that it has ever counted: no loss of now.
        existing(metric, { ...OTHER, ...seenLabels }, [20, ABSENT], [20, 900]),
        born(OTHER),
      ],
      shares(20, [AGENT, 'none', 0]),
      ...[22, 23, 24].map((minute) => shares(minute, [AGENT, first, begins === true ? once : 0], [OTHER, first, 0])),
      shares(30, [AGENT, first, 0], [OTHER, first, 0]),
      ...silent('FlowEventsLost', 'warning', [36, 39]),
    );
  });

  test('finds the share that a simulated agent loses, on the packets of a cluster', async () => {
    const share = 0.25;
    const setup = {
      id: id as SourceId,
      options: { losses: (node: { name: string }) => (node.name === NODES.a.name ? share : 0) },
    };
    const duration = 900;
    const scrapes = steadyScrapes(setup, HOSTILE);
    const lossy = scrapes.find((scrape) => scrape.labels['node'] === NODES.a.name)?.labels ?? {};
    await testRules(
      [generated.file(PIPELINE)],
      [
        {
          name: 'simulated',
          interval: `${STEP}s`,
          input_series: samplesOf(scrapes, { step: STEP, duration }).map(promtoolSeries),
          promql_expr_test: [
            {
              expr: `group by (cluster, instance) (sum by (cluster, instance) (${SHARE}) > 0)`,
              eval_time: `${duration}s`,
              exp_samples: [{ labels: `{cluster="${lossy['cluster']}", instance="${lossy['instance']}"}`, value: 1 }],
            },
            // Counters hold whole events.
            {
              expr: `abs(max(${SHARE}) - ${share}) < bool 0.01`,
              eval_time: `${duration}s`,
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        },
      ],
    );
  });
});

test('what a real agent of Retina lost, standard mode: 365 of 4,000 events in the kernel, 291 in a ring of its own', async () => {
  const inMinute = (agent: Labels, type: string, reason: string, lost: number, parsed: number): InputSeries[] => [
    counting(PARSED, agent, during([MINUTES, parsed])),
    counting(RETINA, { ...agent, type, reason }, during([MINUTES, lost])),
  ];
  const share = (agent: Labels, type: string, value: number) =>
    [
      { cluster: 'production', instance: agent['instance'] ?? '', source: 'retina-standard', type },
      Math.round(value * 1e6) / 1e6,
    ] as const;
  await expectAlerts(
    generate({ flows: { source: 'retina-standard' } }),
    [
      ...inMinute(AGENT, 'kernel', 'packetparser', 365, 3635),
      ...inMinute(OTHER, 'enricher_ring', 'metricModule', 291, 4845),
    ],
    // Events of the ring were parsed before, so this share is a little low: 291 of 4,845.
    holds(SHARE, `${AT}m`, [share(AGENT, 'kernel', 365 / 4000), share(OTHER, 'enricher_ring', 291 / (291 + 4845))]),
  );
});

test('kubezonnet has no such records: neither agents nor server count what they lose', () => {
  const { bundle } = generate({ flows: { source: 'kubezonnet' } });
  const names = bundle.ruleFiles.flatMap(({ groups }) => groups.map(({ name }) => name));
  expect(names).not.toContain('azimuth-flow-events');
});

test('before v1.0.0 Retina counts no events that it handled, so the flows stand for them', async () => {
  const rules = generate({ retina: { version: 'v0.0.34' }, rules: { interval: '30s' } });
  await expectAlerts(
    rules,
    [
      counting(FLOWS, { ...AGENT, type: 'Trace' }, during([MINUTES, 900])),
      counting(RETINA, { ...AGENT, type: 'kernel', reason: 'packetparser' }, during([MINUTES, 100])),
    ],
    holds(SHARE, `${AT}m`, [
      [{ cluster: 'production', instance: 'node-a', source: 'retina-hubble', type: 'kernel' }, 0.1],
    ]),
  );
});
