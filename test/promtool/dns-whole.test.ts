import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../bench/random.ts';
import { generate, RULES } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { only, perSecond, truthOf } from './dns-truth.ts';
import { type Counted, countedBy, MINUTES, series, seriesOf } from './dns-world.ts';
import { grouped, type Held, holdAll } from './held.ts';

const AT = `${MINUTES}m`;

test('every record on DNS servers holds what is true of them, and nothing else', async () => {
  const counted = countedBy(1);
  const truth = truthOf(counted);
  expect(Object.values(truth).every((held) => held.length > 1)).toBe(true);
  const world = { name: 'servers', interval: INTERVAL, input_series: seriesOf(counted) };
  await testRules([generate().file(RULES.dns)], [{ ...world, promql_expr_test: holdAll(truth, AT) }], AT);
});

describe('every workload that asks, by what the agent on the node of its pod sees', () => {
  const NAMES = { NOERROR: 'No Error', NXDOMAIN: 'Non-Existent Domain', SERVFAIL: 'Server Failure' } as const;
  const random = createRandom(7);
  const counted = (): Counted => ({ units: random.int(1, 60), course: 0 });
  /** Pods, each different from others in one label alone, and the workload of each. */
  const PODS: readonly Labels[] = [
    { cluster: 'c1', namespace: 'a', pod: 'p', node: 'n1', workload_type: 'Deployment', workload: 'web' },
    { cluster: 'c1', namespace: 'a', pod: 'q', node: 'n1', workload_type: 'Deployment', workload: 'web' },
    { cluster: 'c1', namespace: 'a', pod: 'r', node: 'n2', workload_type: 'StatefulSet', workload: 'web' },
    { cluster: 'c1', namespace: 'a', pod: 's', node: 'n2', workload_type: 'Deployment', workload: 'db' },
    { cluster: 'c1', namespace: 'b', pod: 'p', node: 'n1', workload_type: 'Deployment', workload: 'web' },
    { cluster: 'c2', namespace: 'a', pod: 'p', node: 'n1', workload_type: 'Deployment', workload: 'web' },
  ];
  /** Messages of a pod, or of no pod, as each agent of its cluster counts them, by type and by the pod of the agent. */
  const messages = [...PODS, { cluster: 'c1', namespace: 'a', pod: 'unknown' }, { cluster: 'c1' } as Labels].flatMap(
    (who) =>
      ['n1', 'n2'].flatMap((seenOn) =>
        [
          { qtypes: 'A', instance: seenOn },
          { qtypes: 'AAAA', instance: seenOn },
          { qtypes: 'A', instance: 'before' },
        ].map((more) => ({ who, seenOn, labels: { cluster: who['cluster'] ?? '', node: seenOn, ...more } })),
      ),
  );
  const own = (side: 'source' | 'destination', { namespace = '', pod = '' }: Labels): Labels => ({
    [`${side}_namespace`]: namespace,
    [`${side}_pod`]: pod,
  });
  const queries = messages.map(({ who, seenOn, labels }) => ({
    who,
    seenOn,
    rcode: '',
    metric: 'hubble_dns_queries_total',
    of: [counted()],
    labels: { ...labels, ...own('source', who) },
  }));
  const answers = messages.flatMap(({ who, seenOn, labels }) =>
    (['NOERROR', 'NXDOMAIN', 'SERVFAIL'] as const).map((rcode) => ({
      who,
      seenOn,
      rcode,
      metric: 'hubble_dns_responses_total',
      of: [counted()],
      labels: { ...labels, ...own('destination', who), rcode: NAMES[rcode] },
    })),
  );
  const truth = (all: typeof queries): readonly Held[] =>
    grouped(
      all.filter(({ who, seenOn }) => who['node'] === seenOn),
      ({ who, rcode }) => only({ ...who, rcode }, ['cluster', 'namespace', 'workload_type', 'workload', 'rcode']),
    ).map(([labels, same]): Held => [labels, perSecond(same.flatMap(({ of }) => of))]);

  test.each(['retina-hubble', 'cilium-hubble'])('%s', async (source) => {
    const identities = PODS.map((labels) => ({
      series: seriesText('cluster_namespace_pod:identity:info', { ...labels, zone: 'z' }),
      values: `1x${2 * MINUTES}`,
    }));
    const input_series = [...identities, ...[...queries, ...answers].map(series)];
    const held = { 'dns_client:queries:rate5m': truth(queries), 'dns_client:answers:rate5m': truth(answers) };
    const world = { name: source, interval: INTERVAL, input_series, promql_expr_test: holdAll(held, AT) };
    await testRules([generate({ flows: { source } }).file(RULES.dns)], [world], AT);
  });
});
