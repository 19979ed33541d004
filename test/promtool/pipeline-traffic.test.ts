import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, type Labels } from './allowances-input.ts';
import { PIPELINE } from './pipeline-input.ts';
import { inBursts } from './sources/bursts.ts';
import { type FlowSpec, hubbleFlows, kubeStateMetrics, MINUTES, type Lifetime } from './scenario.ts';

/** From what is scraped to the alert, through every rule. Short waits, as a scenario lasts half an hour. */
const generated = generate({
  alerts: { TrafficUnattributed: { for: '5m' }, TrafficCountedTwice: { for: '5m' }, FlowSourceSilent: { for: '10m' } },
});
const NODES = ['node-a', 'node-b'];
const UNIT = 'network_flows';

/** Two nodes in two zones, a pod on each, as two instances of kube-state-metrics tell it. */
const described = (cluster: string, life: Lifetime = {}): InputSeries[] =>
  kubeStateMetrics(
    NODES.map((name, index) => ({ name, cluster, label: `zone-${index}`, ...life })),
    [
      { cluster, namespace: 'shop', name: 'cart', node: 'node-a', ...life },
      { cluster, namespace: 'shop', name: 'stock', node: 'node-b', ...life },
    ],
    2,
  );

const CALL = { source: ['shop', 'cart'], destination: ['shop', 'stock'], rate: 10 } as const;
/** The same packets as the server's and as the client's node report them; agents differ in `by`. */
const seenBy = (side: 'server' | 'client', spec: Partial<FlowSpec> = {}, by: Labels = {}): FlowSpec => ({
  ...CALL,
  ...spec,
  labels: {
    instance: side === 'server' ? 'node-b' : 'node-a',
    traffic_direction: side === 'server' ? 'ingress' : 'egress',
    ...by,
  },
});
const bothSee = (spec: Partial<FlowSpec> = {}) => [seenBy('server', spec), seenBy('client', spec)];

/** `cause` is that of IdentitySourceSilent. */
const firing = (alert: string, minute: number, ...clusters: readonly string[]) =>
  fires(
    alert,
    'warning',
    minute,
    clusters.map((cluster) => ({
      cluster,
      unit: UNIT,
      ...(alert === 'IdentitySourceSilent' && { cause: 'no_kube_state_metrics' }),
    })),
  );

const expectStory = (
  input_series: readonly InputSeries[],
  promql_expr_test: readonly ExpressionTest[],
  rules = generated.file(RULES.zoneTraffic),
): Promise<void> =>
  testRules([rules, generated.file(PIPELINE)], [{ name: 'story', interval: '30s', input_series, promql_expr_test }]);

/** Every minute from the first that has a rate, seen by all rules, whichever group ran first. */
const EVERY = Array.from({ length: MINUTES - 2 }, (_, index) => index + 3);
/** No alert of any name is firing, or waiting to. */
const NOTHING: readonly ExpressionTest[] = EVERY.map((minute) => ({
  expr: 'ALERTS',
  eval_time: `${minute}m`,
  exp_samples: [],
}));

/** The same, where a cluster has no label. */
const BUT_THE_LABEL = NOTHING.map((one) => ({ ...one, expr: 'ALERTS{alertname!="ClusterLabelMissing"}' }));

describe('all is well', () => {
  test('with an external peer, a counter that restarts, and a cluster without the label', async () => {
    const outside = seenBy('server', { source: ['', ''], rate: 30 }, { source_ip: '203.0.113.9' });
    const flows = hubbleFlows([...bothSee({ resetAt: 12 }), outside, ...bothSee({ cluster: '' })]);
    await expectStory([...described('one'), ...described(''), ...flows], BUT_THE_LABEL);
  });

  test('when nobody sends anything', async () => {
    await expectStory([...described('one'), ...hubbleFlows(bothSee({ rate: 0 }))], NOTHING);
  });
});

test('kube-state-metrics of one of two clusters is away: nobody describes its pods, and nothing else is blamed', async () => {
  const flows = hubbleFlows([...bothSee(), ...bothSee({ cluster: 'two' })]);
  await expectStory(
    [...described('one', { until: 8 }), ...described('two'), ...flows],
    [
      firing('IdentitySourceSilent', 22),
      firing('IdentitySourceSilent', 25, 'one'),
      ...EVERY.flatMap((minute) =>
        ['FlowSourceSilent', 'TrafficLost', 'TrafficUnattributed'].map((alert) => firing(alert, minute)),
      ),
    ],
  );
});

test('kube-state-metrics calls the cluster otherwise than the flows do: both sides are reported', async () => {
  await expectStory(
    [...described('production'), ...hubbleFlows(bothSee({ cluster: 'prod' }))],
    [firing('FlowSourceSilent', 20, 'production'), firing('IdentitySourceSilent', 20, 'prod')],
  );
});

