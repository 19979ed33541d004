import { describe, expect, test } from '@jest/globals';
import { difference, recordsOf } from '../../../conformance/engines/compare.ts';
import { runEngines } from '../../../conformance/engines/run.ts';
import { runCommand } from '../../../conformance/shared/main.ts';
import { recordsIn, ruleFiles } from '../../../conformance/engines/rules.ts';

type Series = Parameters<typeof difference>[1];

const truth: Series = [
  { labels: { cluster: 'c', locality: 'same_zone' }, value: 10 },
  { labels: { cluster: 'c', locality: 'unknown' }, value: 0 },
];

/** The truth with another value where it is 0. */
const changed = (value: number): Series => truth.map((one) => (one.value === 0 ? { ...one, value } : one));

describe('a record is compared with the truth', () => {
  test('equal but for the order, empty labels and labels that engines add', () => {
    const found = truth.toReversed().map(({ labels, value }) => ({
      labels: { prometheus_replica: 'a', alertgroup: 'g', ...labels, zone: '' },
      value,
    }));
    expect(difference('x', found, { series: truth, kind: 'truth' })).toEqual({ problems: [], worst: 0 });
  });

  test.each<[string, Series, readonly string[]]>([
    ['a series is missing', truth.slice(0, 1), ['x: missing [["cluster","c"],["locality","unknown"]]']],
    ['a series is too many', [...truth, { labels: { cluster: 'd' }, value: 1 }], ['x: too many, [["cluster","d"]] 1']],
    ['a series is there twice', [...truth, ...truth], ['x: 2 series twice']],
    [
      'a value is off by more than 0.1 %',
      [{ labels: { cluster: 'c', locality: 'same_zone' }, value: 10.02 }, ...truth.slice(1)],
      ['x: [["cluster","c"],["locality","same_zone"]] is 10.02, expected 10'],
    ],
    [
      'a value is there and the truth is 0',
      changed(1e-9),
      ['x: [["cluster","c"],["locality","unknown"]] is 1e-9, expected 0'],
    ],
  ])('%s', (_name, found, problems) => {
    expect(difference('x', found, { series: truth, kind: 'truth' }).problems).toEqual(problems);
  });

  test('deviations from 0 are a share of the scale', () => {
    const found = changed(0.005);
    expect(difference('x', found, { series: truth, kind: 'truth' }, 10)).toEqual({ problems: [], worst: 0.0005 });
    expect(difference('x', found, { series: truth, kind: 'truth' }, 1).problems).toHaveLength(1);
  });

  test('a reference may be off as well, and of an average only the series count', () => {
    const off = (value: number, kind: 'reference' | 'average') =>
      difference('x', [{ labels: {}, value }], { series: [{ labels: {}, value: 10 }], kind }).problems.length;
    expect([10.02, 10.03].map((value) => off(value, 'reference'))).toEqual([0, 1]);
    expect([5, 10.03].map((value) => off(value, 'average'))).toEqual([0, 0]);
    expect(difference('x', [], { series: truth, kind: 'average' }).problems).toHaveLength(2);
  });

  test('records are grouped by name', () => {
    const samples = [
      { metric: { __name__: 'a:b', x: '1' }, value: 1 },
      { metric: { __name__: 'a:c', x: '1' }, value: 2 },
      { metric: { __name__: 'a:b', x: '2' }, value: 3 },
    ];
    expect([...recordsOf(samples)].map(([name, series]) => [name, series.length])).toEqual([
      ['a:b', 2],
      ['a:c', 1],
    ]);
  });
});

test('the rule files are whole: records and alerts of traffic and of allowances', () => {
  const rules = ruleFiles();
  const texts = Object.values(rules).join('\n');
  expect(texts).toContain('alert: TrafficLost');
  expect(texts).toContain('alert: PPSAllowanceExceeded');
  const records = recordsIn(rules);
  expect([...records]).toEqual(
    expect.arrayContaining(['zone_pair:network_flows:rate5m', 'zone_pair:network_bytes:rate5m']),
  );
  expect(records.size).toBe(new Set(texts.match(/(?<=record: )\S+/g)).size);
});

describe('conformance:engines', () => {
  const run = async (...argv: string[]) => {
    const written = { stdout: '', stderr: '' };
    const code = await runCommand('conformance:engines', runEngines, argv, {
      stdout: (text) => (written.stdout += text),
      stderr: (text) => (written.stderr += text),
    });
    return { code, ...written };
  };

  test('shows its options', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('--minutes <n>'),
    });
  });

  test.each(['15', 'soon', '-1'])('refuses --minutes=%s before it builds anything', async (minutes) => {
    expect(await run(`--minutes=${minutes}`)).toEqual({
      code: 1,
      stdout: '',
      stderr: `conformance:engines: --minutes: got "${minutes}", expected a number of at least 30\nRun with --help for the options.\n`,
    });
  });
});
