import { describe, expect, test } from '@jest/globals';
import { noteLines, omissionLines } from '../../../generators/commands/remarks.ts';
import { generate } from '../../support/generate.ts';

describe('what is left out', () => {
  test('is a line for each reason, with the word for what is named once', () => {
    const because = (reason: string, ...whats: string[]) => whats.map((what) => ({ what, reason }));
    expect(
      omissionLines([
        ...because('first', 'records of cost', 'alert A', 'dashboard x'),
        ...because('second', 'panel x/y'),
        ...because('first', 'alert B', 'panel x/z', 'records of cost, too', 'alert C', 'dashboard y'),
      ]),
    ).toEqual([
      '  left out: records of cost, alerts A, B, C, dashboards x, y, panel x/z, records of cost, too (first)',
      '  left out: panel x/y (second)',
    ]);
  });

  test('has as many lines as there are reasons, and nothing is lost', () => {
    const { omissions } = generate({ flows: { source: 'none' } }).bundle;
    const lines = omissionLines(omissions);
    expect(lines).toHaveLength(new Set(omissions.map(({ reason }) => reason)).size);
    expect(lines.length).toBeLessThan(omissions.length);
    for (const { what, reason } of omissions) {
      const line = lines.find((each) => each.endsWith(`(${reason})`)) ?? '';
      expect(line).toContain(what.replace(/^(alert|dashboard|panel) /, ''));
    }
  });
});

test('a note is one line', () => {
  expect(noteLines([{ kind: 'doubtful', settings: ['a.b', 'c'], reason: 'd' }])).toEqual(['  doubtful: a.b, c (d)']);
});
