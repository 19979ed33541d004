import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Drift, findDrift, isLeft } from '../output-dir/files.ts';
import { update } from '../output-dir/update.ts';
import type { Artifact } from '../model/artifact.ts';
import { outFor } from './options.ts';
import { DEFAULT_CONFIG } from './read-text.ts';
import { buildFor, type Flags, type Io, outputFolder, planFor } from './context.ts';
import { skippedLines, warningLines } from './messages.ts';

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Artifacts by kind, in the order of the kinds' names. */
function byKind(artifacts: readonly Artifact[]): string {
  const kinds = [...new Set(artifacts.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => `${artifacts.filter((artifact) => artifact.kind === kind).length} ${kind}`).join(', ');
}

const leftAlone = (drift: readonly Drift[]): string[] =>
  drift.filter(isLeft).map(({ path }) => `  not ours: ${path} (left alone; move it away or list it under "keep")`);

const WRITTEN: Readonly<Record<Drift['state'], string>> = {
  missing: 'new',
  changed: 'changed',
  stray: 'removed',
  foreign: 'not ours',
  interrupted: 'undone, as it was interrupted',
  writing: 'writing',
};

/** The path; of an unfinished build, its process too. */
const nameOf = ({ path, pid }: Drift): string => (pid === undefined ? path : `${path} (process ${pid})`);

/** Brings the output folder up to date and reports the changes. A signal of the user undoes them; the exit code is then 1. */
export async function buildCommand(io: Io, flags: Flags): Promise<number> {
  const plan = await planFor(io, flags, true);
  const { root, shown } = outputFolder(io, flags);
  let signal: AbortSignal | undefined;
  const interrupted = (): AbortSignal => (signal = io.interrupted('nothing'));
  const updated = await update(root, plan, { interrupted }).catch((error: unknown) => {
    if (signal?.aborted === true && error === signal.reason) return undefined;
    throw error;
  });
  if (updated === undefined) {
    io.stderr(`azimuth: interrupted (${String(signal?.reason)}): the files in ${shown} are as they were before\n`);
    return 1;
  }
  const { artifacts, bundle, warnings } = updated.planned;
  const { drift } = updated;
  const touched = drift.filter((entry) => !isLeft(entry));
  if (flags.json) {
    const files = artifacts.map(({ path, kind }) => ({ path, kind }));
    const data = { out: shown, artifacts: files, changes: drift, skipped: bundle.skipped, warnings };
    io.stdout(`${JSON.stringify(data, null, 2)}\n`);
    return 0;
  }
  const changes = touched.map((entry) => `  ${WRITTEN[entry.state]}: ${nameOf(entry)}`);
  const summary = touched.length === 0 ? 'nothing changed' : count(touched.length, 'change');
  const lines = [`${count(artifacts.length, 'artifact')} in ${shown} (${byKind(artifacts)}), ${summary}`, ...changes];
  const messages = [...skippedLines(bundle.skipped), ...warningLines(warnings), ...leftAlone(drift)];
  io.stdout(`${[...lines, ...messages].join('\n')}\n`);
  return 0;
}

/** Whether `npm run build` is a command in this folder. */
async function hasBuildScript(folder: string): Promise<boolean> {
  try {
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { scripts?: object };
    return typeof scripts === 'object' && 'build' in scripts;
  } catch {
    return false;
  }
}

/** The command that fixes drift, with the same configuration and output folder. */
async function rebuild({ cwd }: Io, { config, out }: Flags): Promise<string> {
  const given = [
    ...(config === DEFAULT_CONFIG ? [] : [`--config ${config}`]),
    ...(out === outFor(config) ? [] : [`--out ${out}`]),
  ];
  const isScript = await hasBuildScript(cwd);
  const command = isScript ? ['npm run build', ...(given.length === 0 ? [] : ['--'])] : ['azimuth build'];
  return [...command, ...given].join(' ');
}

/** Lists the differences between the output folder and a build; exits with 2 if there are any. Writes nothing. */
export async function checkCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, warnings, expected } = await buildFor(io, flags, true);
  const { root, shown } = outputFolder(io, flags);
  const drift = await findDrift(root, expected);
  if (flags.json) io.stdout(`${JSON.stringify({ out: shown, drift, warnings }, null, 2)}\n`);
  else for (const entry of drift) io.stdout(`${entry.state}: ${nameOf(entry)}\n`);
  // Only differences go to standard output, for programs that count lines.
  const messages = warningLines(warnings)
    .map((line) => `${line}\n`)
    .join('');
  if (drift.length === 0) {
    io.stderr(`${count(artifacts.length, 'artifact')} in ${shown}: up to date\n${messages}`);
    return 0;
  }
  const states = new Set(drift.map(({ state }) => state));
  const mended = await rebuild(io, flags);
  const advice = drift.every(isLeft)
    ? 'move these files away, or list them under "keep" in the configuration'
    : `run "${mended}" and commit the result`;
  // The other differences may be gone by then.
  if (states.has('writing')) io.stderr(`a build is writing in ${shown}: check again when it has ended\n${messages}`);
  else if (states.has('interrupted')) {
    io.stderr(
      `a build in ${shown} was interrupted while it wrote: run "${mended}", which undoes it first\n${messages}`,
    );
  } else io.stderr(`${count(drift.length, 'difference')} in ${shown}: ${advice}\n${messages}`);
  return 2;
}
