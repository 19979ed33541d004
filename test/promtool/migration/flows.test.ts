import { describe, expect, jest, test } from '@jest/globals';
import { publishedPanels, publishedRules } from '../../../bench/scale/published.ts';
import { generate, RULES } from '../../support/generate.ts';
import { inlineCode, tableRows } from '../../support/markdown.ts';
import { sample } from '../scenario.ts';
import { all, AMBIGUOUS, answers, caseOf, caseTest, figures, groupsFile, guide, expectQueries } from './guide.ts';
import { FLOW_CASES, flowInput, together } from './traffic.ts';

jest.setTimeout(120_000);

const SECTION = 'Topology-aware routing, Retina with Hubble metrics';

describe(`the section ${SECTION}`, () => {
  const rows = tableRows(guide, SECTION, 'traffic');
  const records = generate({ rules: { compatibilityRecords: true } });
  const theirs = groupsFile([{ name: 'inter_az_traffic_analysis.rules', interval: '1m', rules: publishedRules }]);
  const ours = [records.file(RULES.compatibility), records.file(RULES.zoneTraffic)];

  const panels = publishedPanels.slice(0, 3).map(({ query }) => query);
  /** The same panels as they are without the recorded rules. */
  const raw = panels.map((panel) =>
    publishedRules.reduce((query, { record, expr }) => query.replaceAll(record, `(${expr})`), panel),
  );
  /** The guide's queries, by the panel that they take the place of. */
  const instead = new Map(
    tableRows(guide, SECTION, 'panel').map(([panel = '', cell = '']) => [panel, inlineCode(cell)[0] ?? '']),
  );
  const byLocality = ['Same AZ', 'Cross AZ'].map((panel) => instead.get(panel) ?? '');
  const unknown = 'cluster:network_flows:rate5m{locality="unknown"}';

  test('every case has its row', () => {
    expect(rows.map(([row = '']) => row).toSorted()).toEqual(Object.keys(FLOW_CASES).toSorted());
    expect(raw.every((query) => query.includes('kube_pod_info') && !query.includes('_mapping'))).toBe(true);
  });

  test('the published panels answer what the guide says, with their recorded rules and without', async () => {
    const tests = rows
      .filter(([, cell]) => cell !== 'error')
      .map(([row = '', cell]) =>
        caseTest(row, flowInput(caseOf(FLOW_CASES, row)), [...all(panels, cell), ...all(raw, cell)]),
      );
    expect(tests.length).toBeGreaterThan(10);
    await expectQueries([theirs], tests);
  });

  test.each(rows.filter(([, cell]) => cell === 'error').map(([row = '']) => row))('%s: they fail', async (row) => {
    const input = flowInput(caseOf(FLOW_CASES, row));
    for (const query of [...panels, ...raw]) {
      await expect(expectQueries([theirs], [caseTest(row, input, [answers(query, 0)])])).rejects.toThrow(AMBIGUOUS);
    }
  });

  test('they answer the same on our compatibility records, and our records what the guide says', async () => {
    const tests = rows.map(([row = '', , compatible, own]) => {
      const [same = 0, cross = 0] = figures(own);
      return caseTest(row, flowInput(caseOf(FLOW_CASES, row)), [
        ...all(panels, compatible),
        ...all([...byLocality, unknown], own),
        answers(instead.get('Total Traffic AZ') ?? '', same + cross),
      ]);
    });
    await expectQueries(ours, tests);
  });

  test('all rows at once: the published panels fail, and the other columns add up', async () => {
    const shared = rows.filter(([row = '']) => caseOf(FLOW_CASES, row).until === undefined);
    expect(shared.length).toBe(rows.length - 1);
    const input = together(shared.map(([row = '']) => caseOf(FLOW_CASES, row)));
    const sums = (column: number): string =>
      shared
        .map((cells) => figures(cells[column]))
        .reduce((one, other) => one.map((figure, index) => figure + (other[index] ?? Number.NaN)))
        .join(', ');
    for (const panel of panels) {
      await expect(expectQueries([theirs], [caseTest('published', input, [answers(panel, 0)])])).rejects.toThrow(
        AMBIGUOUS,
      );
    }
    await expectQueries(ours, [
      caseTest('ours', input, [...all(panels, sums(2)), ...all([...byLocality, unknown], sums(3))]),
    ]);
  });

  test('what nobody can place is in none of the queries by zone and by pair, and in the published ones is a zone', async () => {
    const both = ["two zones, to the pod's address", 'between two nodes without a zone'];
    const input = flowInput({ traffic: both.flatMap((row) => caseOf(FLOW_CASES, row).traffic) });
    const zones = (
      query: string,
      expected: readonly (readonly [source: string, destination: string, rate: number])[],
    ) => ({
      expr: `sum by (source_zone, destination_zone) (${query})`,
      eval_time: '20m',
      exp_samples: expected.map(([source_zone, destination_zone, rate]) =>
        sample({ __name__: '', source_zone, destination_zone }, rate),
      ),
    });
    const published = publishedPanels.at(3)?.query ?? '';
    await expectQueries(
      [theirs],
      [
        caseTest('published', input, [
          zones(published, [
            ['zone-a', 'zone-b', 2],
            ['', '', 1],
          ]),
        ]),
      ],
    );
    await expectQueries(ours, [
      caseTest('ours', input, [
        zones(published, [
          ['zone-a', 'zone-b', 1],
          ['unknown', 'unknown', 1],
        ]),
        ...['Traffic per AZ', 'Traffic per AZ (Pod)'].map((panel) =>
          zones(instead.get(panel) ?? '', [['zone-a', 'zone-b', 1]]),
        ),
      ]),
    ]);
  });

  test('the published records have another rate in their names than the panels, which show 0', async () => {
    const asPrinted = groupsFile([
      {
        name: 'inter_az_traffic_analysis.rules',
        rules: publishedRules.map(({ record, expr }) => ({
          record: record.replace(':rate5m', ':irate5m'),
          expr: expr.replace(/^rate/, 'irate'),
        })),
      },
    ]);
    const input = flowInput(caseOf(FLOW_CASES, 'two zones, by a Service'));
    await expectQueries([asPrinted], [caseTest('as printed', input, all(panels, '0, 0, 0'))]);
  });

  test('the selection compatibility counts as the published panels do', async () => {
    const selected = generate({ rules: { compatibilityRecords: true }, flows: { select: 'compatibility' } });
    const cells: Record<string, string> = {
      "two zones, to the pod's address": '2, 0, 2',
      'two zones, by a Service': '1, 0, 1',
      'one node, by a Service': '0, 0, 0',
    };
    await expectQueries(
      [selected.file(RULES.compatibility)],
      Object.entries(cells).map(([row, cell]) => {
        expect(rows.find(([name]) => name === row)?.[1]).toBe(cell);
        return caseTest(row, flowInput(caseOf(FLOW_CASES, row)), all(panels, cell));
      }),
    );
  });

  test('a selection by the published direction finds nothing', async () => {
    const record = 'traffic:hubble_flows_processed_total:rate5m';
    await expectQueries(ours, [
      caseTest('direction', flowInput(caseOf(FLOW_CASES, "two zones, to the pod's address")), [
        answers(`${record}{traffic_direction="egress"}`, 0),
        answers(`${record}{traffic_direction="ingress"}`, 1),
      ]),
    ]);
  });
});
