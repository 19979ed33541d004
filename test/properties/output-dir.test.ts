import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { findDrift } from '../../generators/output-dir/files.ts';
import { named, type Owner, thisProcess } from '../../generators/output-dir/owner.ts';
import { update } from '../../generators/output-dir/update.ts';
import {
  arbitraryScene,
  artifactsIn,
  foreignIn,
  leftIn,
  linksIn,
  type Scene,
  stageScene,
} from '../support/arbitrary-folder.ts';
import { planOf, planted, type Texts } from '../support/planted.ts';
import { type Fault, FAULTS, faultyDisk } from '../support/faulty-disk.ts';
import { inTempDir } from '../support/temp-dir.ts';

jest.setTimeout(300_000);

const never = (): AbortSignal => new AbortController().signal;

/** A process that has ended: no system has that many. */
const deadProcess = async (): Promise<Owner> => named({ ...(await thisProcess()), pid: 2 ** 22 + 1, start: '0' });

/** A disk without faults, on which nothing waits. */
const disk = () => faultyDisk('ENOSPC', -1);

const isNamed = async (dir: string, texts: Texts): Promise<boolean> =>
  (await findDrift(dir, planOf(texts)(undefined).expected)).some(({ state }) => state === 'interrupted');

/** All old, all new, named, or the finding itself. */
async function stateOf(dir: string, { old, next }: Scene): Promise<string> {
  const found = JSON.stringify(sorted(await artifactsIn(dir)));
  if (found === JSON.stringify(sorted(old))) return 'old';
  if (found === JSON.stringify(sorted(next))) return 'new';
  return (await isNamed(dir, next)) ? 'named' : found;
}

const sorted = (texts: Texts): unknown => Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** A build with a fault at one operation. @returns the number of operations, and whether it failed. */
async function faulty(dir: string, texts: Texts, fault: Fault, at: number, isNear: boolean) {
  const faults = faultyDisk(fault, at, isNear);
  const error: unknown = await update(dir, planOf(texts), {
    interrupted: never,
    disk: faults,
    self: await deadProcess(),
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { count: faults.count, error };
}

/** A scene, a fault in its build, another in the build that mends it, and the last build. */
async function expectSurvival(
  scene: Scene,
  faults: readonly { fault: Fault; at: number; isNear: boolean }[],
  last: 'old' | 'next',
) {
  return inTempDir(async (dir) => {
    await stageScene(dir, scene);
    const before = [await foreignIn(dir), await linksIn(dir)];
    let most = 0;
    for (const { fault, at, isNear } of faults) {
      const { count, error } = await faulty(dir, scene.next, fault, at, isNear);
      most = Math.max(most, count);
      const state = await stateOf(dir, scene);
      expect(state).toMatch(/^(old|new|named)$/);
      // Whoever lives undoes it himself, and says so.
      const isAlive = fault === 'ENOSPC' || fault === 'EACCES';
      expect({ fault, isNamed: state === 'named' && isAlive }).toEqual({ fault, isNamed: false });
      const isWritten = JSON.stringify(sorted(await artifactsIn(dir))) === JSON.stringify(sorted(scene.next));
      expect({ fault, isWritten: error !== undefined || isWritten }).toEqual({ fault, isWritten: true });
    }
    await update(dir, planOf(scene[last]), { interrupted: never, disk: disk() });
    expect(await artifactsIn(dir)).toEqual(scene[last]);
    expect(await leftIn(dir)).toEqual([]);
    expect([await foreignIn(dir), await linksIn(dir)]).toEqual(before);
    return most;
  });
}

describe('a build that is stopped', () => {
  const scene: Scene = {
    old: planted({ 'rules/a.yaml': 1, 'rules/deep/b.yaml': 1, 'dashboards/d.yaml': 1 }),
    next: planted({ 'rules/a.yaml': 2, 'rules/deep/er/c.yaml': 1, 'dashboards/d.yaml': 2 }),
    linked: ['dashboards/d.yaml'],
  };

  test.each([
    ['dies-after', true],
    ['dies', false],
    ['ENOSPC', true],
    ['EACCES', false],
  ] as const)(
    'at any operation (%s, in one file system: %s) leaves one state, or is named and mended',
    async (fault, isNear) => {
      const count = await expectSurvival(scene, [{ fault, at: -1, isNear }], 'next');
      expect(count).toBeGreaterThan(20);
      for (let at = 0; at < count; at += 1) await expectSurvival(scene, [{ fault, at, isNear }], 'next');
    },
  );
});

test('any build that is stopped, and whose successor is stopped as well, leaves one state, or is named and mended', async () => {
  const faults = fc.array(fc.record({ fault: fc.constantFrom(...FAULTS), at: fc.nat(70), isNear: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  });
  const property = fc.asyncProperty(
    arbitraryScene,
    faults,
    fc.constantFrom('old', 'next'),
    async (scene, some, last) => {
      await expectSurvival(scene, some, last);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

/** What a check of the next configuration says when its files are there. */
const IS_NEW = JSON.stringify([{ path: 'rules/mine.yaml', state: 'foreign' }]);

/** What it says when it sees them in between. */
const IS_NAMED = /^\[\{"path":"\.azimuth","state":"(?:writing|interrupted)"/;

/** What checks of the next configuration say, one after another, until they are no longer wanted; at least one. */
async function driftsUntil(signal: AbortSignal, dir: string, { old, next }: Scene): Promise<string[]> {
  const { expected } = planOf(next)(old['artifacts.lock.json']);
  const drifts: string[] = [];
  do drifts.push(JSON.stringify(await findDrift(dir, expected)));
  while (!signal.aborted);
  return drifts;
}

describe('builds at the same time', () => {
  const builds = fc.array(fc.record({ which: fc.constantFrom('old', 'next'), pause: fc.nat(3) }), {
    minLength: 2,
    maxLength: 4,
  });

  test.each([false, true])('leave the files of one of them; after a death: %s', async (afterDeath) => {
    const property = fc.asyncProperty(arbitraryScene, builds, fc.nat(60), async (scene, some, at) => {
      await inTempDir(async (dir) => {
        await stageScene(dir, scene);
        const before = await foreignIn(dir);
        const [isOld = ''] = await driftsUntil(AbortSignal.abort(), dir, scene);
        if (afterDeath) await faulty(dir, scene.next, 'dies-after', at, true);
        const over = new AbortController();
        const watching = driftsUntil(over.signal, dir, scene);
        const finished = Promise.all(
          some.map(async ({ which, pause }) => {
            for (let turn = 0; turn < pause; turn += 1) await new Promise((done) => setImmediate(done));
            await update(dir, planOf(scene[which]), { interrupted: never, disk: disk() });
          }),
        );
        await finished.finally(() => over.abort());
        const mixed = (await watching).filter((drift) => ![isOld, IS_NEW].includes(drift) && !IS_NAMED.test(drift));
        expect(mixed).toEqual([]);
        expect(await stateOf(dir, scene)).toMatch(/^(old|new)$/);
        await update(dir, planOf(scene.next), { interrupted: never, disk: disk() });
        expect(await leftIn(dir)).toEqual([]);
        expect(await foreignIn(dir)).toEqual(before);
      });
    });
    await fc.assert(property, { numRuns: 25 });
  });
});
