import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { run } from '../../support/run-main.ts';
import { filesIn, inTempDir } from '../../support/temp-dir.ts';

/** What is said of a file that is named as the configuration; nothing may be written. */
const said = async (dir: string, config: string): Promise<string> => {
  const before = await filesIn(dir);
  const { code, stdout, stderr } = await run(dir, 'build', '--config', config);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(await filesIn(dir)).toEqual(before);
  return stderr;
};

const EXPECTED = 'expected a configuration in YAML, or a .ts file';

describe('instead of a configuration', () => {
  test('a folder', async () => {
    await inTempDir(async (dir) => {
      await mkdir(join(dir, 'configs'));
      const message = 'is a folder, expected a file such as';
      expect(await said(dir, 'configs')).toBe(`configs: 1 problem\n  ${message} configs/azimuth.yaml\n`);
      expect(await said(dir, 'configs/')).toBe(`configs/: 1 problem\n  ${message} configs/azimuth.yaml\n`);
      expect(await said(dir, '.')).toContain(`${message} ./azimuth.yaml\n`);
    });
  });

  test('a folder that is named as a program', async () => {
    await inTempDir(async (dir) => {
      await mkdir(join(dir, 'azimuth.config.ts'));
      expect(await said(dir, 'azimuth.config.ts')).toContain('is a folder, expected a file such as');
    });
  });

  test.each([
    ['bytes that are no text', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe])],
    ['text in UTF-16', Buffer.from('\uFEFFcluster: { name: a }\n', 'utf16le')],
    ['zeros', Buffer.alloc(100)],
  ])('%s', async (_name, bytes) => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'a.yaml'), bytes);
      expect(await said(dir, 'a.yaml')).toBe(`a.yaml: 1 problem\n  is no text in UTF-8, ${EXPECTED}\n`);
    });
  });

  test('what never ends', async () => {
    await inTempDir(async (dir) => {
      expect(await said(dir, '/dev/zero')).toBe(`/dev/zero: 1 problem\n  is longer than 256 KiB, ${EXPECTED}\n`);
    });
  });

  test('what the system does not let us read', async () => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'secret.yaml'), '');
      await chmod(join(dir, 'secret.yaml'), 0o000);
      // Whoever is root reads it all the same, but not what has no bytes to give.
      const file = process.getuid?.() === 0 ? '/proc/self/mem' : 'secret.yaml';
      expect(await said(dir, file)).toMatch(/: 1 problem\n {2}cannot be used: [a-z/ ]+\n$/);
    });
  });
});

describe('a configuration', () => {
  test.each([
    ['of no bytes', ''],
    ['with a byte order mark', '\uFEFFcluster: { name: blue }\n'],
    ['with any letters', 'cluster: { name: "Zürich 東京 \u{1F600}" }\n'],
  ])('%s is read', async (_name, text) => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'a.yaml'), text);
      expect(await run(dir, 'validate', '--config', 'a.yaml')).toMatchObject({ code: 0, stderr: 'a.yaml: valid\n' });
    });
  });
});

describe('an output folder that cannot be made', () => {
  const failing = async (dir: string, out: string) => {
    const started = performance.now();
    const { code, stdout, stderr } = await run(dir, 'build', '--out', out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return { stderr, seconds: (performance.now() - started) / 1000 };
  };

  test.each([
    ['/proc/azimuth', '/proc/azimuth', '/proc'],
    ['/proc/azimuth/a/b', '/proc/azimuth', '/proc'],
  ])('%s ends at once', async (out, folder, above) => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), '');
      const { stderr, seconds } = await failing(dir, out);
      const message = `cannot be made, as ${above} takes no folders; expected a folder that can be written to`;
      expect(stderr).toBe(`${folder}: 1 problem\n  ${message}\n`);
      expect(seconds).toBeLessThan(10);
      expect(await filesIn(dir)).toEqual(['azimuth.yaml']);
    });
  });

  test('a link to nowhere', async () => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), '');
      await symlink(join(dir, 'nowhere'), join(dir, 'out'));
      expect((await failing(dir, 'out')).stderr).toBe(
        `${dir}/out: 1 problem\n  cannot be used: is there and is no folder\n`,
      );
    });
  });

  test('leaves none of the folders above it', async () => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), '');
      const { stderr } = await failing(dir, `new/below/${'x'.repeat(300)}`);
      expect(stderr).toContain('cannot be used: name too long\n');
      expect((await run(dir, 'check', '--out', 'new')).stdout).toContain('missing: ');
      await mkdir(join(dir, 'new'));
    });
  });
});
