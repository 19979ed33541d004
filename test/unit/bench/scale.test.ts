import { describe, expect, test } from '@jest/globals';
import { publishedPanels, publishedRules } from '../../../bench/scale/published.ts';
import { parseBenchOptions } from '../../../bench/scale/options.ts';
import { selectorsOf } from '../../../bench/scale/queries.ts';
import { report } from '../../../bench/scale/report.ts';
import { syntaxProblem } from '../../../generators/promql/index.ts';
import { generate } from '../../support/generate.ts';

describe('options of the benchmark', () => {
  test('default to 20 flow series a pod, and to longer intervals for larger clusters', () => {
    expect(parseBenchOptions([])).toEqual({
      help: false,
      money: false,
      workloads: false,
      pods: 3000,
      flows: 60_000,
      interval: 15,
      evaluations: 3,
    });
    expect(parseBenchOptions(['--pods', '30000'])).toMatchObject({ flows: 600_000, interval: 60 });
  });

  test.each([
    [['--pods', '30001'], '--pods: got "30001", expected a whole number from 1 to 30000'],
    [['--pods', 'many'], '--pods: got "many", expected a whole number from 1 to 30000'],
    [['--flows', '0'], '--flows: got "0", expected a whole number from 1 to 2000000'],
    [['--evaluations', '-1'], 'argument is ambiguous'],
    [['--podz', '1'], 'podz'],
  ])('%j is refused', (argv, message) => {
    expect(() => parseBenchOptions(argv)).toThrow(message);
  });
});

describe('the bare selectors of a query', () => {
  test('are found once each, without their ranges', () => {
    const query = 'sum(rate(a{b="c"}[5m])) / on (x) group_left () (d > 0) or sum(rate(a{b="c"}[1m]))';
    expect(selectorsOf(query)).toEqual(['a{b="c"}', 'd']);
  });
});

describe('the published queries', () => {
  test('are PromQL, and each is compared with a panel that exists', () => {
    const texts = [...publishedRules.map(({ expr }) => expr), ...publishedPanels.map(({ query }) => query)];
    expect(texts.map((text) => syntaxProblem(text))).toEqual(texts.map(() => undefined));
    const { dashboards } = generate().bundle;
    const placed = dashboards.flatMap(({ sections }) => sections.flatMap(({ panels }) => panels));
    const keys = new Set(placed.map(({ key }) => key));
    expect(publishedPanels.filter(({ ours }) => !keys.has(ours))).toEqual([]);
  });
});

test('the report gives every figure as a ratio of its run', () => {
  const cost = (milliseconds: number) => ({ milliseconds, samples: 5, series: 1 });
  const group = (name: string, seconds: number) => ({ name, seconds, all: [seconds], rules: [{ name: 'r', seconds }] });
  const text = report(3000, {
    loaded: { flowSeries: 100, otherSeries: 10, seconds: 1 },
    countedSeries: 50,
    floor: group('floor', 2),
    ours: [group('one', 1), group('two', 4)],
    published: group('published', 3),
    panels: [{ key: 'total', ours: cost(3), bare: cost(2), recorded: true }],
    publishedPanels: [{ title: 'total', theirs: cost(3000), ours: 3 }],
    residentBytes: 2 ** 31,
    headSeries: 1234,
  });
  expect(text).toMatch(/all generated groups +\| 5\.00 s +\| 2\.50 x/);
  expect(text).toMatch(/total +\| 3\.00 ms \| 2\.00 ms +\| 1\.50 x/);
  expect(text).toMatch(/total +\| 3000 ms \| 3\.00 ms \| 1000 x/);
  expect(text).toContain('holds 1,234 series in 2.0 GiB');
});
