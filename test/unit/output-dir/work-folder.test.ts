import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findDrift } from '../../../generators/output-dir/files.ts';
import { named, type Owner, thisProcess } from '../../../generators/output-dir/owner.ts';
import { update } from '../../../generators/output-dir/update.ts';
import { faultyDisk } from '../../support/faulty-disk.ts';
import { planOf, planted, type Texts } from '../../support/planted.ts';
import { inTempDir, treeOf } from '../../support/temp-dir.ts';

const OLD = planted({ 'rules/a.yaml': 1, 'rules/b.yaml': 1 });
const NEXT = planted({ 'rules/a.yaml': 2, 'rules/b.yaml': 2 });

const never = (): AbortSignal => new AbortController().signal;

const build = async (dir: string, texts: Texts, options: Partial<Parameters<typeof update>[2]> = {}) =>
  update(dir, planOf(texts), { interrupted: never, ...options });

const dead = async (): Promise<Owner> => named({ ...(await thisProcess()), pid: 2 ** 22 + 1 });

/** The disk of a process that dies once the first file is replaced. */
async function dies(dir: string, texts: Texts, self: Owner): Promise<void> {
  for (let at = 0; ; at += 1) {
    await build(dir, texts, { disk: faultyDisk('dies-after', at), self }).catch(() => undefined);
    const tree = await treeOf(dir);
    if (tree['rules/a.yaml'] !== OLD['rules/a.yaml'] || tree['rules/b.yaml'] !== OLD['rules/b.yaml']) return;
    await rm(join(dir, '.azimuth'), { recursive: true, force: true });
  }
}

const names = async (dir: string): Promise<string[]> => (await readdir(dir)).filter((name) => name.startsWith('.'));

describe('another build', () => {
  test('that lives is waited for, and named', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      const self = await thisProcess();
      await dies(dir, NEXT, self);
      const before = await treeOf(dir);
      const message = `another build writes here: process ${self.pid}; wait until it has ended, or end it`;
      await expect(build(dir, NEXT, { patience: 0 })).rejects.toMatchObject({
        problems: [{ path: '.azimuth', message }],
      });
      expect(await treeOf(dir)).toEqual(before);
      const [first] = await findDrift(dir, planOf(NEXT)(undefined).expected);
      expect(first).toEqual({ path: '.azimuth', state: 'writing', pid: self.pid });
    });
  });

  test('that is dead is named by a check, undone and reported by the next build', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      const self = await dead();
      await dies(dir, NEXT, self);
      const [first] = await findDrift(dir, planOf(NEXT)(undefined).expected);
      expect(first).toEqual({ path: '.azimuth', state: 'interrupted', pid: self.pid });
      const { drift } = await build(dir, OLD);
      expect(drift).toEqual([{ path: '.azimuth', state: 'interrupted', pid: self.pid }]);
      expect(await treeOf(dir)).toEqual(OLD);
      expect(await names(dir)).toEqual([]);
    });
  });

  test('of another host is dead once it is silent', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      await dies(dir, NEXT, named({ ...(await dead()), place: 'elsewhere 1 2' }));
      await expect(build(dir, NEXT, { patience: 0 })).rejects.toThrow('on elsewhere; wait until it has ended');
      await build(dir, NEXT, { patience: 200 });
      expect(await treeOf(dir)).toEqual(NEXT);
    });
  });

  test('whose number another process has by now is dead', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      const self = await thisProcess();
      await dies(dir, NEXT, named({ ...self, start: `${self.start}0` }));
      await build(dir, NEXT, { patience: 0 });
      expect(await treeOf(dir)).toEqual(NEXT);
    });
  });

  test('whose name was lost with the power is dead', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      await dies(dir, NEXT, await dead());
      await writeFile(join(dir, '.azimuth/owner'), '');
      await build(dir, NEXT, { patience: 0 });
      expect(await treeOf(dir)).toEqual(NEXT);
      expect(await names(dir)).toEqual([]);
    });
  });
});

