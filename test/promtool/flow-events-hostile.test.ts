import { expect, jest, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { holds, INTERVAL } from './allowances-input.ts';
import { EXPORTED, type Exported, RATE, SHARE } from './flow-events-input.ts';
import { agentsOf, AT, eventsOf, type Expected, quietAgents, seriesOf, sharesOf } from './flow-events-world.ts';
import { PIPELINE } from './pipeline-input.ts';

jest.setTimeout(60_000);

const SEEN = 'cluster_instance:flow_events_seen:rate5m';
const SEEDS = [1, 2];

const exactly = (record: string, expected: Expected) =>
  holds(
    record,
    AT,
    expected.map(([labels, value]) => [labels, Math.round(value * 1e6) / 1e6]),
  );

/** Two sources at once have agents of the same names. */
const TOGETHER = ['retina-hubble', 'obi'];

const CASES: readonly (readonly string[])[] = [...Object.keys(EXPORTED).map((id) => [id]), TOGETHER];

test.each(CASES.map((ids) => [ids.join(' and '), ids] as const))(
  '%s: what each agent handled and lost, and the share, whatever else is scraped',
  async (_name, ids) => {
    const exported = ids.map((id): readonly [string, Exported] => {
      const found = EXPORTED[id as keyof typeof EXPORTED];
      if (found === undefined) throw new TypeError(`${id} counts no losses`);
      return [id, found];
    });
    const given = Object.assign({}, ...exported.map(([, one]) => one.given), {
      flows: { source: ids.length === 1 ? ids[0] : ids },
    }) as object;
    const cases = SEEDS.map((seed) => {
      const worlds = exported.map(([id, one], index) => {
        const counters = [...agentsOf(one, seed + 10 * index), ...quietAgents(one)];
        return { series: seriesOf(counters), events: eventsOf(id, one, counters) };
      });
      const seen = worlds.flatMap(({ events }) => events.seen);
      const lost = worlds.flatMap(({ events }) => events.lost);
      const shares = sharesOf({ seen, lost });
      expect(new Set(shares.map(([{ type }]) => type)).size).toBeGreaterThan(1);
      return {
        name: `${ids.join()} ${seed}`,
        interval: INTERVAL,
        input_series: worlds.flatMap(({ series }) => series),
        promql_expr_test: [exactly(SEEN, seen), exactly(RATE, lost), exactly(SHARE, shares)],
      };
    });
    await testRules([generate(given).file(PIPELINE)], cases, AT);
  },
);