test('the agents of one of two clusters are away', async () => {
  const flows = hubbleFlows([...bothSee({ until: 6 }), ...bothSee({ cluster: 'two' })]);
  await expectStory(
    [...described('one'), ...described('two'), ...flows],
    [
      firing('FlowSourceSilent', 20),
      firing('FlowSourceSilent', 24, 'one'),
      ...EVERY.flatMap((minute) => ['IdentitySourceSilent', 'TrafficLost'].map((alert) => firing(alert, minute))),
    ],
  );
});

test('pods that kube-state-metrics never saw are a fault from a tenth of the traffic on', async () => {
  const strange = (rate: number) => seenBy('server', { destination: ['shop', 'ghost'], rate });
  const input = (rate: number) => [...described('one'), ...hubbleFlows([...bothSee(), strange(rate)])];
  await expectStory(input(1), NOTHING);
  await expectStory(input(1.3), [firing('TrafficUnattributed', 20, 'one')]);
});

describe('counted twice', () => {
  const twice = (flows: readonly FlowSpec[]) => [...described('one'), ...hubbleFlows(flows)];
  const nic = { interface: 'eth0' };

  test.each(['server', 'client'] as const)('at the %s only', async (side) => {
    const flows = [...bothSee(), seenBy(side, {}, nic)];
    await expectStory(twice(flows), [firing('TrafficCountedTwice', 5), firing('TrafficCountedTwice', 20, 'one')]);
  });

  test('a pair that only one end sees does not count', async () => {
    const once = seenBy('client', { source: ['shop', 'stock'], destination: ['shop', 'cart'], rate: 90 });
    await expectStory(twice([...bothSee(), once]), NOTHING);
  });

  describe('the ratio', () => {
    /** The check runs every four minutes. */
    const AT = 20;
    const ratio = (value: number): ExpressionTest => ({
      expr: `round(cluster:${UNIT}_initiator_over_receiver:ratio_rate5m, 0.000001)`,
      eval_time: `${AT}m`,
      exp_samples: [{ labels: '{cluster="one"}', value }],
    });

    test('is that of flows: what differs in type, verdict or subtype alone counts on neither side', async () => {
      const others = [{ type: 'L7' }, { verdict: 'DROPPED' }, { subtype: 'to-network' }];
      const back = { source: CALL.destination, destination: CALL.source } as const;
      const planted = others.flatMap((by) => [
        seenBy('server', { rate: 30 }, by),
        seenBy('client', { rate: 70 }, by),
        // The other side of what one side alone sees.
        seenBy('server', { ...back, destination: ['shop', 'once'] }, by),
        seenBy('client', { ...back, source: ['shop', 'once'] }, by),
      ]);
      const once = [
        seenBy('client', { ...back, destination: ['shop', 'once'], rate: 90 }),
        seenBy('server', { ...back, source: ['shop', 'once'], rate: 50 }),
      ];
      await expectStory(twice([...bothSee({ rate: 10 }), ...once, ...planted]), [ratio(1)]);
    });

    test.each(['server', 'client'] as const)('is that of 5 minutes, though the %s reports in bursts', async (side) => {
      const [server, client] = hubbleFlows(bothSee());
      if (server === undefined || client === undefined) throw new Error('no flows');
      const uneven = ({ series, values }: InputSeries): InputSeries => ({
        series,
        values: inBursts(values.split(' '), AT * 2 + 1).join(' '),
      });
      const flows = side === 'server' ? [uneven(server), client] : [server, uneven(client)];
      await expectStory([...described('one'), ...flows], [ratio(1)]);
    });
  });

  test('some agents by two jobs shows; all agents by two jobs does not, as the runbook says', async () => {
    const other = { job: 'other' };
    await expectStory(twice([...bothSee(), seenBy('server', {}, other)]), [firing('TrafficCountedTwice', 20, 'one')]);
    await expectStory(twice([...bothSee(), seenBy('server', {}, other), seenBy('client', {}, other)]), NOTHING);
  });
});

test('a rule that is missing loses traffic, and the source is not blamed for it', async () => {
  const file = load(generated.file(RULES.zoneTraffic)) as { groups: { rules: { record: string }[] }[] };
  const broken = file.groups.map((group) => ({
    ...group,
    rules: group.rules.filter(({ record }) => record !== `destination_endpoint:${UNIT}_identity:info`),
  }));
  expect(broken.flatMap(({ rules }) => rules).length).toBe(file.groups.flatMap(({ rules }) => rules).length - 1);
  await expectStory(
    [...described('one'), ...hubbleFlows(bothSee())],
    [firing('TrafficLost', 10), firing('TrafficLost', 12, 'one'), firing('FlowSourceSilent', 29)],
    dump({ groups: broken }),
  );
});
