import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { notice } from '../../../package/notice.ts';
import { shipped } from '../../../package/shipped.ts';
import { inTempDir } from '../../support/temp-dir.ts';

async function put(
  dir: string,
  name: string,
  manifest: object,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = join(dir, 'node_modules', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: 'v1.2.3', ...manifest }));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

test('equal texts are there once, below the names that share them', async () => {
  await inTempDir(async (dir) => {
    const text = 'Do as you please.\r\n';
    const folders = [
      await put(dir, 'b', { license: 'MIT' }, { LICENSE: text }),
      await put(dir, 'a', { license: 'MIT' }, { 'license.md': text }),
      await put(
        dir,
        '@c/d',
        { license: 'Apache-2.0' },
        { LICENSE_APACHE2: 'Apache', NOTICE: 'By D', 'LICENSES.js': 'code' },
      ),
    ];
    const text3 = notice(shipped([...folders, ...folders]));
    expect(text3).toContain('\na 1.2.3 (MIT)\nb 1.2.3 (MIT)\n\nDo as you please.\n');
    expect(text3).toContain('\n@c/d 1.2.3 (Apache-2.0)\n\nApache\n\nBy D\n');
    expect(text3.split('Do as you please.')).toHaveLength(2);
  });
});

test('a licence that is only named gets its text, with the author', async () => {
  await inTempDir(async (dir) => {
    const folder = await put(dir, 'a', { license: 'MIT', author: 'Jo Doe <jo@example.com> (https://example.com)' });
    expect(notice(shipped([folder]))).toContain(
      'a 1.2.3 (MIT)\n\nCopyright (c) Jo Doe\n\nPermission is hereby granted',
    );
  });
});

test('a package without a licence, and a licence without a text, stop the build', async () => {
  await inTempDir(async (dir) => {
    const [none, other] = [await put(dir, 'a', {}), await put(dir, 'b', { license: 'Zlib' })];
    expect(() => shipped([none])).toThrow('a@v1.2.3 has no licence: replace it or leave it out');
    expect(() => notice(shipped([other]))).toThrow('b has no text of its licence (Zlib): add it to package/notice.ts');
  });
});
