import { describe, expect, jest, test } from '@jest/globals';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import type { Observed } from '../../../bench/truth.ts';
import { allFlowSources } from '../../../generators/build/readings.ts';
import { generate, RULES } from '../../support/generate.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expectScenario, observedBy, scrapesFor, type Setup, STEADY, steadyScrapes, truthAt } from './harness.ts';
import { HOSTILE } from './hostile-cluster.ts';

jest.setTimeout(TIMEOUT_MS);

const steady = (setup: Setup) => ({
  scrapes: steadyScrapes(setup, HOSTILE),
  checks: [truthAt(setup, STEADY, HOSTILE)],
});

/** The label of the cluster under another name, or gone. */
const relabelled =
  (label: string | null) =>
  (scrape: Scrape): Scrape => {
    const { cluster = '', ...labels } = scrape.labels;
    return { ...scrape, labels: label === null ? labels : { ...labels, [label]: cluster } };
  };

describe.each(SOURCE_IDS)('%s', (id) => {
  test.concurrent.each([null, 'k8s'])('cluster.label: %s', async (label) => {
    const setup = { id, given: { cluster: { label } } };
    const { scrapes, checks } = steady(setup);
    await expectScenario(`label ${label}`, setup, { scrapes: scrapes.map(relabelled(label)), checks });
  });

  test.concurrent.each(['zone', 'workload', 'pod'])('flows.granularity: %s', async (granularity) => {
    const setup = { id, given: { flows: { granularity } } };
    await expectScenario(granularity, setup, steady(setup));
  });

  test('rules.window: 10m is in the names', async () => {
    const setup = { id, given: { rules: { window: '10m' } } };
    await expectScenario('window', setup, {
      scrapes: steadyScrapes(setup, HOSTILE),
      checks: [truthAt(setup, 660, HOSTILE)],
    });
    expect(generate({ flows: { source: id }, rules: { window: '10m' } }).file(RULES.zoneTraffic)).not.toMatch(/rate5m/);
  });
});

test('two sources that count in different units', async () => {
  const sources = ['retina-hubble', 'obi'] as const;
  const [first, second] = sources;
  const truth: Observed = { ...observedBy({ id: first }, HOSTILE), ...observedBy({ id: second }, HOSTILE) };
  const setup: Setup = { id: first, given: { flows: { source: sources } } };
  await expectScenario('two sources', setup, {
    scrapes: scrapesFor({ ...setup, options: { sources } }, [{ from: 0, cluster: HOSTILE }]),
    checks: [{ at: STEADY, truth: { [HOSTILE.name]: truth } }],
  });
});

const HUBBLE_VETH = 'type="Trace",verdict="FORWARDED",subtype=~"to-endpoint|to-stack"';

/** Ways to set a source up, and what is counted then. */
const SETUPS: readonly (readonly [name: string, setup: Setup])[] = [
  ...(['retina-hubble', 'cilium-hubble'] as const).flatMap((id) => [
    [`${id}: high aggregation`, { id, options: { aggregation: 'high' } }] as const,
    [
      `${id}: high aggregation, client-side`,
      { id, options: { aggregation: 'high', select: 'client-side' }, given: { flows: { select: 'client-side' } } },
    ] as const,
    [
      `${id}: client-side`,
      { id, options: { select: 'client-side' }, given: { flows: { select: 'client-side' } } },
    ] as const,
    [
      `${id}: matchers`,
      {
        id,
        options: { select: 'client-side' },
        given: { flows: { select: `traffic_direction="egress",${HUBBLE_VETH}` } },
      },
    ] as const,
  ]),
  [
    'retina-hubble: compatibility, high aggregation',
    {
      id: 'retina-hubble',
      options: { aggregation: 'high', select: 'client-side' },
      given: { flows: { select: 'compatibility' } },
    },
  ],
  [
    'cilium-hubble: compatibility',
    { id: 'cilium-hubble', options: { select: 'client-side' }, given: { flows: { select: 'compatibility' } } },
  ],
  ...(['tunnel', 'endpoint-routes', 'host-routing'] as const).map(
    (routing) => [`cilium-hubble: ${routing}`, { id: 'cilium-hubble', options: { routing } }] as const,
  ),
  [
    'retina-standard: v1.1.0',
    { id: 'retina-standard', options: { zones: false }, given: { retina: { version: 'v1.1.0' } } },
  ],
  ...(['retina-standard', 'netobserv'] as const).flatMap((id) => [
    [`${id}: egress`, { id, options: { select: 'egress' }, given: { flows: { select: 'egress' } } }] as const,
    [
      `${id}: by source`,
      { id, options: { select: 'egress' }, given: { flows: { select: { [id]: 'egress' } } } },
    ] as const,
  ]),
  [
    'retina-standard: matchers',
    { id: 'retina-standard', options: { select: 'egress' }, given: { flows: { select: 'direction!="INGRESS"' } } },
  ],
  ...(['obi', 'beyla'] as const).flatMap((id) => [
    [`${id}: no native zones`, { id, options: { zones: false } }] as const,
    [
      `${id}: matchers`,
      { id, given: { flows: { select: 'k8s_src_type!="Service",k8s_dst_type!="Service"' } } },
    ] as const,
  ]),
  ['kubezonnet: matchers', { id: 'kubezonnet', given: { flows: { select: 'namespace=~".+"' } } }],
];

test.concurrent.each(SETUPS)('%s', async (name, setup) => {
  await expectScenario(name, setup, steady(setup));
});

test('netobserv: without zones of its own, nothing places its workloads, and all is withheld', async () => {
  const setup: Setup = { id: 'netobserv', options: { zones: false } };
  await expectScenario('no zones', setup, {
    scrapes: steadyScrapes(setup, HOSTILE),
    checks: [{ at: STEADY, truth: {} }],
  });
});

test('every selection of every source is tried', () => {
  const untried = allFlowSources(generate().config).flatMap(({ id, selections }) => {
    const tried = new Set(SETUPS.flatMap(([, { id: of, given }]) => (of === id ? [JSON.stringify(given)] : [])));
    // The first one is the default.
    return Object.keys(selections)
      .slice(1)
      .filter((name) => !tried.has(JSON.stringify({ flows: { select: name } })))
      .map((name) => `${id}: ${name}`);
  });
  expect(untried).toEqual([]);
});
