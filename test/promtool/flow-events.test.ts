import { describe, expect, jest, test } from '@jest/globals';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import type { SourceId } from '../../bench/sources/index.ts';
import { FLOW_SOURCES } from '../../generators/index.ts';
import { sourcesWith } from '../support/expected-traffic.ts';
import { generate } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, holds, type Labels, silent, WINDOW } from './allowances-input.ts';
import { ABSENT, counting, during, expectAlerts, holding, type Level, PIPELINE, type Turn } from './pipeline-input.ts';
import { AGENT, AT, EXPORTED, MINUTES, OTHER, RATE, SHARE } from './flow-events-input.ts';
import { steadyScrapes, STEP } from './sources/harness.ts';
import { HOSTILE, NODES } from './sources/hostile-cluster.ts';

jest.setTimeout(120_000);

/** A counter that is there only while it grows or stays; `counting` would restart it at 0. */
function existing(name: string, labels: Labels, ...turns: readonly Turn[]): InputSeries {
  let value = 1000;
  const levels = during(...turns).map((by): Level => (by === ABSENT ? by : (value += by)));
  return holding(name, labels, levels);
}

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
        ...lost.map((_, index) => losing(AGENT, index, ...bursts)),
        seen(OTHER, ...nine),
        losing(OTHER, 0, [MINUTES, 100]),
      ],
      shares(AT, ...lost.map(([type]) => [AGENT, type, 100 / (900 + 100 * lost.length)] as const), [OTHER, first, 0.1]),
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
