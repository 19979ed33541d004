import { describe, expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate, RULES } from '../../support/generate.ts';
import { inlineCode, tableRows } from '../../support/markdown.ts';
import { testRules, type ExpressionTest, type InputSeries } from '../../support/rule-test.ts';
import { sample } from '../scenario.ts';
import { answers, caseTest, groupsFile, guide } from './guide.ts';
import { publishedAllowances } from './published.ts';

jest.setTimeout(120_000);

const SECTION = 'EKS network performance';

/** Values every 5 seconds: a counter that is scraped `every` seconds from `first` on, with what it has at a second. */
const scraped = (seconds: number, first: number, every: number, at: (second: number) => number): string =>
  Array.from({ length: seconds / 5 }, (_, step) => step * 5)
    .map((second) => (second % every === first ? String(at(second)) : '_'))
    .join(' ');

describe(`the section ${SECTION}`, () => {
  const rows = tableRows(guide, SECTION, 'excess');
  const ours = generate().file(RULES.allowances);
  const theirs = groupsFile(publishedAllowances);
  const GROUPS = {
    published: ['PPS', 'BWIN', 'BWOut', 'Conntrack', 'LinkLocal'],
    ours: [['PPS', 'BWIN', 'BWOut'], ['Conntrack'], ['LinkLocal']],
  };

  /** What a row says: the interface, packets and the time they take, and how far scrapes are apart. */
  function parsed(row: string): { eval_time: string; input: InputSeries[] } {
    const [, device = '', packets = '', rest = ''] = /^`(\w+)`, (\d+) (.*)$/.exec(row) ?? [];
    const [, every = ''] = /every (\d+) s$/.exec(rest) ?? [];
    const [, minutes = '14'] = /for (\d+) minutes/.exec(rest) ?? [];
    const [, per = '1'] = /in (\d+) seconds/.exec(rest) ?? [];
    const isJump = rest.startsWith('at once');
    // Scrapes and evaluations do not coincide, and a minute's evaluation is not the one that a jump falls into.
    const first = Number(every) === 15 ? 5 : 10;
    const counter = (second: number): number =>
      isJump ? (second > 12 * 60 + 50 ? Number(packets) : 0) : (Number(packets) / Number(per)) * second;
    const seconds = Number(minutes) * 60;
    const input = ['pps', 'bw_in', 'bw_out', 'conntrack', 'linklocal'].map((allowance) => ({
      series: `node_net_ethtool{cluster="one", instance="n", node="n", job="j", device="${device}", type="${allowance}_allowance_exceeded"}`,
      values: scraped(seconds + 5, first, Number(every), counter),
    }));
    return { eval_time: `${minutes}m`, input };
  }

  const firing = (alerts: readonly string[], cell: string | undefined, eval_time: string): ExpressionTest => ({
    expr:
      'group by (alertname, severity) (ALERTS{alertstate="firing", alertname=~"(' +
      alerts.join('|') +
      ')AllowanceExceeded"})',
    eval_time,
    exp_samples: (cell === 'none' ? [] : (cell ?? '').split(', ')).flatMap((severity) =>
      alerts.map((alert) => sample({ __name__: '', alertname: `${alert}AllowanceExceeded`, severity }, 1)),
    ),
  });

  test('the published alerts fire as the guide says', async () => {
    await testRules(
      [theirs],
      rows.map(([row = '', cell]) => {
        const { input, eval_time } = parsed(row);
        return { ...caseTest(row, input, [firing(GROUPS.published, cell, eval_time)]), interval: '5s' };
      }),
    );
  });

  test('and ours', async () => {
    expect(rows.length).toBeGreaterThan(4);
    await testRules(
      [ours],
      rows.map(([row = '', , ...cells]) => {
        const { input, eval_time } = parsed(row);
        const tests = GROUPS.ours.map((alerts, index) => firing(alerts, cells[index], eval_time));
        return { ...caseTest(row, input, tests), interval: '5s' };
      }),
    );
  });

  test("the guide's setting gives LinkLocal the published severity", async () => {
    const change = inlineCode(guide).find((code) => code.startsWith('alerts: { LinkLocal')) ?? '';
    const changed = generate(load(change) as object).file(RULES.allowances);
    const [row = ''] = rows.find(([, published, , , own]) => published === 'critical' && own === 'warning') ?? [];
    const { input, eval_time } = parsed(row);
    await testRules(
      [changed],
      [{ ...caseTest(row, input, [firing(['LinkLocal'], 'critical', eval_time)]), interval: '5s' }],
    );
  });

  test('records have other labels, and a selection by the published ones finds nothing', async () => {
    const { input, eval_time } = parsed(rows[0]?.[0] ?? '');
    const record = 'metric:pps_allowance_exceeded';
    for (const [rules, found] of [
      [theirs, 1],
      [ours, 0],
    ] as const) {
      await testRules(
        [rules],
        [
          {
            ...caseTest('labels', input, [
              answers(record, 1, eval_time),
              answers(`${record}{type="pps_allowance_exceeded", job="j"}`, found, eval_time),
            ]),
            interval: '5s',
          },
        ],
      );
    }
  });
});
