import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import type { Problem } from '../../generators/index.ts';
import { mutated } from '../support/arbitrary-mutation.ts';
import { mutatedText } from '../support/arbitrary-text.ts';
import { generate } from '../support/generate.ts';
import { problemsOf, problemsOfYaml } from '../support/problems.ts';
import { run } from '../support/run-main.ts';
import { inTempDir, treeOf } from '../support/temp-dir.ts';

jest.setTimeout(60_000);

/** Every section filled, so that there is something to damage everywhere. */
const FULL = {
  ...generate().config,
  rules: { ...generate().config.rules, labels: { team: 'net' } },
  alerts: {
    PPSAllowanceExceeded: { threshold: 10, for: '5m', escalation: { threshold: 20, keepFiringFor: '1h' } },
    ConntrackAllowanceLow: { threshold: 0.2, severity: 'info' },
    BWINAllowanceExceeded: false,
  },
  dashboards: { 'zone-traffic': { title: 'x', panels: { matrix: false, total: { title: 'y' } } } },
  keep: ['dashboards/mine.json'],
};

/** Problems that do not name their place (or speak of the file), or do not say in words what is wrong. */
const wordless = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(
    ({ path, message }) =>
      typeof path !== 'string' ||
      !/^(got|unknown|not YAML|\S+ is set by|\S+ has one tier) ?/.test(message) ||
      /\[object |undefined, expected/.test(message),
  );

describe('whatever a configuration holds, it is complete or refused with reasons', () => {
  test('as an object', () => {
    fc.assert(
      fc.property(mutated(FULL), (given) => expect(wordless(problemsOf(given))).toEqual([])),
      { numRuns: 60 },
    );
  });

  test('as any object at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => expect(wordless(problemsOf(given))).toEqual([])),
      { numRuns: 20 },
    );
  });

  test('as text', async () => {
    const text = await readFile('azimuth.yaml', 'utf8');
    fc.assert(
      fc.property(fc.oneof(mutatedText(text), fc.string({ unit: 'binary', maxLength: 50 })), (given) =>
        expect(wordless(problemsOfYaml(given))).toEqual([]),
      ),
      { numRuns: 80 },
    );
  });
});

test('an invalid configuration writes nothing, a valid one is built', async () => {
  await fc.assert(
    fc.asyncProperty(mutated(FULL), async (given) =>
      inTempDir(async (dir) => {
        await writeFile(join(dir, 'azimuth.yaml'), dump(given));
        const before = await treeOf(dir);
        const { code, stdout, stderr } = await run(dir, 'build');
        const after = Object.keys(await treeOf(dir)).length;
        const said = code === 0 ? stdout : stderr;
        expect([code, said]).toEqual([
          problemsOfYaml(before['azimuth.yaml'] ?? '').length === 0 ? 0 : 1,
          expect.stringMatching(code === 0 ? /^\d+ artifacts? in \. / : /^azimuth\.yaml: \d+ problems?\n {2}/),
        ]);
        expect(after > 1).toBe(code === 0);
      }),
    ),
    { numRuns: 20 },
  );
});
