import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dashboardsAt } from '../../preview/host/index.ts';
import { dashboard, failure, makeTempDir, removeTempDirs } from './host-support.ts';

const FOLDER = 'dashboards/grafana';
let dir: string;

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: dir, encoding: 'utf8' });

const write = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), text);
};

async function commit(message: string): Promise<void> {
  git('add', '--all');
  git('commit', '--quiet', '--no-gpg-sign', '--message', message);
}

beforeAll(async () => {
  dir = await makeTempDir();
  git('init', '--quiet', '--initial-branch=main');
  await write('README.md', 'nothing yet');
  await commit('none');
  git('tag', 'none');
  await write(`${FOLDER}/a.json`, JSON.stringify(dashboard('a', { title: 'Old' })));
  await write(`${FOLDER}/sub/b with spaces é.json`, JSON.stringify(dashboard('b')));
  await write(`${FOLDER}/notes.json`, '[]');
  await write(`${FOLDER}/README.md`, 'text');
  await write('dashboards/grafana-other/c.json', JSON.stringify(dashboard('c')));
  await write(`env/${FOLDER}/d.json`, JSON.stringify(dashboard('d')));
  await commit('first');
  git('tag', 'v1');
  await write(`${FOLDER}/a.json`, JSON.stringify(dashboard('a', { title: 'New' })));
  await rm(join(dir, FOLDER, 'sub'), { recursive: true });
  await commit('second');
  git('branch', 'broken');
  await write(`${FOLDER}/a.json`, '{ "uid": ');
});

afterAll(removeTempDirs);

describe('dashboards of a revision', () => {
  test('are those of the commit, not of the working tree', async () => {
    expect(await dashboardsAt(dir, 'v1', FOLDER)).toEqual([dashboard('a', { title: 'Old' }), dashboard('b')]);
    expect(await dashboardsAt(dir, 'HEAD~1', `./${FOLDER}/`)).toHaveLength(2);
    expect(await dashboardsAt(dir, 'main', join(dir, FOLDER))).toEqual([dashboard('a', { title: 'New' })]);
    expect(await dashboardsAt(dir, git('rev-parse', 'v1').trim().slice(0, 8), FOLDER)).toHaveLength(2);
  });

  test('are looked for below the folder that one is in', async () => {
    expect(await dashboardsAt(join(dir, 'env'), 'HEAD', FOLDER)).toEqual([dashboard('d')]);
  });

  test('that are not there are missed', async () => {
    expect(await failure(dashboardsAt(dir, 'none', FOLDER))).toBe(
      'there are no dashboards in dashboards/grafana at revision "none"',
    );
  });

  test('that are not JSON are named', async () => {
    git('checkout', '--quiet', 'broken');
    await commit('broken');
    expect(await failure(dashboardsAt(dir, 'broken', FOLDER))).toMatch(
      /^dashboards\/grafana\/a\.json at revision "broken" is not JSON: /,
    );
  });
});

describe('mistakes', () => {
  test('an unknown revision', async () => {
    for (const revision of ['nope', 'HEAD:README.md', 'v1 v2', 'HEAD..v1']) {
      expect(await failure(dashboardsAt(dir, revision, FOLDER))).toBe(
        `there is no revision "${revision}" in this repository (or it has not been fetched)`,
      );
    }
  });

  test('an option in the place of a revision', async () => {
    for (const revision of ['--help', '-n1', `--output=${dir}/x`, '']) {
      expect(await failure(dashboardsAt(dir, revision, FOLDER))).toBe(
        `got revision "${revision}", expected one such as HEAD, main or 1a2b3c4`,
      );
    }
  });

  test('a folder elsewhere', async () => {
    for (const folder of ['..', '/etc', '.']) {
      expect(await failure(dashboardsAt(dir, 'HEAD', folder))).toBe(
        `got folder "${folder}", expected one below ${dir}`,
      );
    }
  });

  test('no repository', async () => {
    const outside = await makeTempDir();
    expect(await failure(dashboardsAt(outside, 'HEAD', FOLDER))).toBe(
      `revision "HEAD" cannot be read: ${outside} is not in a Git repository`,
    );
  });
});
