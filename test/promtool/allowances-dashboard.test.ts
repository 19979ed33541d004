import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { ENS5, expectAnswers, type Labels } from './allowances-input.ts';

const generated = generate();
const panels = generated.bundle.dashboards
  .find(({ uid }) => uid === 'node-allowances')
  ?.sections.flatMap((section) => section.panels);

/** The queries of a panel, for all clusters and the chosen nodes. */
const queries = (key: string, nodes: string): readonly string[] =>
  (panels?.find((placed) => placed.key === key)?.panel.targets ?? []).map(({ expr }) =>
    expr.text.replaceAll('$cluster', '.*').replaceAll('$node', nodes),
  );

const record = (perSecond: number, labels: Labels = ENS5, allowance = 'pps'): InputSeries => ({
  series: seriesText(`metric:${allowance}_allowance_exceeded`, labels),
  values: `${perSecond}x5`,
});
const alert = (alertname: string, labels: Labels): InputSeries => ({
  series: seriesText('ALERTS', { alertname, alertstate: 'firing', severity: 'warning', ...labels }),
  values: '1x5',
});

const OTHER: Labels = { ...ENS5, instance: 'b', node: 'b' };

describe.each([
  { key: 'worst-interfaces', label: 'instance', problem: [record(3)] },
  { key: 'firing-alerts', label: 'alertname', problem: [record(3), alert('PPSAllowanceExceeded', ENS5)] },
])('the table $key', ({ key, label, problem }) => {
  /** Expects how many rows the panel has, the row "none" apart. */
  const expectRows = async (series: readonly InputSeries[], count: number, none: boolean, nodes = '.*') => {
    const all = queries(key, nodes);
    const [rows, noneRow] = [all.slice(0, -1), all.at(-1)];
    await expectAnswers('groups: []', '1m', series, [
      {
        expr: `count(${rows.map((query) => `(${query})`).join(' or ')})`,
        eval_time: '3m',
        exp_samples: count === 0 ? [] : [{ labels: '{}', value: count }],
      },
      {
        expr: noneRow ?? '',
        eval_time: '3m',
        exp_samples: none ? [{ labels: seriesText('', { [label]: 'none' }), value: 1 }] : [],
      },
    ]);
  };

  test('says "none" where there are counters and no problem', async () => {
    await expectRows([record(0), record(0, OTHER, 'bw_in')], 0, true);
  });

  test('has the problem alone where there is one', async () => {
    await expectRows([...problem, record(0, OTHER)], 1, false);
  });

  test('is about the chosen nodes', async () => {
    await expectRows([...problem, record(0, OTHER)], 0, true, 'b');
    await expectRows(problem, 0, false, 'b');
  });

  test('says nothing where there are no counters, so that Grafana writes "no data"', async () => {
    await expectRows([], 0, false);
    const text = generated.file('dashboards/grafana/node-allowances.json');
    expect(text).not.toContain('"noValue": "none"');
    expect(text.match(/"noValue": "no data"/g)).toHaveLength(2);
  });
});

test('the alert on the source is shown, whatever nodes are chosen', async () => {
  const [query = ''] = queries('firing-alerts', 'b');
  const silent = {
    alertname: 'AllowanceSourceSilent',
    alertstate: 'firing',
    cluster: 'production',
    severity: 'warning',
  };
  await expectAnswers(
    'groups: []',
    '1m',
    [alert('AllowanceSourceSilent', { cluster: 'production' }), alert('PPSAllowanceExceeded', ENS5)],
    [{ expr: query, eval_time: '3m', exp_samples: [{ labels: seriesText('ALERTS', silent), value: 1 }] }],
  );
});
