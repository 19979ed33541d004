import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { readCases } from '../../../mutation/cases.ts';
import { mutantsOf, mutationsOf } from '../../../mutation/mutants.ts';
import { survivorsOf } from '../../../mutation/search.ts';
import { verdictsIn } from '../../../mutation/verdicts.ts';
import { inTempDir } from '../../support/temp-dir.ts';

jest.setTimeout(120_000);

const RULES = {
  groups: [
    {
      name: 'group',
      rules: [
        { record: 'sum', expr: 'sum by (cluster) (rate(requests{kind="read"}[5m]))' },
        { alert: 'Busy', expr: 'sum > 10', for: '2m', labels: { severity: 'warning' } },
      ],
    },
  ],
};

const requests = (labels: string, perMinute: number) => ({
  series: `requests{${labels}}`,
  values: `0+${perMinute}x20`,
});
const RECORD = {
  name: 'record',
  interval: '1m',
  input_series: [
    requests('cluster="a", kind="read", pod="1"', 300),
    requests('cluster="a", kind="read", pod="2"', 600),
  ],
  promql_expr_test: [{ expr: 'round(sum)', eval_time: '10m', exp_samples: [{ labels: '{cluster="a"}', value: 15 }] }],
};
const ALERT = {
  ...RECORD,
  name: 'alert',
  promql_expr_test: [
    {
      expr: 'ALERTS{alertstate="firing"}',
      eval_time: '10m',
      exp_samples: [
        { labels: 'ALERTS{alertname="Busy", alertstate="firing", cluster="a", severity="warning"}', value: 1 },
      ],
    },
  ],
};

/** What survives cases, as `kind: place`. */
const surviving = (...tests: readonly object[]) => survivingEvery('1m', ...tests);
const survivingEvery = (every: string, ...tests: readonly object[]) =>
  inTempDir(async (dir) => {
    await Promise.all(['rules', 'cases'].map((name) => mkdir(join(dir, name))));
    await writeFile(join(dir, 'rules', 'rules.yaml'), JSON.stringify(RULES));
    await Promise.all(
      tests.map((one, index) =>
        writeFile(join(dir, 'cases', `${index}.json`), JSON.stringify({ rules: ['rules'], every, test: one })),
      ),
    );
    const cases = await readCases(dir);
    const mutants = mutantsOf((cases[0]?.rules ?? []).flatMap((rule) => mutationsOf(rule, () => undefined)));
    const search = async () => {
      const verdicts = await verdictsIn(join(dir, 'verdicts'));
      const { survivors, undecided } = await survivorsOf(cases, mutants, verdicts, 2);
      expect(undecided).toEqual([]);
      return survivors.map(({ kind, place }) => `${kind}: ${place}`);
    };
    const first = await search();
    expect(await search()).toEqual(first);
    return first;
  });

describe('a mutant survives', () => {
  test('where no case answers differently, and nowhere else', async () => {
    const survivors = await surviving(RECORD);
    // Growth is steady, all is read, and nothing is asked about the alert.
    expect(survivors).toEqual(
      expect.arrayContaining([
        'window: sum by (cluster) (rate(requests{kind="read"}[{{5m -> 4m}}]))',
        'function: sum by (cluster) ({{rate -> irate}}(requests{kind="read"}[5m]))',
        'matcher dropped: sum by (cluster) (rate(requests{{{kind="read" -> }}}[5m]))',
        'comparison: sum {{> -> >=}} 10',
      ]),
    );
    expect(survivors.join('\n')).not.toMatch(/function: \{\{sum|label dropped|matcher negated/);
  });

  test('unless what depends on its rule is asked', async () => {
    const survivors = await surviving(ALERT);
    expect(survivors.join('\n')).not.toMatch(/function: \{\{sum|label dropped|matcher negated/);
    // It fires since minute 3, so a minute more or less is not noticed at minute 10, nor are neighbours of the threshold.
    expect(survivors).toEqual(
      expect.arrayContaining(['for: for: {{2m -> 1m}}', 'for: for: {{2m -> 3m}}', 'threshold: sum > {{10 -> 11}}']),
    );
  });

  test('until a case is at its boundary', async () => {
    const others = requests('cluster="a", kind="write", pod="1"', 60);
    const uneven = { series: 'requests{cluster="a", kind="read", pod="1"}', values: '0x5 0 0 0 0 3000 3000' };
    const survivors = await surviving({
      ...RECORD,
      input_series: [uneven, others],
      promql_expr_test: [
        { expr: 'round(sum)', eval_time: '10m', exp_samples: [{ labels: '{cluster="a"}', value: 10 }] },
      ],
    });
    expect(survivors.join('\n')).not.toMatch(/window|rate -> irate|matcher dropped/);
  });

  test('where rules are evaluated as seldom as in the test', async () => {
    // The record of minute 5 still holds at minute 8.
    const survivors = await survivingEvery('5m', {
      ...RECORD,
      input_series: [{ series: 'requests{cluster="a", kind="read"}', values: '0+300x5 3000+3000x15' }],
      promql_expr_test: [{ expr: 'round(sum)', eval_time: '8m', exp_samples: [{ labels: '{cluster="a"}', value: 5 }] }],
    });
    expect(survivors).toContain('function: sum by (cluster) ({{rate -> irate}}(requests{kind="read"}[5m]))');
  });
});
