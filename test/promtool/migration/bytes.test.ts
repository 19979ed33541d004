import { describe, expect, jest, test } from '@jest/globals';
import { generate, RULES } from '../../support/generate.ts';
import { blocks, tableRows } from '../../support/markdown.ts';
import { sample } from '../scenario.ts';
import { all, AMBIGUOUS, answers, caseOf, caseTest, figures, guide, expectQueries } from './guide.ts';
import { publishedBytes } from './published.ts';
import { BYTE_CASES, byteInput } from './traffic.ts';

jest.setTimeout(120_000);

const SECTION = "Retina's standard mode";

describe(`the section ${SECTION}`, () => {
  const rows = tableRows(guide, SECTION, 'traffic');
  const records = generate({ flows: { source: 'retina-standard', units: ['bytes'] } }).file(RULES.zoneTraffic);
  const published = [publishedBytes.total, publishedBytes.same];
  const panel = blocks(guide, 'promql').find((block) => block.includes('app-client')) ?? '';
  const ofLocality = (locality: string): string =>
    `sum by (locality) (cluster:network_bytes:rate5m{locality="${locality}"})`;

  test('every case has its row', () => {
    expect(rows.map(([row = '']) => row).toSorted()).toEqual(Object.keys(BYTE_CASES).toSorted());
    expect(panel).not.toBe('');
  });

  test('the published query answers what the guide says', async () => {
    const tests = rows
      .filter(([, cell]) => cell !== 'error')
      .map(([row = '', cell]) => caseTest(row, byteInput(caseOf(BYTE_CASES, row)), all(published, cell)));
    expect(tests.length).toBeGreaterThan(6);
    await expectQueries([], tests);
  });

  test.each(rows.filter(([, cell]) => cell === 'error').map(([row = '']) => row))('%s: it fails', async (row) => {
    const input = byteInput(caseOf(BYTE_CASES, row));
    await expect(expectQueries([], [caseTest(row, input, [answers(publishedBytes.same, 0)])])).rejects.toThrow(
      AMBIGUOUS,
    );
  });

  test('our records answer what the guide says, and so does its query for one client and one server', async () => {
    const localities = ['same_zone', 'cross_zone', 'unknown'].map(ofLocality);
    const tests = rows.map(([row = '', , cell]) => {
      const [same = 0, cross = 0] = figures(cell);
      return caseTest(row, byteInput(caseOf(BYTE_CASES, row)), [
        ...all(localities, cell),
        {
          expr: panel,
          eval_time: '20m',
          exp_samples: [
            ...(same === 0 ? [] : [sample({ __name__: '', locality: 'same_zone' }, same)]),
            ...(cross === 0 ? [] : [sample({ __name__: '', locality: 'cross_zone' }, cross)]),
          ],
        },
      ]);
    });
    await expectQueries([records], tests);
  });
});
