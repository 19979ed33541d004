import { describe, expect, test } from '@jest/globals';
import type { RangeSeries } from '../../../bench/prometheus-api.ts';
import type { WrittenSeries } from '../../../bench/remote-write.ts';
import { pastOfMoney } from '../../../demo/money.ts';
import { makeStory, PLOT } from '../../../demo/story.ts';
import { MONTH_NAMES } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 10) / 1000;
const HOUR = 3600;
const { hour } = MONTH_NAMES;

const { config } = generate({ flows: { source: 'obi' } });
const story = makeStory(NOW, config);
const base = Math.ceil(story.shownFrom / HOUR) * HOUR + HOUR;

const answer = (metric: Record<string, string>, value: number): RangeSeries => ({
  metric: { cluster: 'c', month: '1', ...metric },
  values: [[base, value]],
});

const pair = (source: string, destination: string) => {
  const [from, to] = [source.split('/'), destination.split('/')];
  return {
    source_namespace: from[0] ?? '',
    source_workload_type: 'Deployment',
    source_workload: from[1] ?? '',
    destination_namespace: to[0] ?? '',
    destination_workload_type: 'Deployment',
    destination_workload: to[1] ?? '',
    locality: 'cross_zone',
  };
};

/** What the first whole hour of the demo cost: three units for one pair, one for another. */
const ANSWERS: Readonly<Record<string, readonly RangeSeries[]>> = {
  [hour.cluster]: [answer({ direction: 'egress' }, 2), answer({ direction: 'ingress' }, 2)],
  [hour.zonePair]: [answer({ source_zone: 'a', destination_zone: 'b', locality: 'cross_zone' }, 4)],
  [hour.workloadPair]: [
    answer(pair('catalog/products', 'search/index'), 3),
    answer(pair('payments/ledger', 'payments/ledger'), 1),
  ],
  [hour.workload]: [
    answer({ namespace: 'catalog', workload_type: 'Deployment', workload: 'products', direction: 'egress' }, 1.5),
    answer({ namespace: 'search', workload_type: 'Deployment', workload: 'index', direction: 'ingress' }, 1.5),
    answer({ namespace: 'payments', workload_type: 'Deployment', workload: 'ledger', direction: 'egress' }, 0.5),
    answer({ namespace: 'payments', workload_type: 'Deployment', workload: 'ledger', direction: 'ingress' }, 0.5),
  ],
  [hour.avoidable]: [answer(pair('catalog/products', 'search/index'), 3)],
  [hour.covered]: [answer({}, 1)],
};

function written(): readonly WrittenSeries[] {
  const past = pastOfMoney(story, config);
  return Object.entries(ANSWERS).flatMap(([record, answers]) => past?.before(record, answers) ?? []);
}

describe('the hours before the demo', () => {
  const all = written();
  const sumAt = (record: string, time: number, where: Record<string, string> = {}): number =>
    all
      .filter(
        ({ labels }) =>
          labels['__name__'] === record && Object.entries(where).every(([name, value]) => labels[name] === value),
      )
      .flatMap(({ samples }) => samples.filter(({ milliseconds }) => milliseconds === time * 1000))
      .reduce((sum, { value }) => sum + Number(value), 0);
  const times = Array.from({ length: 38 * 24 }, (_, index) => base - (index + 1) * HOUR);

  test('add up: the sums of the cluster, of zones and of workloads are those of the pairs', () => {
    for (const time of times) {
      const pairs = sumAt(hour.workloadPair, time);
      expect(pairs).toBeGreaterThan(0);
      for (const record of [hour.cluster, hour.zonePair, hour.workload]) {
        expect(Math.abs(sumAt(record, time) / pairs - 1)).toBeLessThan(1e-9);
      }
      expect(sumAt(hour.covered, time)).toBe(1);
    }
  });

  test('tell of the bill that rose, and of the change that saved before', () => {
    const at = (seconds: number) => Math.floor((NOW + seconds) / HOUR) * HOUR;
    const products = { source_workload: 'products' };
    const before = sumAt(hour.workloadPair, at(PLOT.money.risesAt), products);
    const after = sumAt(hour.workloadPair, at(PLOT.money.risesAt) + 2 * HOUR, products);
    expect(after / before).toBeGreaterThan(10);
    const query = { source_workload: 'query', source_namespace: 'search' };
    expect(sumAt(hour.workloadPair, at(PLOT.money.savedAt), query)).toBeGreaterThan(0);
    expect(sumAt(hour.workloadPair, at(PLOT.money.savedAt) + 2 * HOUR, query)).toBe(0);
  });

  test('have their month, which ends where the middle of the hour does', () => {
    const months = new Set(all.map(({ labels }) => labels['month']));
    expect(months).toEqual(new Set(['12', '1']));
    const first = Date.UTC(2026, 0, 1) / 1000;
    expect(sumAt(hour.covered, first, { month: '12' })).toBe(1);
    expect(sumAt(hour.covered, first + HOUR, { month: '1' })).toBe(1);
  });
});

test('there is no past of money without money', () => {
  expect(pastOfMoney(story, generate({}).config)).toBeUndefined();
  expect(
    pastOfMoney(story, generate({ flows: { source: 'obi' }, cloud: { provider: 'azure' } }).config),
  ).toBeUndefined();
});
