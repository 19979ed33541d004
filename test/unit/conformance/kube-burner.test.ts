import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kubeBurnerCases } from '../../../conformance/kube-burner/cases.ts';
import { moduleIn, programFor } from '../../../conformance/kube-burner/program.ts';
import { runKubeBurner } from '../../../conformance/kube-burner/run.ts';
import { unknownKeys } from '../../../conformance/kube-burner/unknown.ts';
import { generated } from '../../../conformance/shared/cases.ts';
import { runCommand } from '../../../conformance/shared/main.ts';
import { inTempDir } from '../../support/temp-dir.ts';

/** Runs the command. */
async function run(...argv: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCommand('conformance:kube-burner', runKubeBurner, argv, {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

test('the command says what it needs', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, stderr: '' });
  expect((await run()).stderr).toContain("--source is missing: a folder with kube-burner's source");
  expect((await run('--source', '/nowhere')).stderr).toContain('expected a folder with kube-burner');
});

describe("kube-burner's source", () => {
  const moduleOf = (text: string) =>
    inTempDir(async (folder) => {
      await mkdir(join(folder, 'cmd'));
      await writeFile(join(folder, 'go.mod'), text);
      return moduleIn(folder);
    });

  test('is known by its module, whatever the version', async () => {
    await expect(moduleOf('module github.com/kube-burner/kube-burner\n\ngo 1.23.0\n')).resolves.toBe(
      'github.com/kube-burner/kube-burner',
    );
    await expect(moduleOf('module github.com/kube-burner/kube-burner/v2\n')).resolves.toMatch(/v2$/);
    await expect(moduleOf('module example.com/kube-burner\n')).rejects.toThrow('--source: got');
  });

  test('makes the program import it', () => {
    const [first, second] = ['', '/v2'].map((version) => programFor(`github.com/kube-burner/kube-burner${version}`));
    expect(first).toContain('"github.com/kube-burner/kube-burner/pkg/config"');
    expect(first).toContain('provider(), nil)');
    expect(second).toContain('"github.com/kube-burner/kube-burner/v2/pkg/config"');
    expect(second).toContain('provider(), nil, "")');
    expect([first, second].filter((text) => text?.includes('MODULE/'))).toEqual([]);
  });
});

test('an unknown key is put into every mapping but labels', () => {
  const document = { jobs: [{ name: 'a', namespaceLabels: { b: 'c' } }], global: { gc: true } };
  expect(unknownKeys(document)).toEqual([
    { where: 'the document', document: { ...document, azimuthUnknown: 1 } },
    { where: 'jobs.0', document: { ...document, jobs: [{ ...document.jobs[0], azimuthUnknown: 1 }] } },
    { where: 'global', document: { ...document, global: { gc: true, azimuthUnknown: 1 } } },
  ]);
});

test.each(kubeBurnerCases.map((one) => [one.name, one] as const))('the case "%s" builds', (_name, one) => {
  const paths = generated(one).artifacts.map(({ path }) => path);
  expect(paths).toContain('manifests/kube-burner/metrics.yaml');
});
