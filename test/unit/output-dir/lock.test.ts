import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { ProblemError } from '../../../generators/index.ts';
import { parseLock, type LockEntry } from '../../../generators/output-dir/lock.ts';
import { buildIn } from '../../support/built-dir.ts';
import { run } from '../../support/run-main.ts';
import { inTempDir, treeOf } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

const LOCK = 'artifacts.lock.json';
const ZONE_TRAFFIC = 'dashboards/grafana/zone-traffic.json';
const NODE_ALLOWANCES = 'dashboards/grafana/node-allowances.json';

const lockOf = async (dir: string): Promise<readonly LockEntry[]> => parseLock(await readFile(join(dir, LOCK), 'utf8'));

/** Versions of both dashboards, as the files say; the lock must say the same. */
async function versionsOf(dir: string): Promise<number[]> {
  const lock = await lockOf(dir);
  const versions = [ZONE_TRAFFIC, NODE_ALLOWANCES].map(async (path) => {
    const { version } = JSON.parse(await readFile(join(dir, path), 'utf8')) as { version: number };
    expect(lock.find((entry) => entry.path === path)?.version).toBe(version);
    return version;
  });
  return Promise.all(versions);
}

const TITLE = 'dashboards: { zone-traffic: { title: Zones } }';

describe('the version of a dashboard', () => {
  test('rises by one when its content changes, and only then', async () => {
    await inTempDir(async (dir) => {
      const found: number[][] = [];
      for (const config of ['', '', TITLE, TITLE, '', 'cluster: { label: k8s }']) {
        await buildIn(dir, config);
        found.push(await versionsOf(dir));
      }
      expect(found).toEqual([
        [1, 1],
        [1, 1],
        [2, 1],
        [2, 1],
        [3, 1],
        [4, 2],
      ]);
    });
  });

  test('falls with the whole folder, lock and all, which is current then', async () => {
    await inTempDir(async (dir) => {
      await buildIn(dir);
      const before = await treeOf(dir);
      await buildIn(dir, TITLE);
      for (const [path, text] of Object.entries(before)) await writeFile(join(dir, path), text);
      expect(await versionsOf(dir)).toEqual([1, 1]);
      expect(await run(dir, 'check')).toMatchObject({ code: 0 });
      // The configuration alone, and they rise: the way back that the guide tells.
      await buildIn(dir, TITLE);
      await buildIn(dir, before['azimuth.yaml']);
      expect(await versionsOf(dir)).toEqual([3, 1]);
    });
  });

  test('does not rise because a file was edited by hand, or is missing', async () => {
    await inTempDir(async (dir) => {
      await buildIn(dir, TITLE);
      const before = await treeOf(dir);
      await writeFile(join(dir, ZONE_TRAFFIC), (before[ZONE_TRAFFIC] ?? '').replace('"version": 1', '"version": 9'));
      await rm(join(dir, NODE_ALLOWANCES));
      await buildIn(dir, TITLE);
      expect(await treeOf(dir)).toEqual(before);
    });
  });

  test('starts again at 1 without the lock', async () => {
    await inTempDir(async (dir) => {
      await buildIn(dir, '');
      await buildIn(dir, TITLE);
      await rm(join(dir, LOCK));
      await buildIn(dir, TITLE);
      expect(await versionsOf(dir)).toEqual([1, 1]);
    });
  });

  // Grafana takes a lower version for an older dashboard.
  test('goes on where it was when the dashboard comes back', async () => {
    await inTempDir(async (dir) => {
      for (const config of ['', TITLE, 'dashboards: { zone-traffic: false }', '']) await buildIn(dir, config);
      const [version] = await versionsOf(dir);
      expect(version).toBeGreaterThan(2);
    });
  });
});

describe('the lock', () => {
  test('knows every other artifact, with the hash of its file', async () => {
    await inTempDir(async (dir) => {
      await buildIn(dir, '');
      const { [LOCK]: _, 'azimuth.yaml': __, ...files } = await treeOf(dir);
      const hashes = Object.entries(files).map(([path, text]) => [
        path,
        createHash('sha256').update(text).digest('hex'),
      ]);
      expect((await lockOf(dir)).map(({ path, sha256 }) => [path, sha256])).toEqual(hashes);
    });
  });

  const advice = 'restore it from version control, or delete it to let all versions start at 1';

  test.each([
    ['', /^not JSON \(/],
    ['<<<<<<< ours\n{}', /^not JSON \(/],
    ['null', /^artifacts: got undefined, expected a list of /],
    ['[]', /^artifacts: got undefined, expected a list of /],
    ['{"artifacts":{}}', /^artifacts: got \{\}, expected a list of /],
    ['{"artifacts":[null]}', /^artifacts: got null, expected a list of /],
    ['{"artifacts":[{"path":"a","kind":"rules","sha256":"b"}]}', /^artifacts: got \{"path":"a",/],
    ['{"artifacts":[{"path":"a","kind":"rules","version":0,"sha256":"b"}]}', /^artifacts: got \{"path":"a",/],
    ['{"artifacts":[{"path":"a","kind":"rules","version":1.5,"sha256":"b"}]}', /^artifacts: got \{"path":"a",/],
  ])('is refused when it is damaged, and nothing is written: %j', async (text, line) => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), '');
      await writeFile(join(dir, LOCK), text);
      for (const command of ['build', 'check', 'validate', 'list']) {
        const { code, stdout, stderr } = await run(dir, command);
        const [head, problem] = stderr.split('\n');
        expect({ code, stdout, head }).toEqual({ code: 1, stdout: '', head: 'artifacts.lock.json: 1 problem' });
        expect(problem?.trim()).toMatch(line);
        expect(stderr).toContain(advice);
      }
      expect(await treeOf(dir)).toEqual({ 'azimuth.yaml': '', [LOCK]: text });
    });
  });

  test('that does not exist is empty', () => {
    expect(parseLock(undefined)).toEqual([]);
    expect(() => parseLock('')).toThrow(ProblemError);
  });
});
