import { applyDrift, type Drift, findDrift } from '../output-dir/files.ts';
import type { Artifact } from '../model/artifact.ts';
import { DEFAULTS } from './read-config.ts';
import { buildFor, type Flags, type Io, outputFolder } from './context.ts';
import { skippedLines, warningLines } from './messages.ts';

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Artifacts by kind, in the order of the kinds' names. */
function byKind(artifacts: readonly Artifact[]): string {
  const kinds = [...new Set(artifacts.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => `${artifacts.filter((artifact) => artifact.kind === kind).length} ${kind}`).join(', ');
}

/** Files that a build does not touch: foreign files, and copies of generated files that are not in the lock. */
const isLeft = ({ state, known }: Drift): boolean => state === 'foreign' || known === false;

const leftAlone = (drift: readonly Drift[]): string[] =>
  drift.filter(isLeft).map(({ path }) => `  not ours: ${path} (left alone; move it away or list it under "keep")`);

const WRITTEN: Readonly<Record<Drift['state'], string>> = {
  missing: 'new',
  changed: 'changed',
  stray: 'removed',
  foreign: 'not ours',
};

/** Brings the output folder up to date and reports the changes. */
export async function buildCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, bundle, warnings, expected } = await buildFor(io, flags);
  const { root, shown } = outputFolder(io, flags);
  const drift = await findDrift(root, expected);
  await applyDrift(root, artifacts, drift);
  const touched = drift.filter((entry) => !isLeft(entry));
  if (flags.json) {
    const files = artifacts.map(({ path, kind }) => ({ path, kind }));
    const data = { out: shown, artifacts: files, changes: drift, skipped: bundle.skipped, warnings };
    io.stdout(`${JSON.stringify(data, null, 2)}\n`);
    return 0;
  }
  const changes = touched.map(({ path, state }) => `  ${WRITTEN[state]}: ${path}`);
  const summary = touched.length === 0 ? 'nothing changed' : count(touched.length, 'change');
  const lines = [`${count(artifacts.length, 'artifact')} in ${shown} (${byKind(artifacts)}), ${summary}`, ...changes];
  const messages = [...skippedLines(bundle.skipped), ...warningLines(warnings), ...leftAlone(drift)];
  io.stdout(`${[...lines, ...messages].join('\n')}\n`);
  return 0;
}

/** The command that fixes drift, with the same configuration and output folder. */
function rebuild({ config, out }: Flags): string {
  const given = [
    ...(config === DEFAULTS.config ? [] : [`--config ${config}`]),
    ...(out === DEFAULTS.out ? [] : [`--out ${out}`]),
  ];
  return ['npm run build', ...(given.length === 0 ? [] : ['--', ...given])].join(' ');
}

/** Lists the differences between the output folder and a build; exits with 2 if there are any. Writes nothing. */
export async function checkCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, warnings, expected } = await buildFor(io, flags);
  const { root, shown } = outputFolder(io, flags);
  const drift = await findDrift(root, expected);
  if (flags.json) io.stdout(`${JSON.stringify({ out: shown, drift, warnings }, null, 2)}\n`);
  else for (const { path, state } of drift) io.stdout(`${state}: ${path}\n`);
  // Only differences go to standard output, for programs that count lines.
  const messages = warningLines(warnings)
    .map((line) => `${line}\n`)
    .join('');
  if (drift.length === 0) {
    io.stderr(`${count(artifacts.length, 'artifact')} in ${shown}: up to date\n${messages}`);
    return 0;
  }
  const advice = drift.some((entry) => !isLeft(entry))
    ? `run "${rebuild(flags)}" and commit the result`
    : 'move these files away, or list them under "keep" in the configuration';
  io.stderr(`${count(drift.length, 'difference')} in ${shown}: ${advice}\n${messages}`);
  return 2;
}
