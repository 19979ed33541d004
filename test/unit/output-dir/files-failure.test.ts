import { readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { MARK } from '../../../generators/model/artifact.ts';
import { built, put } from '../../support/built-dir.ts';
import { generate, RULES } from '../../support/generate.ts';
import { run } from '../../support/run-main.ts';
import { inTempDir, treeOf } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

/** Runs a build that must fail in a sentence and change nothing. Returns the sentence. */
const failing = async (dir: string, ...argv: string[]) => {
  const before = await treeOf(dir);
  const { code, stdout, stderr } = await run(dir, 'build', ...argv);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(await treeOf(dir)).toEqual(before);
  return stderr;
};

describe('a failed build leaves the tree as it was', () => {
  test('when the output folder is a file', async () => {
    await inTempDir(async (dir) => {
      await put(dir, 'azimuth.yaml', '');
      await put(dir, 'out', 'text');
      const message = `${dir}/out: 1 problem\n  is a file, expected a folder\n`;
      expect(await failing(dir, '--out', 'out')).toBe(message);
      expect(await failing(dir, '--out', 'out/below')).toBe(message);
    });
  });

  test('when a file stands where a folder must be', async () => {
    await inTempDir(async (dir) => {
      await put(dir, 'azimuth.yaml', '');
      await put(dir, 'rules', 'text');
      expect(await failing(dir)).toBe(`${dir}: 1 problem\n  rules: is a file, expected a folder\n`);
    });
  });

  test('when the last of several files cannot be written', async () => {
    await built(async (dir) => {
      await rm(join(dir, 'rules'), { recursive: true });
      await put(dir, 'rules/prometheus', 'text');
      await put(dir, 'dashboards/grafana/zone-traffic.json', JSON.stringify({ description: MARK, edited: true }));
      await unlink(join(dir, 'helm-values/retina-hubble.yaml'));
      expect(await failing(dir)).toBe(`${dir}: 1 problem\n  rules/prometheus: is a file, expected a folder\n`);
    });
  });

  test('when a folder stands where a file must be', async () => {
    await built(async (dir) => {
      await rm(join(dir, RULES.zoneTraffic));
      await put(dir, `${RULES.zoneTraffic}/file.txt`, 'text');
      expect(await failing(dir)).toBe(`${dir}: 1 problem\n  ${RULES.zoneTraffic}: is a folder, expected a file\n`);
    });
  });

  test('and is repeated with success once the cause is gone', async () => {
    await inTempDir(async (dir) => {
      await put(dir, 'azimuth.yaml', '');
      await put(dir, 'rules', 'text');
      await failing(dir);
      await rm(join(dir, 'rules'));
      expect(await run(dir, 'build')).toMatchObject({ code: 0 });
      expect(await readFile(join(dir, RULES.zoneTraffic), 'utf8')).toBe(generate().file(RULES.zoneTraffic));
    });
  });
});
