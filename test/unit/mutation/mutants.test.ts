import { describe, expect, test } from '@jest/globals';
import { equivalentOf } from '../../../mutation/equivalents.ts';
import { mutantsOf, mutationsOf, sampleOf } from '../../../mutation/mutants.ts';
import { needed, readers, recordLabels, type Rule } from '../../../mutation/rules.ts';

const of = (rule: Rule) => mutationsOf(rule, () => undefined);
const alert = (given: Partial<Rule> = {}): Rule => ({
  alert: 'Lost',
  expr: 'a:rate5m > 0',
  for: '15m',
  labels: { severity: 'warning' },
  ...given,
});

describe('mutants', () => {
  test('of an alert wait a minute more or less as well', () => {
    const waits = of(alert()).filter(({ kind }) => kind === 'for' || kind === 'keep_firing_for');
    expect(waits.map(({ place, rule }) => [place, rule.for, rule.keep_firing_for])).toEqual([
      ['for: {{15m -> 14m}}', '14m', undefined],
      ['for: {{15m -> 16m}}', '16m', undefined],
      ['keep_firing_for: {{0d -> 1m}}', '15m', '1m'],
    ]);
  });

  test('say where they are', () => {
    const first = of({ record: 'b', expr: 'a\n  or\nsum by (x) (b)' }).find(({ kind }) => kind === 'label dropped');
    expect(first).toMatchObject({ id: 'b | label dropped | sum by ({{x -> }}) (b)', place: 'sum by ({{x -> }}) (b)' });
  });

  test('at equal lines are told apart, and those of two tiers of an alert', () => {
    const ids = (rules: readonly Rule[]) => rules.flatMap(of).map(({ id }) => id);
    const twice = ids([{ record: 'b', expr: '(\nrate(x[5m])\n) + (\nrate(x[5m])\n)' }]);
    expect(new Set(twice).size).toBe(twice.length);
    const tiers = ids([alert(), alert({ labels: { severity: 'critical' } })]);
    expect(new Set(tiers).size).toBe(tiers.length);
  });

  test('of one place in several configurations are one, whatever the unit and the window in its name', () => {
    const rule = (unit: string, rate: string): Rule => ({
      record: `zone_pair:network_${unit}:${rate}`,
      expr: `sum by (zone) (source_endpoint:network_${unit}:${rate})`,
    });
    const rules = [rule('bytes', 'rate5m'), rule('packets', 'rate10m'), { ...rule('bytes', 'rate5m'), expr: 'sum(x)' }];
    const mutants = mutantsOf(rules.flatMap(of));
    expect(mutants.find(({ kind }) => kind === 'label dropped')?.variants).toHaveLength(2);
    expect(mutants.filter(({ kind }) => kind === 'function').map(({ variants }) => variants.length)).toEqual([2, 1]);
  });

  test('in a sample are the same, whichever others there are', () => {
    const mutants = mutantsOf(
      [alert(), { record: 'b', expr: 'sum by (x, y, z) (rate(b{c="1"}[5m])) > 1' }].flatMap(of),
    );
    const sample = sampleOf(mutants, 5, 1);
    expect(sample).toHaveLength(5);
    expect(sampleOf(mutants.toReversed(), 5, 1).toReversed()).toEqual(sample);
    const without = mutants.filter((mutant) => sample.includes(mutant) || mutant.isAlert);
    expect(sampleOf(without, 5, 1)).toEqual(expect.arrayContaining([...sample]));
    expect(sampleOf(mutants, 5, 2)).not.toEqual(sample);
  });

  test('that are listed as equivalent are found by rule, kind and place', () => {
    const [first] = mutantsOf(of(alert()));
    if (first === undefined) throw new Error('no mutant');
    const entry = { rule: /^Lost/, kind: first.kind, place: /a:rate/, reason: 'for this test' };
    expect(equivalentOf(first, [entry])).toBe(entry);
    expect(equivalentOf(first, [{ ...entry, rule: /^Found/ }])).toBeUndefined();
    expect(equivalentOf(first, [{ ...entry, kind: 'offset' }])).toBeUndefined();
    expect(equivalentOf(first, [{ ...entry, place: /b:rate/ }])).toBeUndefined();
  });
});

describe('what a query reads', () => {
  const rules: readonly Rule[] = [
    { record: 'a', expr: 'scraped' },
    { record: 'b', expr: 'sum by (x) (a)' },
    { record: 'metric:c', expr: 'b' },
    alert({ expr: 'b > 1' }),
    alert({ alert: 'Other', expr: 'scraped > 1' }),
  ];
  const names = (query: string) =>
    new Set([...needed(rules, [query])].map(({ record, alert: name }) => record ?? name));

  test.each([
    ['scraped', []],
    ['b', ['a', 'b']],
    ['{__name__=~"metric:.*"}', ['a', 'b', 'metric:c']],
    ['ALERTS{alertname="Lost", severity="warning"}', ['Lost', 'a', 'b']],
    ['ALERTS{alertstate="firing"}', ['Lost', 'Other', 'a', 'b']],
  ])('%s', (query, expected) => {
    expect(names(query)).toEqual(new Set(expected));
  });

  test('is told for one rule, too', () => {
    expect(rules.map(readers('a or b'))).toEqual([true, true, false, false, false]);
  });

  test.each([
    ['a', ['instance']],
    ['b', ['x']],
    ['choice', ['x', 'kind']],
    ['looked:back', ['x', 'kind']],
    ['itself', ['x', 'kind']],
  ])('record %s has the labels that its expression gives', (name, expected) => {
    const more: readonly Rule[] = [
      { record: 'choice', expr: 'topk by (x) (1, b) or b', labels: { kind: 'k' } },
      { record: 'looked:back', expr: 'last_over_time(choice[5m])' },
      { record: 'itself', expr: 'choice or last_over_time(itself[5m])' },
    ];
    expect(recordLabels([...rules, ...more])(name)).toEqual(new Set(expected));
  });

  test('that no rule records has labels that nothing tells', () => {
    expect(recordLabels(rules)('scraped')).toBeUndefined();
  });
});
