import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dump, load } from 'js-yaml';
import type { Build } from '../../generators/index.ts';
import { attempted, type Case, casesFor, generated, slug } from '../shared/cases.ts';
import { readOptions } from '../shared/options.ts';
import { CannotRun } from '../shared/program.ts';
import { type Output, reportTo, type Verdict } from '../shared/report.ts';
import { inTemporaryFolder } from '../shared/temporary.ts';
import { kubeBurnerCases } from './cases.ts';
import { buildChecker, type Checker } from './program.ts';
import { unknownKeys } from './unknown.ts';

const USAGE = `Reads every generated run of kube-burner with kube-burner's own code, and every object that it would create.

Usage: npm run conformance:kube-burner -- --source FOLDER [options]

  --source <folder>    kube-burner's source, such as git clone --branch v2.7.3 https://github.com/kube-burner/kube-burner
  --config <file>...   these configurations in YAML only (azimuth.yaml, every example, and cases of its own)
  --help               show this text

It needs go.
`;

const FOLDER = 'manifests/kube-burner/';

interface File {
  readonly name: string;
  readonly text: string;
}

const filesOf = ({ artifacts }: Build): readonly File[] =>
  artifacts.filter(({ path }) => path.startsWith(FOLDER)).map(({ path, text }) => ({ name: basename(path), text }));

const isRun = ({ name }: File): boolean => name.startsWith('run-');

/** What the program says of a file. */
interface Found {
  readonly jobs: readonly {
    readonly name: string;
    readonly type: string;
    readonly qps: number;
    readonly burst: number;
    readonly namespaces: number;
    readonly objects: readonly { readonly kind: string; readonly count: number }[];
  }[];
  readonly metrics: number;
  readonly alerts: number;
  readonly measurements: readonly string[];
}

/** What a run of the configuration should come to. */
function expectedOf({ kubeBurner }: Build['config'], file: string): Found {
  const profiles = kubeBurner.prometheus === '' ? 0 : 1;
  const scenario = kubeBurner.scenarios.find(({ name }) => file === `run-${name}.yaml`);
  if (scenario === undefined) {
    const objects = ['Deployment', 'Namespace'].map((kind) => ({ kind, count: 0 }));
    const job = { name: 'delete', type: 'delete', qps: 500, burst: 500, namespaces: 0, objects };
    return { jobs: [job], metrics: 0, alerts: 0, measurements: [] };
  }
  const { name, iterations, replicas = 1, qps, burst } = scenario;
  const objects = [{ kind: 'Deployment', count: iterations * replicas }];
  const job = { name, type: 'create', qps, burst, namespaces: iterations, objects };
  return { jobs: [job], metrics: profiles, alerts: profiles, measurements: ['podLatency'] };
}

const textOf = ({ jobs, metrics, alerts }: Found): string =>
  [
    ...jobs.map(
      ({ type, namespaces, objects }) =>
        `${type} ${objects.map(({ kind, count }) => (count === 0 ? kind : `${count} ${kind}`)).join(', ')}` +
        (namespaces === 0 ? '' : ` in ${namespaces} namespaces`),
    ),
    `${metrics + alerts} profiles`,
  ].join(', ');

/** What a run of the command remembers. */
interface Run {
  readonly checker: Checker;
  /** Texts whose controls were run. */
  readonly known: Set<string>;
}

/** Whether the program refuses each file with a key that nobody knows: if it did not, what it takes would prove nothing. */
async function controls({ checker, known }: Run, folder: string, run: File, files: readonly File[]) {
  const read = files.filter(({ name }) => name === run.name || (!isRun({ name, text: '' }) && run.text.includes(name)));
  const problems: string[] = [];
  let count = 0;
  for (const { name, text } of read) {
    // Runs share template and profiles.
    if (known.has(text)) continue;
    known.add(text);
    for (const { where, document } of unknownKeys(load(text))) {
      await writeFile(join(folder, name), dump(document));
      const { code } = await checker.check(folder, run.name);
      count += 1;
      if (code === 0) problems.push(`${name}: taken with an unknown key in ${where}`);
    }
    await writeFile(join(folder, name), text);
  }
  return { count, problems };
}

async function checkRun(
  one: Run,
  folder: string,
  { what, run, files, expected }: { what: string; run: File; files: readonly File[]; expected: Found },
): Promise<Verdict> {
  const { code, stdout, stderr } = await one.checker.check(folder, run.name);
  if (code !== 0) return { what, found: '', problems: [stderr.trim()] };
  const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Found;
  const { count, problems } = await controls(one, folder, run, files);
  return {
    what,
    found: `${textOf(found)}; ${count === 0 ? 'files known from above' : `refused in ${count} places with an unknown key`}`,
    problems: [
      ...(JSON.stringify(found) === JSON.stringify(expected)
        ? []
        : [`got ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`]),
      ...problems,
    ],
  };
}

async function checkCase(command: Run, folder: string, one: Case): Promise<readonly Verdict[]> {
  const made = attempted(() => generated(one));
  if ('problem' in made) return [{ what: one.name, found: '', problems: [made.problem] }];
  const files = filesOf(made.result);
  const own = join(folder, slug(one));
  await mkdir(own, { recursive: true });
  await Promise.all(files.map(async ({ name, text }) => writeFile(join(own, name), text)));
  const verdicts: Verdict[] = [];
  for (const run of files.filter(isRun)) {
    const expected = expectedOf(made.result.config, run.name);
    verdicts.push(await checkRun(command, own, { what: `${one.name}: ${run.name}`, run, files, expected }));
  }
  return verdicts;
}

/** The command `conformance:kube-burner`. @returns its exit code. */
export async function runKubeBurner(argv: readonly string[], output: Output): Promise<number> {
  const { values, files, help } = readOptions(argv, { source: { type: 'string' } });
  if (help) {
    output.stdout(USAGE);
    return 0;
  }
  const { source } = values as { readonly source?: string };
  if (source === undefined) throw new CannotRun("--source is missing: a folder with kube-burner's source");
  const report = reportTo(output);
  await inTemporaryFolder(async (folder) => {
    const checker = await buildChecker(source, folder);
    const command = { checker, known: new Set<string>() };
    output.stdout(`built with ${checker.module}\n`);
    for (const one of casesFor(files, kubeBurnerCases)) {
      for (const verdict of await checkCase(command, folder, one)) report.add(verdict);
    }
  });
  return report.finish();
}
