import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../bench/random.ts';
import { generate } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { only, perSecond } from './dns-truth.ts';
import { type Counted, MINUTES, series } from './dns-world.ts';
import { grouped, type Held, holdAll, type Truth } from './held.ts';

const AT = `${MINUTES}m`;
const FILE = 'rules/prometheus/flow-pipeline.rules.yaml';

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
  /** Each agent counts by direction, and has a second port; that of another node is named alike. */
  const PLACES: readonly Labels[] = [{ direction: 'egress' }, { direction: 'ingress' }, { instance: 'b' }];
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
        { from: nobody(from['cluster'] ?? ''), to: from, seenOn: 'n1' },
        { from: nobody(from['cluster'] ?? ''), to: from, seenOn: 'n2' },
      ]),
      { from: undescribed, to: nobody('c1'), seenOn: 'n1' },
      { from: nobody('c1'), to: nobody('c1'), seenOn: 'n1' },
    ].filter(({ from, to }) => from['cluster'] === to['cluster']);
    const dropped = pairs.flatMap(({ from, to, seenOn }) =>
      REASONS.flatMap((reason) =>
        PLACES.map((place) => ({
          who: (from['pod'] ?? '') === '' ? to : from,
          cluster: from['cluster'] ?? '',
          reason,
          metric: drops,
          of: [counted()],
          labels: {
            ...agentOn(from['cluster'] ?? '', seenOn),
            ...place,
            ...end('source', from),
            ...end('destination', to),
            reason,
          },
        })),
      ),
    );
    const sent = [...PODS, undescribed, nobody('c1')].flatMap((who) =>
      ['n1', 'n2'].flatMap((seenOn) =>
        ['RST', 'SYN'].flatMap((flag) =>
          PLACES.map((place) => ({
            who,
            seenOn,
            flag,
            metric: flags,
            of: [counted()],
            labels: { ...agentOn(who['cluster'] ?? '', seenOn), ...place, ...end('source', who), flag },
          })),
        ),
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
      // Two jobs scrape the agents, and one of them missed a part: not the same one everywhere.
      ...counters.flatMap((one) => {
        const { instance, node }: Labels = one.labels;
        const isBehind = instance === 'b' && node === 'n1';
        const half = one.of.map((part) => ({ ...part, units: part.units / 2 }));
        return [
          series({ ...one, of: isBehind ? half : one.of }),
          series({ ...one, of: isBehind ? one.of : half, labels: { ...one.labels, job: 'twice' } }),
        ];
      }),
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
