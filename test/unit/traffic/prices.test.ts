import { describe, expect, test } from '@jest/globals';
import { completeConfig, noCost, ProblemError } from '../../../generators/index.ts';
import { pricesOf, priceOf, priceText, wholeBook } from '../../../generators/traffic/prices/index.ts';
import { catalogue, generate } from '../../support/generate.ts';

const configOf = (cloud: object) => completeConfig('test', { flows: { source: 'obi' }, cloud }, catalogue);

describe('the price that applies', () => {
  test('is that of the region on AWS, where a source gives it', () => {
    expect(priceOf(configOf({ region: 'sa-east-1' }))).toMatchObject({
      egressPerGB: 0.01,
      ingressPerGB: 0.01,
      crossRegionPerGB: 0.138,
      internetPerGB: 0.15,
      currency: 'USD',
      asOf: '2026-08-21',
    });
    expect(priceOf(configOf({ region: 'us-east-2' }))).toMatchObject({ natPerGB: 0.045, crossRegionPerGB: 0.02 });
    const elsewhere = priceOf(configOf({ region: 'xx-nowhere-9' }));
    expect(elsewhere).toMatchObject({ egressPerGB: 0.01, ingressPerGB: 0.01 });
    expect(Object.keys(elsewhere)).not.toContain('crossRegionPerGB');
  });

  test('is less by the discount, but for your own', () => {
    const config = configOf({ region: 'us-east-1', price: { discount: 0.12, egressPerGB: 0.008 } });
    expect(priceOf(config)).toMatchObject({
      egressPerGB: 0.008,
      ingressPerGB: 0.0088,
      crossRegionPerGB: 0.0176,
      natPerGB: 0.0396,
      internetPerGB: 0.0792,
      source: 'cloud.price of the configuration',
    });
    expect(priceText(configOf({ price: { discount: 0.12 } }))).toContain('0.0088 USD/GB billed to the sender');
    expect(priceText(configOf({ price: { discount: 0.12 } }))).toContain(', less a discount of 12 %)');
  });

  test('has a class and a billed direction each', () => {
    const own = { crossRegionPerGB: 0.02, natPerGB: 0.045, internetPerGB: 0.09, currency: 'EUR', asOf: '2026-11-30' };
    expect(pricesOf(configOf({ provider: 'gcp', price: own }))).toEqual([
      { class: 'cross_zone', direction: 'egress', price: 0.01 },
      { class: 'cross_zone', direction: 'ingress', price: 0 },
      { class: 'cross_region', direction: 'egress', price: 0.02 },
      { class: 'nat', direction: 'processed', price: 0.045 },
      { class: 'internet', direction: 'egress', price: 0.09 },
    ]);
  });

  test('is unknown in China, until you say it', () => {
    const unknown = configOf({ region: 'cn-north-1' });
    expect(noCost(unknown)).toBe('no public source gives the prices of cn-north-1: set cloud.price');
    const { bundle } = generate({ flows: { source: 'obi' }, cloud: { region: 'cn-north-1' } });
    const records = bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
    expect(records.filter((rule) => 'record' in rule && rule.record.includes('network_cost'))).toEqual([]);
    expect(bundle.skipped).toContainEqual({ kind: 'records of cost', reason: noCost(unknown) });
    const own = { egressPerGB: 0.06, ingressPerGB: 0.06, currency: 'CNY', asOf: '2026-11-30' };
    expect(noCost(configOf({ region: 'cn-north-1', price: own }))).toBeUndefined();
  });
});

test('every entry of the book has a date, a source and a currency, and no price below zero', () => {
  const book = wholeBook();
  expect(book.length).toBeGreaterThan(25);
  for (const entry of book) {
    expect(entry).toMatchObject({ currency: expect.stringMatching(/^[A-Z]{3}$/), source: expect.stringMatching(/./) });
    expect(entry.asOf).toMatch(/^2026-\d\d-\d\d$/);
  }
  const prices = book.flatMap((entry) => Object.entries(entry).filter(([name]) => name.endsWith('PerGB')));
  expect(prices.length).toBeGreaterThan(100);
  expect(prices.filter(([, price]) => Number(price) < 0)).toEqual([]);
  expect(new Set(book.map(({ provider, region }) => `${provider} ${region}`)).size).toBe(book.length);
});

describe('cost', () => {
  const problems = (given: object): readonly string[] => {
    try {
      completeConfig('test', { flows: { source: 'obi' }, ...given }, catalogue);
      return [];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    }
  };

  test('takes labels that kube-state-metrics exports under names of their own', () => {
    expect(problems({ cost: { budgetPerMonth: 500, groupBy: ['team', 'example.com/cost-center'] } })).toEqual([]);
    expect(problems({ cost: { groupBy: ['cost-center', 'cost.center'] } })).toEqual([
      'cost.groupBy.1: got "cost.center", expected a label that kube-state-metrics does not export as it does cost-center',
    ]);
    expect(problems({ cost: { groupBy: ['no label'] } })).toHaveLength(1);
    expect(problems({ cost: { budgetPerMonth: 0 } })).toEqual([
      'cost.budgetPerMonth: got 0, expected a number greater than 0, or null',
    ]);
  });

  test('has kube-state-metrics export the labels of namespaces, where there is money', () => {
    // Runs of kube-burner are found by labels of namespaces, too.
    const plain = { controlPlane: { runs: false }, kubeStateMetrics: { standalone: true } };
    const valuesOf = (given: object) =>
      generate({ ...plain, ...given, cost: { groupBy: ['team'] } }).file('helm-values/kube-state-metrics.yaml');
    expect(valuesOf({ flows: { source: 'obi' } })).toMatch(/- namespaces\n[\s\S]*- namespaces=\[team\]/);
    expect(valuesOf({ flows: { source: 'obi' }, cloud: { provider: 'azure' } })).not.toContain('namespaces');
    expect(valuesOf({})).not.toContain('namespaces=');
  });
});