test('a signal undoes what is written, at any operation', async () => {
  await inTempDir(async (dir) => {
    await build(dir, OLD);
    const { count } = await inTempDir(async (other) => {
      const disk = faultyDisk('dies', -1);
      await build(other, OLD);
      await build(other, NEXT, { disk });
      return disk;
    });
    let stopped = 0;
    for (let at = 0; at < count; at += 1) {
      const controller = new AbortController();
      const disk = faultyDisk('dies', -1);
      const counted = new Proxy(disk, {
        get: (target, name, receiver) => {
          if (target.count >= at) controller.abort('SIGTERM');
          return Reflect.get(target, name, receiver) as unknown;
        },
      });
      const outcome = await build(dir, NEXT, { disk: counted, interrupted: () => controller.signal }).then(
        () => 'written',
        (reason: unknown) => reason,
      );
      expect(await treeOf(dir)).toEqual(outcome === 'written' ? NEXT : OLD);
      expect(['written', 'SIGTERM']).toContain(outcome);
      if (outcome === 'SIGTERM') stopped += 1;
      expect(await names(dir)).toEqual([]);
      await build(dir, OLD);
    }
    expect(stopped).toBeGreaterThan(count / 2);
  });
});

describe('the work folder', () => {
  test('that is not ours is left alone', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      await mkdir(join(dir, '.azimuth'));
      await writeFile(join(dir, '.azimuth/notes'), 'of the user');
      const before = await treeOf(dir);
      await expect(build(dir, NEXT)).rejects.toThrow('.azimuth: exists and was not made by Azimuth');
      expect(await treeOf(dir)).toEqual(before);
    });
  });

  test.each([
    ['no JSON', '{'],
    ['a path outside', { pid: 1, folders: [], steps: [{ path: '../x', before: null, after: null, beside: null }] }],
    ['a folder outside', { pid: 1, folders: ['../x'], steps: [] }],
    [
      'a file in the work folder',
      { pid: 1, folders: [], steps: [{ path: '.azimuth/owner', before: null, after: null, beside: null }] },
    ],
    ['a place outside', { pid: 1, folders: [], steps: [{ path: 'x', before: null, after: null, beside: '/../x' }] }],
  ])('with a journal that no build wrote (%s) is refused', async (_what, journal) => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      await mkdir(join(dir, '.azimuth'));
      await writeFile(join(dir, '.azimuth/owner'), JSON.stringify(await dead()));
      await writeFile(
        join(dir, '.azimuth/journal.json'),
        typeof journal === 'string' ? journal : JSON.stringify(journal),
      );
      const damaged = /\.azimuth\/journal\.json: damaged, so the interrupted build cannot be undone/;
      await expect(build(dir, NEXT)).rejects.toThrow(damaged);
      await expect(findDrift(dir, planOf(NEXT)(undefined).expected)).rejects.toThrow(damaged);
    });
  });

  test('with a journal of a stranger changes no file that is not ours', async () => {
    await inTempDir(async (dir) => {
      await build(dir, OLD);
      await mkdir(join(dir, '.azimuth'));
      await writeFile(join(dir, 'notes.txt'), 'of the user');
      const notes = createHash('sha256').update('of the user').digest('hex');
      const steps = [
        { path: 'notes.txt', before: null, after: notes, beside: null },
        { path: 'new.txt', before: notes, after: null, beside: null },
      ];
      await writeFile(join(dir, '.azimuth/owner'), JSON.stringify(await dead()));
      await writeFile(join(dir, '.azimuth/journal.json'), JSON.stringify({ pid: 1, folders: [], steps }));
      await writeFile(join(dir, '.azimuth/1.old'), 'of a stranger');
      await build(dir, NEXT);
      expect(await treeOf(dir)).toEqual({ ...NEXT, 'notes.txt': 'of the user' });
    });
  });
});

test('what builds of earlier versions left is removed once they are dead, beside our files only', async () => {
  await inTempDir(async (dir) => {
    await build(dir, OLD);
    const gone = 2 ** 22 + 1;
    const stays = {
      [`rules/.a.yaml.${process.pid}.tmp`]: 'of one that lives',
      [`rules/.mine.yaml.${gone}.tmp`]: 'of the user',
      'rules/.a.yaml.swp': 'of an editor',
    };
    const goes = { [`rules/.a.yaml.${gone}.tmp`]: '', [`.artifacts.lock.json.${gone}.tmp`]: '' };
    for (const [path, text] of Object.entries({ ...stays, ...goes })) await writeFile(join(dir, path), text);
    await build(dir, OLD);
    expect(await treeOf(dir)).toEqual({ ...OLD, ...stays });
  });
});
