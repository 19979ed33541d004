import { applyDrift, findDrift, type Drift } from '../output-dir/files.ts';
import type { Artifact } from '../model/artifact.ts';
import { DEFAULTS } from './read-config.ts';
import { makeBuild, outputFolder, type Flags, type Io } from './context.ts';
import { skippedLines, warningLines } from './messages.ts';

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Artifacts by kind, in the order of the kinds' names. */
function byKind(artifacts: readonly Artifact[]): string {
  const kinds = [...new Set(artifacts.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => `${artifacts.filter((artifact) => artifact.kind === kind).length} ${kind}`).join(', ');
}

/** Files that a build leaves alone: those of others, and copies of ours that the lock does not know. */
const isLeft = ({ state, known }: Drift): boolean => state === 'foreign' || known === false;

const leftNote = (drift: readonly Drift[]): string[] =>
  drift.filter(isLeft).map(({ path }) => `  not ours: ${path} (left alone; move it away or list it under "keep")`);

const WRITTEN: Readonly<Record<Drift['state'], string>> = {
  missing: 'new',
  changed: 'changed',
  stray: 'removed',
  foreign: 'not ours',
};

/** Writes what differs and says what it did. */
export async function buildCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, bundle, warnings, expected } = await makeBuild(io, flags);
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
  const remarks = [...skippedLines(bundle.skipped), ...warningLines(warnings), ...leftNote(drift)];
  io.stdout(`${[...lines, ...remarks].join('\n')}\n`);
  return 0;
}

/** The command that mends drift: that of the same configuration and folder. */
function rebuild({ config, out }: Flags): string {
  const given = [
    ...(config === DEFAULTS.config ? [] : [`--config ${config}`]),
    ...(out === DEFAULTS.out ? [] : [`--out ${out}`]),
  ];
  return ['npm run build', ...(given.length === 0 ? [] : ['--', ...given])].join(' ');
}

/** Writes nothing; lists what a build would do, and exits with 2 when that is anything. */
export async function checkCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, warnings, expected } = await makeBuild(io, flags);
  const { root, shown } = outputFolder(io, flags);
  const drift = await findDrift(root, expected);
  if (flags.json) io.stdout(`${JSON.stringify({ out: shown, drift, warnings }, null, 2)}\n`);
  else for (const { path, state } of drift) io.stdout(`${state}: ${path}\n`);
  // Standard output holds differences only, for programs that count lines.
  const remarks = warningLines(warnings)
    .map((line) => `${line}\n`)
    .join('');
  if (drift.length === 0) {
    io.stderr(`${count(artifacts.length, 'artifact')} in ${shown}: up to date\n${remarks}`);
    return 0;
  }
  const advice = drift.some((entry) => !isLeft(entry))
    ? `run "${rebuild(flags)}" and commit the result`
    : 'move these files away, or list them under "keep" in the configuration';
  io.stderr(`${count(drift.length, 'difference')} in ${shown}: ${advice}\n${remarks}`);
  return 2;
}
