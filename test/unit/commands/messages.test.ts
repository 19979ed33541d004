import { describe, expect, test } from '@jest/globals';
import { skippedLines, skippedName, warningLines } from '../../../generators/commands/messages.ts';
import { generate } from '../../support/generate.ts';

describe('parts that are left out', () => {
  test('are a line for each reason, with the kind once', () => {
    const [first, second] = ['first', 'second'];
    const alert = (name: string) => ({ kind: 'alert', alert: name, reason: first });
    const panel = (key: string, reason: string) => ({ kind: 'panel', dashboard: 'x', panel: key, reason });
    expect(
      skippedLines([
        { kind: 'records of cost', reason: first },
        alert('A'),
        { kind: 'dashboard', dashboard: 'x', reason: first },
        panel('y', second),
        alert('B'),
        panel('z', first),
        { kind: 'records of cost, too', reason: first },
        alert('C'),
        { kind: 'dashboard', dashboard: 'y', reason: first },
      ]),
    ).toEqual([
      '  left out: records of cost, alerts A, B, C, dashboards x, y, panel x/z, records of cost, too (first)',
      '  left out: panel x/y (second)',
    ]);
  });

  test('have as many lines as there are reasons, and nothing is lost', () => {
    const { skipped } = generate({ flows: { source: 'none' } }).bundle;
    const lines = skippedLines(skipped);
    expect(lines).toHaveLength(new Set(skipped.map(({ reason }) => reason)).size);
    expect(lines.length).toBeLessThan(skipped.length);
    for (const part of skipped) {
      const line = lines.find((each) => each.endsWith(`(${part.reason})`)) ?? '';
      expect(line).toContain(skippedName(part).replace(/^(alert|dashboard|panel) /, ''));
    }
  });

  test.each([
    [{ kind: 'alert', alert: 'A' }, 'alert A'],
    [{ kind: 'dashboard', dashboard: 'x' }, 'dashboard x'],
    [{ kind: 'panel', dashboard: 'x', panel: 'y' }, 'panel x/y'],
    [{ kind: 'records of cost' }, 'records of cost'],
  ])('have a name: %j', (part, name) => {
    expect(skippedName({ ...part, reason: 'any' })).toBe(name);
  });
});

test('a warning is one line', () => {
  expect(warningLines([{ kind: 'doubtful', settings: ['a.b', 'c'], reason: 'd' }])).toEqual(['  doubtful: a.b, c (d)']);
});
