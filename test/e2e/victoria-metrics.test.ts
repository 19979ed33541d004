import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { groupBy } from '../../bench/group.ts';
import { promtoolSeries } from '../../bench/samples.ts';
import { SOURCE_IDS, type SourceId } from '../../bench/sources/index.ts';
import type { InstantSample } from '../../bench/process/prometheus.ts';
import { type ExpressionTest, seriesText, testRules } from '../support/rule-test.ts';
import { generate, RULES } from '../support/generate.ts';
import { startVictoriaMetrics } from '../support/victoria-metrics.ts';
import { type Replayed, replayed } from './replayed.ts';
import { expectAnswer } from './vector.ts';

jest.setTimeout(60_000);

const TOLERANCE = 0.01;

/** What a rate may be off by rounding. */
const ROUNDING = 1e-6;

const runs = new Map<SourceId, Replayed>();

// vmalert mostly waits for VictoriaMetrics, so all can run at once.
beforeAll(async () => {
  await Promise.all(SOURCE_IDS.map(async (id) => runs.set(id, await replayed(id))));
}, 300_000);

function runOf(id: SourceId): Replayed {
  const run = runs.get(id);
  if (run === undefined) throw new Error(`${id} was not replayed`);
  return run;
}

/** An average over a day also has the first minutes, in which Prometheus' `rate()` sees a window that is not full; the start of an event is a
 * time of the clock. */
const STEADY = ({ metric }: InstantSample) => !/:(?:avg1d|event_start)$/.test(metric['__name__'] ?? '');

/** Every label of every series of one name; those that a series lacks are empty, so that no other one is meant. */
function exactly(all: readonly InstantSample[]): readonly InstantSample[] {
  const none = Object.fromEntries(all.flatMap(({ metric }) => Object.keys(metric).map((label) => [label, ''])));
  return all.map(({ metric, value }) => ({ metric: { ...none, ...metric }, value }));
}

const selectorOf = ({ __name__: name = '', ...labels }: InstantSample['metric']): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join()}}`;

/** Whether Prometheus has the same at the end: all of these series, no others of their names, and the same values. */
function sameInPrometheus(records: readonly InstantSample[], seconds: number): ExpressionTest[] {
  const eval_time = `${seconds}s`;
  const byName = groupBy(records, ({ metric }) => metric['__name__'] ?? '');
  return [
    {
      expr: 'count by (record) (label_replace({__name__=~".+:.+"}, "record", "$1", "__name__", "(.+)"))',
      eval_time,
      exp_samples: [...byName].map(([record, all]) => ({ labels: seriesText('', { record }), value: all.length })),
    },
    ...[...byName.values()].flatMap((all) =>
      exactly(all.filter(STEADY)).map(({ metric, value }) => ({
        expr: `count(abs(${selectorOf(metric)} - ${value}) <= ${Math.abs(value) * TOLERANCE + ROUNDING})`,
        eval_time,
        exp_samples: [{ labels: '{}', value: 1 }],
      })),
    ),
  ];
}

describe.each(SOURCE_IDS)('the rules of %s on VictoriaMetrics', (id) => {
  test('record the truth', () => {
    const { records, truths } = runOf(id);
    for (const [record, all] of Object.entries(truths)) {
      const samples = records.filter(({ metric }) => metric['__name__'] === record);
      const isLost = record.includes('_lost:');
      const rounded = samples.map((one) => (isLost && Math.abs(one.value) < ROUNDING ? { ...one, value: 0 } : one));
      expectAnswer(record, rounded, { all }, TOLERANCE);
    }
    expect(Object.keys(truths).length).toBeGreaterThan(0);
  });

  test('record what they record on Prometheus', async () => {
    const { rules, records, input, step, duration } = runOf(id);
    const promql_expr_test = sameInPrometheus(records, duration);
    await testRules(
      [rules],
      [{ name: id, interval: `${step}s`, input_series: input.map(promtoolSeries), promql_expr_test }],
    );
  });
});

describe('the month of money on VictoriaMetrics', () => {
  const HOUR = 3600;
  const STEP = 60;
  const HOURS = 30;
  const until = Math.floor(Date.now() / 1000 / HOUR) * HOUR - HOUR;
  const from = until - HOURS * HOUR;
  /** The month of the hour that ends then: that of its middle. */
  const monthOf = (time: number): number => new Date((time - HOUR / 2) * 1000).getUTCMonth();

  test('is the sum of its hours', async () => {
    const rules = generate({ flows: { source: 'obi' }, rules: { ruler: 'vmalert' } }).file(RULES.zoneCost);
    const { groups } = load(rules) as { readonly groups: readonly { readonly name: string }[] };
    const month = dump({ groups: groups.filter(({ name }) => name === 'azimuth-network-cost-month') });
    const victoria = await startVictoriaMetrics();
    try {
      const rate = 1e-5;
      const input = ['egress', 'ingress'].map((direction) => ({
        labels: { __name__: 'cluster:network_cost:rate5m', cluster: 'c', direction },
        values: Array.from({ length: (HOURS * HOUR) / STEP + 1 }, () => rate),
      }));
      await victoria.importSamples(input, { start: from, step: STEP });
      await victoria.replay(month, { from: from + HOUR, until });
      const counted = Array.from({ length: HOURS }, (_, index) => from + (index + 1) * HOUR);
      const hours = counted.filter((time) => monthOf(time) === monthOf(until)).length;
      const { samples } = await victoria.instant(
        'sum by (direction) (last_over_time(cluster:network_cost:month_to_date[2h]))',
        until,
      );
      const whole = rate * HOUR * hours;
      // A rule may not yet see what the one before it wrote: it knows the hour before.
      expect(samples).toHaveLength(2);
      for (const { value } of samples) {
        expect(value / whole).toBeGreaterThan((hours - 1) / hours - TOLERANCE);
        expect(value / whole).toBeLessThan(1 + TOLERANCE);
      }
    } finally {
      await victoria.stop();
    }
  }, 120_000);
});
