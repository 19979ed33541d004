import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { inAllOutputs } from '../../../conformance/apply/cases.ts';
import { kubeFilesOf } from '../../../conformance/apply/files.ts';
import { runApply } from '../../../conformance/apply/run.ts';
import { generated } from '../../../conformance/shared/cases.ts';
import { runCommand } from '../../../conformance/shared/main.ts';
import { inTempDir } from '../../support/temp-dir.ts';

/** Few files: each is a run of a program. */
const CONFIG = {
  flows: { source: 'none' },
  workloads: { resources: false },
  dns: { enabled: false },
  ethtool: { daemonSet: { enabled: true } },
  kubernetes: { version: '1.34' },
  routing: { services: [{ namespace: 'shop', name: 'cart' }] },
  dashboards: { 'zone-traffic': false },
};

const files = [
  ...new Map(
    inAllOutputs({ name: 'c', given: CONFIG })
      .flatMap((one) => kubeFilesOf(generated(one)))
      .map((file) => [file.use === 'none' ? file.path : file.text, file]),
  ).values(),
];
const taken = files.filter(({ use }) => use !== 'none').length;

/** What a pretended server does with an object. */
interface Server {
  readonly namespaces?: readonly string[];
  /** JavaScript that changes `object` before it is answered, or refuses it. */
  readonly takes?: string;
}

/** A kubectl that answers what it was given, and writes down how it was called. */
const kubectlSource = (log: string, { namespaces = ['monitoring', 'shop'], takes = '' }: Server) => `#!/usr/bin/env node
import { appendFileSync, readFileSync } from 'node:fs';
import { load } from ${JSON.stringify(pathToFileURL(join(process.cwd(), 'node_modules/js-yaml/dist/js-yaml.mjs')).href)};
const all = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, JSON.stringify(all) + '\\n');
const refuse = (text) => { console.error(text); process.exit(1); };
if (all[0] !== '--context' || all[1] !== 'test') refuse('the wrong cluster');
const args = all.slice(2);
const file = (option) => load(readFileSync(args.find((arg) => arg.startsWith(option)).slice(option.length), 'utf8'));
const merge = (a, b) => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return b;
  return Object.fromEntries(Object.entries({ ...a, ...b }).flatMap(([k]) => (b[k] === null ? [] : [[k, k in b && k in a ? merge(a[k], b[k]) : b[k] ?? a[k]]])));
};
let object;
switch (args[0]) {
  case 'version': object = { serverVersion: { gitVersion: 'v1.34.0' } }; break;
  case 'get': if (${JSON.stringify(namespaces)}.includes(args[2])) console.log('namespace/' + args[2]); process.exit(0);
  case 'patch': object = merge(file('--filename='), file('--patch-file=')); break;
  case 'apply': object = file('--filename='); ${takes}; break;
  default: refuse('unknown command');
}
console.log(JSON.stringify(object));
`;

/** Runs the command over the configuration with a pretended kubectl, in a cluster of the name "test". */
const runWith = (server: Server, ...more: readonly string[]) =>
  inTempDir(async (dir) => {
    const [kubectl, log, config] = [join(dir, 'kubectl.mjs'), join(dir, 'log'), join(dir, 'c.yaml')];
    await writeFile(kubectl, kubectlSource(log, server));
    await chmod(kubectl, 0o755);
    await writeFile(log, '');
    await writeFile(config, JSON.stringify(CONFIG));
    const ran = await runAs(['--kubectl', kubectl, '--context', 'test', '--config', config, ...more]);
    const calls = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
    return { ...ran, calls: calls.map((line) => (JSON.parse(line) as string[]).slice(2)) };
  });

async function runAs(argv: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  const code = await runCommand('conformance:apply', runApply, argv, {
    stdout: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
  });
  return { code, ...output, last: output.stdout.trim().split('\n').at(-1) };
}

