import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { runCharts } from '../../../conformance/charts/run.ts';
import { valuesFilesOf } from '../../../conformance/charts/files.ts';
import { runCommand } from '../../../conformance/shared/main.ts';
import { leavesOf } from '../../../conformance/shared/tree.ts';
import { generate } from '../../support/generate.ts';
import { inTempDir } from '../../support/temp-dir.ts';

/** Four leaves, for one chart. */
const CONFIG = { flows: { source: 'cilium-hubble' }, targets: ['helm-values'] };
const NAME = 'cilium-1.19.5';

/** What a pretended chart does with its values. */
interface Chart {
  /** JavaScript that changes `values` before they are written out. */
  readonly template?: string;
  readonly defaults?: object;
  readonly name?: string;
}

/** A helm that writes values out as they are, over the defaults of the chart; another line each time, as for a password. */
const helmSource = ({ template = '', defaults = {}, name = 'cilium' }: Chart) => `#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { load } from ${JSON.stringify(pathToFileURL(join(process.cwd(), 'node_modules/js-yaml/dist/js-yaml.mjs')).href)};
const args = process.argv.slice(2);
const refuse = (text) => { console.error(text); process.exit(1); };
if (args[0] === 'show') { console.log('name: ${name}\\nversion: 1.19.5'); process.exit(0); }
if (args[0] !== 'template') refuse('Error: unknown command');
const over = (a, b) => {
  const isMap = (x) => typeof x === 'object' && x !== null && !Array.isArray(x);
  if (!isMap(a) || !isMap(b)) return b;
  return Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((k) => [k, k in b ? over(a[k], b[k]) : a[k]]));
};
const values = over(${JSON.stringify(defaults)}, load(readFileSync(args[args.indexOf('--values') + 1], 'utf8')));
${template}
console.log('password: ' + Math.random());
console.log(JSON.stringify(values, (k, v) => v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v));
`;

/** Runs the command over the configuration with a pretended helm. */
const runWith = (chart: Chart, ...more: readonly string[]) =>
  inTempDir(async (dir) => {
    const helm = join(dir, 'helm.mjs');
    await writeFile(helm, helmSource(chart));
    await chmod(helm, 0o755);
    await mkdir(join(dir, NAME));
    await writeFile(join(dir, 'c.yaml'), JSON.stringify(CONFIG));
    return runAs(['--helm', helm, '--charts', dir, '--config', join(dir, 'c.yaml'), ...more]);
  });

async function runAs(argv: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  const code = await runCommand('conformance:charts', runCharts, argv, {
    stdout: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
  });
  return { code, ...output };
}

const leaves = leavesOf(valuesFilesOf(generate(CONFIG))[0]?.values).length;

describe('the charts', () => {
  test('pass when every leaf has an effect, whatever they make up each time', async () => {
    const { code, stdout } = await runWith({});
    expect(stdout).toContain(`cilium 1.19.5: ${leaves} leaves (${leaves} by removal)`);
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, last: '1 passed, 0 failed' });
  }, 60_000);

  test('may have the same default: changing the leaf shows its effect', async () => {
    const { code, stdout } = await runWith({ defaults: { hubble: { enabled: true } } });
    expect(stdout).toContain(`${leaves} leaves (${leaves - 1} by removal, 1 by change)`);
    expect(code).toBe(0);
  }, 60_000);

  test('fail for a leaf without effect, which is named', async () => {
    const { code, stdout } = await runWith({ template: 'delete values.hubble.metrics.port;' });
    expect(stdout).toMatch(
      /^FAIL .*\n +- hubble\.metrics\.port: 9965 is without effect \(tried: removed, and as 9966, 9964\)$/m,
    );
    expect(stdout).toContain('0 passed, 1 failed');
    expect(code).toBe(1);
  }, 60_000);

  test('fail where only the schema reads a leaf', async () => {
    const template =
      'if (values.hubble.metrics.port !== 9965) refuse("Error: values don\'t meet the specifications of the schema(s)"); delete values.hubble.metrics.port;';
    const { code, stdout } = await runWith({ template });
    expect(stdout).toContain('hubble.metrics.port: 9965 is without effect');
    expect(code).toBe(1);
  }, 60_000);

  test('pass where a template refuses to go on without a leaf', async () => {
    const template =
      "if (values.hubble.metrics.port !== 9965) refuse('Error: execution error'); delete values.hubble.metrics.port;";
    expect(await runWith({ template })).toMatchObject({ code: 0 });
  }, 60_000);

  test('fail when they do not render, with what helm says', async () => {
    const { code, stdout } = await runWith({ template: "refuse('Error: nil pointer');" });
    expect(stdout).toContain('does not render: Error: nil pointer');
    expect(code).toBe(1);
  }, 60_000);

  test('fail when a chart is another than its file is called', async () => {
    const { code, stdout } = await runWith({ name: 'tetragon' });
    expect(stdout).toContain('is the chart tetragon, expected cilium');
    expect(code).toBe(1);
  }, 60_000);

  test('are only rendered with --quick', async () => {
    const { code, stdout } = await runWith({ template: 'delete values.hubble.metrics.port;' }, '--quick');
    expect(stdout).toContain('cilium 1.19.5: renders\n');
    expect(code).toBe(0);
  }, 60_000);
});

describe('what is missing', () => {
  const runEmpty = (...more: readonly string[]) =>
    inTempDir(async (dir) => {
      await writeFile(join(dir, 'c.yaml'), JSON.stringify(CONFIG));
      return runAs(['--helm', process.execPath, '--charts', dir, '--config', join(dir, 'c.yaml'), ...more]);
    });

  test('is a failure when it is a chart, with the names that would do', async () => {
    const { code, stdout } = await runEmpty();
    expect(stdout).toMatch(/^FAIL .*: cilium 1\.19\.5\n +- chart missing: .*cilium-1\.19\.5\.tgz/m);
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 1, last: '0 passed, 1 failed' });
  });

  test('is listed with --allow-missing, and alone proves nothing', async () => {
    const { code, stdout } = await runEmpty('--allow-missing');
    expect(stdout).toMatch(/^Not checked \(1\):\n.*cilium 1\.19\.5: /m);
    expect(stdout).toContain('Nothing was checked');
    expect(code).toBe(1);
  });

  test.each([
    ['helm', [], 'helm is not on PATH: install it, or name it with --helm PATH'],
    ['the helm that was named', ['--helm', '/nonexistent/helm'], 'expected the path of an executable helm'],
    ['an option', ['--chart', 'x'], 'unknown option --chart, did you mean --charts?'],
    ['a file', ['--helm', process.execPath, '--config', '/nonexistent.yaml'], '/nonexistent.yaml cannot be read'],
    ['--config', ['x.yaml'], 'unexpected argument x.yaml; files go with --config'],
  ])('is named when it is %s', async (_name, argv, message) => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      const { code, stderr } = await runAs(argv);
      expect(stderr).toContain(message);
      expect(code).toBe(1);
    } finally {
      process.env['PATH'] = path;
    }
  });
});
