import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { run, type Ran } from '../../support/run-main.ts';
import { filesIn, inTempDir } from '../../support/temp-dir.ts';

/** Runs `explain` in a folder with a configuration; it must write nothing. */
const explained = async (config: string, ...argv: readonly string[]): Promise<Ran> =>
  inTempDir(async (dir) => {
    await writeFile(join(dir, 'azimuth.yaml'), config);
    const ran = await run(dir, 'explain', ...argv);
    expect(await filesIn(dir)).toEqual(['azimuth.yaml']);
    return ran;
  });

test('an alert on a terminal: tiers, expression, tree, runbook', async () => {
  const { code, stdout, stderr } = await explained('', 'CoreDNSDown');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const part of [
    'CoreDNSDown (alert)',
    '  severity          critical',
    '  expression\n    ',
    '  reads\n    ',
    'kube_pod_info  from kube-state-metrics',
    '  first steps\n    1. ',
    'more: docs/runbooks/CoreDNSDown.md',
  ])
    expect(stdout).toContain(part);
});

test('JSON holds the same', async () => {
  const { code, stdout } = await explained('', 'CoreDNSDown', '--json');
  const { explanations } = JSON.parse(stdout) as { explanations: readonly Record<string, unknown>[] };
  expect(code).toBe(0);
  expect(explanations).toMatchObject([
    { kind: 'alert', name: 'CoreDNSDown', runbook: { file: 'docs/runbooks/CoreDNSDown.md' } },
  ]);
});

test('what is left out says why', async () => {
  const { code, stdout } = await explained('alerts: { CoreDNSDown: false }', 'CoreDNSDown');
  expect(code).toBe(0);
  expect(stdout).toContain('CoreDNSDown (left out)\n  because  switched off in the configuration');
});

test('rules of own files are explained too', async () => {
  await inTempDir(async (dir) => {
    await writeFile(join(dir, 'own.yaml'), 'groups: [{ name: own, rules: [{ record: own:up:sum, expr: sum(up) }] }]');
    await writeFile(join(dir, 'azimuth.yaml'), 'extra: { rules: [own.yaml] }');
    const { code, stdout } = await run(dir, 'explain', 'own:up:sum');
    expect(code).toBe(0);
    expect(stdout).toContain('up  from Prometheus, one series for each scrape target');
    expect(stdout).not.toMatch(/^ {2}unit/m);
  });
});

test('a fleet is explained by what it shares, or by one cluster', async () => {
  const fleet = 'clusters: { east: { alerts: { CoreDNSDown: false } }, west: {} }';
  expect((await explained(fleet, 'CoreDNSDown')).stdout).toContain('CoreDNSDown (alert)');
  expect((await explained(fleet, 'CoreDNSDown', '--cluster', 'east')).stdout).toContain('CoreDNSDown (left out)');
});

test.each([
  [['CoreDNSDwon'], 'azimuth: nothing here is called CoreDNSDwon: did you mean CoreDNSDown'],
  [['dns_down'], 'azimuth: nothing here is called dns_down: expected a record, an alert'],
  [['https://u:secret@host/x'], 'azimuth: nothing here is called https://***@host/x: expected'],
  [[], 'azimuth: explain takes NAME'],
  [[''], 'azimuth: explain takes NAME'],
  [['a', 'b'], 'azimuth: unexpected argument b'],
  [['CoreDNSDown', '--cluster', 'x'], 'has no clusters'],
])('%j is refused in a sentence', async (argv, message) => {
  const { code, stdout, stderr } = await explained('', ...argv);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('secret');
});
