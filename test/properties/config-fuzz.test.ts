import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { OBJECTS } from '../fuzz/bases.ts';
import { azimuth, fuzz } from '../fuzz/run.ts';
import { mutated } from '../support/arbitrary-mutation.ts';
import { problemsOf, problemsOfYaml } from '../support/problems.ts';
import { run } from '../support/run-main.ts';
import { inTempDir, treeOf } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

test('every base is valid before it is changed', () => {
  expect(OBJECTS.length).toBeGreaterThan(40);
  for (const given of OBJECTS) expect(problemsOf(given)).toEqual([]);
});

test('whatever a configuration holds, it is built or refused with reasons, within 2 s and 100 MB', () => {
  const { counts, read, findings } = fuzz({
    seed: 20_261_130,
    runs: 5000,
    // `npm run fuzz` builds all that are accepted.
    subject: azimuth(20),
    share: { yaml: 10, promtool: 3 },
  });
  expect(findings).toEqual([]);
  expect(counts).toMatchObject({ crash: 0, slow: 0, big: 0, placeless: 0, unreadable: 0 });
  expect(counts.accepted + counts.refused).toBe(5000);
  // Neither all valid nor all refused at the first glance.
  expect(counts.accepted).toBeGreaterThan(500);
  expect(counts.refused).toBeGreaterThan(1000);
  for (const count of Object.values(read)) expect(count).toBeGreaterThan(0);
});

test('an invalid configuration writes nothing, a valid one is built', async () => {
  const full = OBJECTS.at(-1) ?? {};
  await fc.assert(
    fc.asyncProperty(mutated(full), async (given) =>
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
