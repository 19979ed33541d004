import { describe, expect, test } from '@jest/globals';
import { promtoolSeries, samplesOf } from '../../../bench/samples.ts';
import { type Cluster, type Endpoint, isOnOneNode, type Node, nodeNameOf, type Series } from '../../../bench/model.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { SIMULATORS, type SourceId } from '../../../bench/sources/index.ts';
import type { SeenEnd } from '../../../bench/sources/seen.ts';
import { sourcesWith } from '../../support/expected-traffic.ts';
import { generate } from '../../support/generate.ts';
import { adapterOf } from '../../support/registry.ts';
import { testRules } from '../../support/rule-test.ts';
import { PIPELINE } from '../pipeline-input.ts';
import { TIMEOUT_MS } from './cases.ts';
import { givenFor, type Setup, steadyScrapes, STEP } from './harness.ts';
import { HOSTILE, NODES, PODS } from './hostile-cluster.ts';

const AT = 480;

/** Expects that ratio, to a thousandth, for every unit of the source. */
async function expectRatio(setup: Setup, ratio: number, scrapes = steadyScrapes(setup, HOSTILE)): Promise<void> {
  await testRules(
    [generate(givenFor(setup)).file(PIPELINE)],
    [
      {
        name: `${setup.id}: double count`,
        interval: `${STEP}s`,
        input_series: samplesOf(scrapes, { step: STEP, duration: AT }).map(promtoolSeries),
        promql_expr_test: SIMULATORS[setup.id].units.map((unit) => ({
          expr: `round(cluster:${unit}_initiator_over_receiver:ratio_rate5m, 0.001)`,
          eval_time: `${AT}s`,
          exp_samples: [{ labels: '{cluster="one"}', value: ratio }],
        })),
      },
    ],
    `${AT / 2}s`,
  );
}

/** Expects that the alert fires for every unit of the source, or for none. */
async function expectAlert(id: SourceId, scrapes: readonly Scrape[], fires: boolean): Promise<void> {
  const at = AT + 600;
  await testRules(
    [generate({ flows: { source: id }, alerts: { TrafficCountedTwice: { for: '5m' } } }).file(PIPELINE)],
    [
      {
        name: `${id}: ${fires ? 'counted twice' : 'counted once'}`,
        interval: `${STEP}s`,
        input_series: samplesOf(scrapes, { step: STEP, duration: at }).map(promtoolSeries),
        promql_expr_test: [
          {
            expr: 'count by (unit, alertstate) (ALERTS{alertname="TrafficCountedTwice"})',
            eval_time: `${at}s`,
            exp_samples: (fires ? SIMULATORS[id].units : []).map((unit) => ({
              labels: `{alertstate="firing", unit="${unit}"}`,
              value: 1,
            })),
          },
        ],
      },
    ],
  );
}

/** Agents that report some of what they see once more, under another label that no rule looks at. */
const twice =
  (which: (series: Series) => boolean) =>
  (scrape: Scrape): Scrape => ({
    ...scrape,
    families: scrape.families.map((family) => ({
      ...family,
      series: [
        ...family.series,
        ...family.series.filter(which).map((series) => ({ ...series, labels: { ...series.labels, again: 'yes' } })),
      ],
    })),
  });

const isSeenAt = (series: Series, wanted: string) =>
  (series.labels['traffic_direction'] ?? series.labels['direction'] ?? series.metric).toLowerCase().includes(wanted);

/** Sources that see each packet from both ends. */
const CHECKED = sourcesWith('peer views');

/** Sources whose agents both report a packet, told apart by a label. */
const REPORTERS = CHECKED.filter((id) => adapterOf(id).reporter !== undefined);

const HEALTHY: readonly (readonly [name: string, setup: Setup])[] = [
  ...(['retina-hubble', 'cilium-hubble'] as const).flatMap((id) => [
    [`${id}: low`, { id }] as const,
    [`${id}: high`, { id, options: { aggregation: 'high' } }] as const,
    [`${id}: client-side`, { id, given: { flows: { select: 'client-side' } } }] as const,
    [
      `${id}: compatibility, high`,
      { id, options: { aggregation: 'high' }, given: { flows: { select: 'compatibility' } } },
    ] as const,
  ]),
  ...(['tunnel', 'endpoint-routes'] as const).map(
    (routing) => [`cilium-hubble: ${routing}`, { id: 'cilium-hubble', options: { routing } }] as const,
  ),
  // Every selection of the others.
  ...CHECKED.filter((id) => !id.endsWith('hubble')).flatMap((id) =>
    Object.keys(adapterOf(id).selections).map(
      (select) => [`${id}: ${select}`, { id, given: { flows: { select } } }] as const,
    ),
  ),
];

