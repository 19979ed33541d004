import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runTool } from '../../../bench/process/tools.ts';
import { SETTINGS, settingsPage } from '../../../docs/settings.ts';
import { settingsOf } from '../../../generators/config/schema.ts';
import { namedSchema } from '../../../generators/index.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { inTempDir } from '../../support/temp-dir.ts';

const page = readFileSync('docs/settings.md', 'utf8');
const all = SETTINGS.flatMap(({ settings }) => settings);
const at = (path: string) => page.split('\n').find((line) => line.startsWith(`| \`${path}\` |`)) ?? '';

describe('docs/settings.md', () => {
  test('is what the schema gives', () => {
    expect(page).toBe(settingsPage());
  });

  test('has every setting, with a description', () => {
    const paths = settingsOf(namedSchema(catalogue)).map((path) => path.join('.'));
    expect(paths.length).toBeGreaterThan(100);
    expect(paths.filter((path) => at(path) === '')).toEqual([]);
    expect(all.filter(({ schema }) => (schema.description ?? '') === '').map(({ path }) => path)).toEqual([]);
  });

  test('has tables without a broken row', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    const cells = (line: string) => line.split(/(?<!\\)\|/).length;
    const broken = rows.filter((line, index) => {
      const above = rows[index - 1];
      return above !== undefined && !line.startsWith('| setting |') && cells(line) !== cells(above);
    });
    expect(rows.length).toBeGreaterThan(150);
    expect(broken).toEqual([]);
  });

  test.each([
    ['rules.window', '| a duration such as 30s or 5m | `5m` |'],
    ['ethtool.device', String.raw`| \`eth.*\|ens.*\|enp.*\` |`.replaceAll('\\`', '`')],
    ['amp.quotas.fileBytes', '| a whole number of at least 1 | bytes | `1000000` |'],
    ['cloud.price.egressPerGB', 'cloud.price.currency per gigabyte'],
    ['retina.hubblePort', '| `flows.source`: `retina-hubble` |'],
    ['kubeStateMetrics.replicas', '| `kubeStateMetrics.standalone` |'],
    ['alerts.<alert>.escalation.for', 'How long the condition must hold.'],
    ['dashboards.<uid>.panels.<panel>.title', '| text on one line |'],
    ['routing.workloads[].minDomains', '| a whole number from 1 to 2147483647 |'],
  ])('says of %s: %s', (path, text) => {
    expect(at(path)).toContain(text);
  });

  test('says whose a section is, what else reads it, and why it is off', () => {
    const below = (section: string) => page.split(`\n## ${section}\n\n`)[1]?.split('\n')[0];
    expect(below('adot')).toMatch(
      /Section of the component `adot`\. Off by default \(adot\.enabled is false\)\. Read by the components? .*`amp`/,
    );
    expect(below('amp')).toMatch(/Read by .*output `amp`\./);
    expect(below('ethtool')).toContain('domain `allowances`.');
    expect(below('keep')).toContain('Read by the build itself.');
  });

  test('gives the unit of every number, but for those that count nothing', () => {
    const numbers = all.filter(
      ({ schema }) =>
        [schema.type ?? []].flat().some((type) => type === 'integer' || type === 'number') ||
        schema.enum?.some((value) => typeof value === 'number') === true,
    );
    const bare = numbers.filter(({ schema }) => schema.unit === undefined).map(({ path }) => path);
    const counting = bare.filter((path) => !/([pP]ort|\.version|\.runAsUser|Ratio)$|^routing\./.test(path));
    expect(numbers.length).toBeGreaterThan(20);
    expect(counting).toEqual([]);
  });

  test('is no artifact of a user', () => {
    expect(generate().artifacts.filter(({ path }) => path.endsWith('.md'))).toEqual([]);
  });
});

describe('npm run build and npm run check', () => {
  /** Runs the repository's own build over a copy of its launchers and its sources. */
  const inCopy = async (of: (dir: string, run: (...argv: string[]) => ReturnType<typeof runTool>) => Promise<void>) =>
    inTempDir(async (dir) => {
      await mkdir(join(dir, 'docs'));
      await mkdir(join(dir, 'bin'));
      for (const file of [
        'docs/build.mjs',
        'docs/settings.ts',
        'docs/settings.md',
        'bin/bundle.mjs',
        'bin/options.mjs',
        'bin/start.mjs',
        'package.json',
      ])
        await copyFile(file, join(dir, file));
      for (const name of ['generators', 'demo', 'bench', 'preview', 'node_modules', 'package-lock.json'])
        await symlink(resolve(name), join(dir, name));
      await writeFile(join(dir, 'azimuth.yaml'), 'targets: [prometheus]\n');
      await of(dir, async (...argv) => runTool('node', [join(dir, 'docs', 'build.mjs'), ...argv], { cwd: dir }));
    });

  test('write the page, and end with 2 where it differs', async () => {
    await inCopy(async (dir, run) => {
      const file = join(dir, 'docs', 'settings.md');
      await writeFile(file, 'old');
      expect(await run('build', '--out', 'elsewhere')).toMatchObject({ code: 0 });
      expect(await readFile(file, 'utf8')).toBe('old');
      expect(await run('build', '--check')).toMatchObject({ code: 2 });
      expect(await readFile(file, 'utf8')).toBe('old');
      expect(await run('build')).toMatchObject({ code: 0, stderr: expect.stringContaining('docs/settings.md') });
      expect(await readFile(file, 'utf8')).toBe(page);
      expect(await run('check')).toMatchObject({ code: 0 });
      await writeFile(file, 'old');
      const drifted = await run('check');
      expect(drifted).toMatchObject({ code: 2, stderr: expect.stringContaining('changed: docs/settings.md') });
      await writeFile(join(dir, 'azimuth.yaml'), 'tragets: [prometheus]\n');
      expect(await run('build')).toMatchObject({ code: 1 });
      expect(await readFile(file, 'utf8')).toBe('old');
    });
  }, 60_000);
});
