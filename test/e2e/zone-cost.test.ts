import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { truth } from '../../bench/truth.ts';
import { replay, writeInBatches } from '../../demo/replay.ts';
import { makeHome } from '../../demo/server.ts';
import { generate, RULES } from '../support/generate.ts';
import { BUDGET, CLUSTER, FROM, moneySeries, UNTIL, zoneCostTruths } from './cost-truths.ts';
import { BEYOND_CONFIG } from './leaving-truths.ts';
import { dashboardOf, substituted } from './panels.ts';
import type { Stack } from './stack.ts';
import { expectAnswer } from './vector.ts';

const generated = generate({
  cluster: { name: CLUSTER.name },
  rules: { interval: '5m', window: '10m' },
  cloud: BEYOND_CONFIG.cloud,
  flows: {
    source: 'obi',
    external: [{ name: 'orders-db', kind: 'database', cidrs: ['10.9.0.0/24'] }, ...BEYOND_CONFIG.external],
  },
  obi: { addresses: true },
  cost: { budgetPerMonth: BUDGET, groupBy: ['team'] },
});

/** Records that the dashboard does not read, and that take long over half a month. */
const UNREAD = /cross_zone_at_random|network_bytes_avoidable|network_cost_monthly|zone_pods/;

/** The rules of money; of its alerts the one that fires. */
function moneyRules(): string {
  interface Group {
    readonly name: string;
    readonly rules: readonly { readonly alert?: string; readonly record?: string }[];
  }
  const files = [RULES.zoneTraffic, RULES.zoneCost].map(
    (path) => load(generated.file(path)) as { readonly groups: readonly Group[] },
  );
  return JSON.stringify({
    groups: files
      .flatMap(({ groups }) => groups)
      .filter(({ name }) => name.startsWith('azimuth-network-cost'))
      .map((group) => ({
        ...group,
        rules: group.rules.filter(
          ({ alert = 'CrossZoneCostForecast', record = '' }) =>
            alert === 'CrossZoneCostForecast' && !UNREAD.test(record),
        ),
      })),
  });
}

const running: { stop?: () => Promise<void>; stack?: Stack } = {};

beforeAll(async () => {
  const home = await makeHome();
  const prometheus = await home.start({});
  const stop = async () => {
    await prometheus.stop();
    await home.remove();
  };
  running.stop = stop;
  await writeInBatches(prometheus.url, moneySeries());
  const { signal } = new AbortController();
  await replay({ prometheus, rules: { money: moneyRules() }, from: FROM, until: UNTIL, signal, log: () => {} });
  running.stack = {
    source: 'retina-hubble',
    generated,
    cluster: CLUSTER,
    truth: truth(CLUSTER),
    prometheus,
    settledAt: UNTIL,
    agentSeries: () => 0,
    silenceExporters: () => Promise.resolve(),
    stop,
  };
}, 240_000);

afterAll(async () => {
  await running.stop?.();
}, 60_000);

test('every panel of zone-cost shows what the bytes of half a month cost, to a thousandth', async () => {
  const { stack } = running;
  if (stack === undefined) throw new Error('nothing runs');
  const truths = zoneCostTruths();
  const panels = dashboardOf(stack, 'zone-cost').sections.flatMap((section) => section.panels);
  expect(panels.map(({ key }) => key).toSorted()).toEqual(Object.keys(truths).toSorted());
  for (const { key, panel } of panels) {
    expect({ key, queries: panel.targets.length }).toEqual({ key, queries: truths[key]?.length });
    for (const [index, target] of panel.targets.entries()) {
      const { samples, warnings } = await stack.prometheus.instant(substituted(stack, 'zone-cost', target), UNTIL);
      expect({ key, warnings }).toEqual({ key, warnings: [] });
      const answer = truths[key]?.[index];
      if (answer !== undefined) expectAnswer(`zone-cost/${key}[${index}]`, samples, answer, 0.001);
    }
  }
}, 60_000);
