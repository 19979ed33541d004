import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { carriesMark, MARK } from '../../../generators/model/artifact.ts';
import { buildIn, put } from '../../support/built-dir.ts';
import { generate } from '../../support/generate.ts';
import { run, type Ran } from '../../support/run-main.ts';
import { inTempDir, timesOf, treeOf } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

const RULES = 'rules/prometheus/zone-traffic.rules.yaml';
const OUR_TEXT = `# ${MARK}; do not edit.\n`;

/** A fresh build, changed, then checked; the check must leave every byte and time as it was. */
async function checked(change: Readonly<Record<string, string | null>>, config = '', ...argv: string[]): Promise<Ran> {
  return inTempDir(async (dir) => {
    await buildIn(dir, config);
    for (const [path, text] of Object.entries(change)) {
      await (text === null ? rm(join(dir, path)) : put(dir, path, text));
    }
    const before = [await treeOf(dir), await timesOf(dir)];
    const ran = await run(dir, 'check', ...argv);
    expect([await treeOf(dir), await timesOf(dir)]).toEqual(before);
    return ran;
  });
}

describe('check', () => {
  test('is content with a fresh build', async () => {
    const count = generate().artifacts.length;
    expect(await checked({})).toEqual({ code: 0, stdout: '', stderr: `${count} artifacts in .: up to date\n` });
  });

  test.each([
    ['changed', { [RULES]: OUR_TEXT }, RULES],
    ['changed', { [RULES]: 'not even ours\n' }, RULES],
    ['changed', { [RULES]: `${generate().file(RULES)}\n` }, RULES],
    ['changed', { 'azimuth.schema.json': '{}' }, 'azimuth.schema.json'],
    ['missing', { [RULES]: null }, RULES],
    ['missing', { 'artifacts.lock.json': null }, 'artifacts.lock.json'],
    ['stray', { 'rules/prometheus/old.yaml': OUR_TEXT }, 'rules/prometheus/old.yaml'],
    ['stray', { 'manifests/deep/old.yml': OUR_TEXT }, 'manifests/deep/old.yml'],
    ['stray', { 'dashboards/old.json': `{"description":"${MARK}"}` }, 'dashboards/old.json'],
    ['foreign', { 'helm-values/mine.yaml': 'a: 1\n' }, 'helm-values/mine.yaml'],
    ['foreign', { 'dashboards/mine.json': '{}' }, 'dashboards/mine.json'],
  ])('calls a file %s: %j', async (state, change, path) => {
    const { code, stdout, stderr } = await checked(change);
    expect({ code, stdout }).toEqual({ code: 2, stdout: `${state}: ${path}\n` });
    expect(stderr).toBe(
      state === 'foreign' || state === 'stray'
        ? '1 difference in .: move these files away, or list them under "keep" in the configuration\n'
        : '1 difference in .: run "azimuth build" and commit the result\n',
    );
  });

  test('lists several in the order of their paths', async () => {
    const change = {
      [RULES]: null,
      'azimuth.schema.json': '{}',
      'rules/prometheus/old.yaml': OUR_TEXT,
      'dashboards/mine.json': '{}',
    };
    const { code, stdout, stderr } = await checked(change);
    expect(code).toBe(2);
    expect(stdout.split('\n')).toEqual([
      'changed: azimuth.schema.json',
      'foreign: dashboards/mine.json',
      'stray: rules/prometheus/old.yaml',
      `missing: ${RULES}`,
      '',
    ]);
    expect(stderr).toMatch(/^4 differences in \.: run "azimuth build"/);
  });

  test('gives the same as data', async () => {
    const { code, stdout } = await checked({ [RULES]: null, 'rules/a.yaml': 'x' }, '', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      out: '.',
      drift: [
        { path: 'rules/a.yaml', state: 'foreign' },
        { path: RULES, state: 'missing' },
      ],
      warnings: [],
    });
    expect(JSON.parse((await checked({}, '', '--json')).stdout)).toEqual({ out: '.', drift: [], warnings: [] });
  });

  test('looks at no other files', async () => {
    const change = { 'notes.yaml': 'x', 'docs/a.json': '{}', 'rules/README.md': 'x', 'rules/.cache/a.yaml': 'x' };
    expect(await checked(change)).toMatchObject({ code: 0, stdout: '' });
  });

  test('takes what the configuration keeps for granted, by file and by folder', async () => {
    const kept = { 'dashboards/grafana/mine.json': '{}', 'rules/mine/a/b.yaml': 'x' };
    const others = { 'dashboards/grafana/mine.json.yaml': 'x', 'rules/mine.yaml': 'x' };
    const keep = 'keep: [dashboards/grafana/mine.json, rules/mine/]';
    const { stdout } = await checked({ ...kept, ...others }, keep);
    expect(stdout).toBe('foreign: dashboards/grafana/mine.json.yaml\nforeign: rules/mine.yaml\n');
  });

  test('keeps what carries our mark too, such as a copy that was changed by hand', async () => {
    const path = 'dashboards/grafana/copy.json';
    expect(await checked({ [path]: `{"description":"${MARK}"}` }, `keep: [${path}]`)).toMatchObject({ code: 0 });
  });
});

test('names the command that mends it: of the same configuration and folder', async () => {
  await inTempDir(async (dir) => {
    await put(dir, 'other.yaml', '');
    const { stderr } = await run(dir, 'check', '--config', 'other.yaml', '--out', 'there');
    expect(stderr).toContain('run "azimuth build --config other.yaml --out there"');
    await put(dir, 'package.json', '{ "scripts": { "build": "azimuth build" } }');
    const { stderr: ofScript } = await run(dir, 'check', '--config', 'other.yaml', '--out', 'there');
    expect(ofScript).toContain('run "npm run build -- --config other.yaml --out there"');
  });
});

describe('the mark', () => {
  test.each([
    [`# ${MARK}\na: 1\n`, true],
    [`a: 1\n# ${MARK}\n`, false],
    [`{"description":"x ${MARK}."}`, true],
    [`  \n{"$comment":"${MARK}"}`, true],
    [`{"title":"${MARK}"}`, false],
    [`{"description":5,"panels":[{"description":"${MARK}"}]}`, false],
    [`{\n<<<<<<< ours\n"description": "${MARK}"\n`, true],
    [`{${'\n'.repeat(40)}"description": "${MARK}"`, false],
    ['', false],
    ['[]', false],
  ])('of %j: %s', (text, expected) => {
    expect(carriesMark(text)).toBe(expected);
  });
});

test.each(generate().artifacts.map(({ path, text }) => [path, text]))('%s carries the mark', (_path, text) => {
  expect(carriesMark(text)).toBe(true);
});