/** Between nodes and without Services: both ends name every pair, and all packets pass the same interfaces. */
const PLAIN: Cluster = {
  ...HOSTILE,
  connections: HOSTILE.connections.filter(
    (one) => !isOnOneNode(one) && one.via === undefined && one.protocol === 'TCP',
  ),
};

/** Between these nodes, straight to the pods. */
const between = (...nodes: readonly Node[]): Cluster => {
  const names = new Set(nodes.map(({ name }) => name));
  const isBetween = (end: Endpoint) => names.has(nodeNameOf(end) ?? '');
  return {
    ...PLAIN,
    connections: PLAIN.connections.filter(({ client, server }) => isBetween(client) && isBetween(server)),
  };
};

const greedy = (id: SourceId, select: string) => [`${id}: ${select}`, { id, given: { flows: { select } } }] as const;

/** What takes more than one observation of each packet. */
const GREEDY: readonly (readonly [name: string, setup: Setup])[] = [
  greedy('retina-standard', 'direction=~".+"'),
  greedy('retina-hubble', 'compatibility'),
  greedy('retina-hubble', 'traffic_direction="ingress",type="Trace",verdict="FORWARDED"'),
  // What leaves by a network card has no direction.
  greedy('cilium-hubble', 'traffic_direction!="egress",type="Trace",subtype=~"to-.*"'),
];

describe('the check against double counting', () => {
  test.concurrent.each(HEALTHY)('%s: one', async (_name, setup) => expectRatio(setup, 1), TIMEOUT_MS);

  test.concurrent.each(CHECKED.filter((id) => !REPORTERS.includes(id)))(
    '%s: two where the other end reports twice, a half where this one does',
    async (id) => {
      const scrapes = steadyScrapes({ id }, HOSTILE);
      const doubled = (view: string) => scrapes.map(twice((series) => isSeenAt(series, view)));
      await expectRatio({ id }, 2, doubled('egress'));
      await expectRatio({ id }, 0.5, doubled('ingress'));
    },
    TIMEOUT_MS,
  );

  test.concurrent.each(GREEDY)(
    '%s: a half',
    async (_name, setup) => expectRatio(setup, 0.5, steadyScrapes(setup, PLAIN)),
    TIMEOUT_MS,
  );

  test.concurrent.each(REPORTERS)(
    '%s: a half where one of two agents reports twice, one where both do',
    async (id) => {
      const { a, b } = NODES;
      const setup: Setup = { id };
      const scrapes = steadyScrapes(setup, between(a, b));
      const doubled = (...nodes: readonly Node[]) =>
        scrapes.map(twice(({ labels }) => nodes.some(({ internalIp }) => labels[`${id}_ip`] === internalIp)));
      await expectRatio(setup, 0.5, doubled(a));
      await expectRatio(setup, 0.5, doubled(b));
      // As the runbook says.
      await expectRatio(setup, 1, doubled(a, b));
    },
    TIMEOUT_MS,
  );

  test.concurrent.each(REPORTERS)(
    '%s: one where an agent lacks the names of half of the pairs, as the other alone reports them',
    async (id) => {
      const { a, b } = NODES;
      const lacks = (agent: Node, of: SeenEnd) =>
        agent.name === a.name && of.kind === 'pod' && of.pod.name === PODS.dbB.name ? ('name' as const) : undefined;
      await expectRatio({ id, options: { lacks } }, 1, steadyScrapes({ id, options: { lacks } }, between(a, b)));
    },
    TIMEOUT_MS,
  );

  test.concurrent.each(CHECKED)(
    '%s: the alert fires for a planted double count, and not without it',
    async (id) => {
      const { a, b } = NODES;
      const scrapes = steadyScrapes({ id }, between(a, b));
      const isPlanted = (series: Series) =>
        REPORTERS.includes(id) ? series.labels[`${id}_ip`] === b.internalIp : isSeenAt(series, 'ingress');
      await expectAlert(id, scrapes, false);
      await expectAlert(id, scrapes.map(twice(isPlanted)), true);
    },
    TIMEOUT_MS,
  );

  test('every source but kubezonnet has the check, which has one view only', () => {
    expect(sourcesWith('peer views', false)).toEqual(['kubezonnet']);
    for (const id of sourcesWith('peer views', false)) {
      const { artifacts } = generate({ flows: { source: id } });
      expect(artifacts.map(({ text }) => text).join()).not.toMatch('initiator_over_receiver');
    }
  });
});
