import { attempted, casesFor, generated, type Case } from '../shared/cases.ts';
import { readOptions } from '../shared/options.ts';
import { programAt, programPath } from '../shared/program.ts';
import { reportTo, type Output, type Report } from '../shared/report.ts';
import { inTemporaryFolder } from '../shared/temporary.ts';
import { chartCases } from './cases-tools.ts';
import { checkValues, type Checked, type Means } from './check.ts';
import { EXCEPTIONS } from './exceptions.ts';
import { valuesFilesOf, type ValuesFile } from './files.ts';
import { chartsIn, publicCharts, type Locate } from './locate.ts';

const USAGE = `Renders every generated values file with its real chart, and looks at what each of its leaves does.

Usage: npm run conformance:charts -- [options]

  --charts <folder>    charts as <chart>-<version>.tgz or folders of that name (downloaded with helm pull)
  --helm <path>        helm 3.8 or newer (the one on PATH)
  --config <file>...   these configurations in YAML only (azimuth.yaml, every example, and cases for every chart)
  --quick              render only, and leave the leaves alone
  --allow-missing      list charts that are not there, instead of failing
  --help               show this text
`;

const OPTIONS = {
  charts: { type: 'string' },
  helm: { type: 'string' },
  quick: { type: 'boolean', default: false },
  'allow-missing': { type: 'boolean', default: false },
} as const;

/** What a run remembers. */
interface Run {
  readonly means: Means;
  readonly locate: Locate;
  readonly allowMissing: boolean;
  readonly report: Report;
  /** Notes that were told. */
  readonly told: Set<string>;
  /** Verdicts by all that goes into them: many configurations have the same values for a chart. */
  readonly known: Map<string, { readonly by: string; readonly checked: Checked }>;
}

async function checkFile(run: Run, name: string, file: ValuesFile): Promise<void> {
  const { chart, version } = file.install;
  const what = `${name}: ${chart} ${version}`;
  const located = await run.locate(file.install);
  if ('missing' in located) {
    if (run.allowMissing) run.report.omit(`${what}: ${located.missing}`);
    else run.report.add({ what, found: '', problems: [`chart missing: ${located.missing}`] });
    return;
  }
  const key = JSON.stringify([file.install, file.text, file.kubernetes]);
  const before = run.known.get(key);
  const checked = before?.checked ?? (await checkValues(file, located.path, run.means));
  if (before === undefined) run.known.set(key, { by: name, checked });
  const found = before === undefined ? checked.found : `the same file as for ${before.by}`;
  const notes = checked.notes.filter((note) => !run.told.has(note));
  for (const note of notes) run.told.add(note);
  run.report.add({ what, found, problems: checked.problems, notes });
}

async function checkCase(run: Run, one: Case): Promise<void> {
  const made = attempted(() => valuesFilesOf(generated(one)));
  if ('problem' in made) return run.report.add({ what: one.name, found: '', problems: [made.problem] });
  for (const file of made.result) await checkFile(run, one.name, file);
}

/** What all files together had, and which exceptions nothing needed. */
function summary({ known, means }: Run, cases: readonly Case[], isComplete: boolean): string {
  const checked = [...known.values()].map((one) => one.checked);
  const leaves = checked.reduce((sum, one) => sum + one.leaves, 0);
  const used = new Set(checked.flatMap((one) => one.used));
  const idle = EXCEPTIONS.filter((one) => !used.has(one));
  const unused =
    isComplete && !means.quick
      ? idle.map(({ chart, path }) => `Exception that nothing needed: ${chart} ${path.join('.')}\n`)
      : [];
  return `${unused.join('')}${cases.length} configurations, ${known.size} different values files, ${leaves} leaves\n`;
}

/** The command `conformance:charts`. @returns its exit code. */
export async function runCharts(argv: readonly string[], output: Output): Promise<number> {
  const { values, files, help } = readOptions(argv, OPTIONS);
  if (help) {
    output.stdout(USAGE);
    return 0;
  }
  const helm = programAt(programPath('helm', values.helm, '--helm'));
  const { charts } = values;
  return inTemporaryFolder(async (folder) => {
    const run: Run = {
      means: { helm, folder, quick: values.quick },
      locate: charts === undefined ? publicCharts(helm, folder) : chartsIn(charts),
      allowMissing: values['allow-missing'],
      report: reportTo(output),
      told: new Set(),
      known: new Map(),
    };
    const cases = casesFor(files, chartCases);
    for (const one of cases) await checkCase(run, one);
    output.stdout(summary(run, cases, files.length === 0));
    return run.report.finish();
  });
}