describe('every object', () => {
  test('passes when it comes back whole, and nothing is written', async () => {
    const { code, stdout, last, calls } = await runWith({});
    expect({ code, last }).toEqual({ code: 0, last: `${taken} passed, 0 failed` });
    for (const { path } of files) expect(stdout).toContain(path);
    const writing = calls.filter(([verb]) => verb !== 'get' && verb !== 'version');
    expect(writing.length).toBeGreaterThan(taken);
    for (const call of writing) expect(call).toContain(call[0] === 'patch' ? '--local' : '--dry-run=server');
    expect(new Set(calls.map(([verb]) => verb))).toEqual(new Set(['version', 'get', 'patch', 'apply']));
  }, 60_000);

  test('fails when a field of it is dropped', async () => {
    const { code, stdout, last } = await runWith({
      takes: "if (object.kind === 'DaemonSet') delete object.spec.template.spec.hostNetwork",
    });
    expect(stdout).toMatch(
      /^FAIL .*ethtool-exporter\.yaml: DaemonSet, .*\n +- spec\.template\.spec\.hostNetwork: wrote true, got nothing$/m,
    );
    expect({ code, last }).toEqual({ code: 1, last: `${taken - 1} passed, 1 failed` });
  }, 60_000);

  test('fails when what a patch brings is dropped, as older servers do', async () => {
    const { code, stdout, last } = await runWith({
      takes: "if (object.kind === 'Service') delete object.spec.trafficDistribution",
    });
    expect(stdout).toContain('spec.trafficDistribution: wrote "PreferSameZone", got nothing');
    expect({ code, last }).toEqual({ code: 1, last: `${taken - 1} passed, 1 failed` });
  }, 60_000);

  test('fails when the server refuses it', async () => {
    const { code, stdout } = await runWith({
      takes: "if (object.kind === 'ConfigMap') refuse('error: strict decoding error')",
    });
    expect(stdout).toMatch(/^FAIL .*\n +- error: strict decoding error$/m);
    expect(code).toBe(1);
  }, 60_000);

  const UNKNOWN = {
    takes:
      "if (object.kind === 'PrometheusRule') refuse('error: resource mapping not found: no matches for kind \"PrometheusRule\"')",
  };
  const rules = files.filter(({ path }) => path.startsWith('rules/prometheus-operator/')).length;

  test('fails when the cluster does not know its kind', async () => {
    const { code, stdout, last } = await runWith(UNKNOWN);
    expect(stdout).toContain('the cluster does not know PrometheusRule (monitoring.coreos.com/v1)');
    expect({ code, last }).toEqual({ code: 1, last: `${taken - rules} passed, ${rules} failed` });
  }, 60_000);

  test('is listed in that case with --allow-missing-kinds', async () => {
    const { code, stdout, last } = await runWith(UNKNOWN, '--allow-missing-kinds');
    const listed = stdout.split('\n').filter((line) => line.includes('does not know PrometheusRule'));
    expect(listed.length).toBe(rules);
    expect({ code, last }).toEqual({ code: 0, last: `${taken - rules} passed, 0 failed` });
  }, 60_000);
});

describe('namespaces', () => {
  test('that are missing are named before anything is applied', async () => {
    const { code, stderr, calls } = await runWith({ namespaces: ['monitoring'] });
    expect(stderr).toContain('the cluster has no namespace shop. A dry run needs them');
    expect(code).toBe(1);
    expect(calls.some(([verb]) => verb === 'apply')).toBe(false);
  }, 60_000);

  test('give way to one that is there', async () => {
    const { code, last } = await runWith(
      { namespaces: ['here'], takes: "if (object.metadata.namespace !== 'here') refuse('wrong namespace')" },
      '--namespace',
      'here',
    );
    expect({ code, last }).toEqual({ code: 0, last: `${taken} passed, 0 failed` });
    expect((await runWith({ namespaces: [] }, '--namespace', 'here')).stderr).toContain('no namespace here');
  }, 60_000);
});

test.each([
  ['no cluster is named', [], 'name the cluster with --context NAME or --kubeconfig FILE'],
  ['only a kubectl is', ['--kubectl', process.execPath], 'name the cluster with --context'],
  ['kubectl is missing', ['--context', 'x', '--kubectl', '/nonexistent'], 'expected the path of an executable kubectl'],
  ['the server does not answer', ['--context', 'x', '--kubectl', '/bin/false'], 'the API server does not answer'],
  ['a name is empty', ['--context', ''], '--context takes a name'],
])('nothing is run when %s', async (_name, argv, message) => {
  const { code, stderr, stdout } = await runAs(argv);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});
