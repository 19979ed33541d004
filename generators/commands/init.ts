import { lstat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { completeConfig, parseYaml } from '../config/load.ts';
import { build, makeCatalogue } from '../build/index.ts';
import { checkFolder, codeOf, createFolders, refused } from '../output-dir/folders.ts';
import type { Config } from '../registry.ts';
import { ProblemError } from '../schema/problems.ts';
import { chosenNames } from '../settings/section.ts';
import type { Flags, Io } from './context.ts';
import { type Detected, detect } from './init/detect.ts';
import { type Answers, configurationText, filesFor, type NewFile } from './init/files.ts';
import { answersFor, reasonLines } from './init/questions.ts';
import { messageLines } from './init/messages.ts';
import { ownPackage } from './own-package.ts';
import { queriesOf } from './prometheus/client.ts';
import { DEFAULT_CONFIG, wrong } from './read-text.ts';

/** What the defaults answer. */
const usualAnswers = (config: Config): Answers => ({
  name: config.cluster.name,
  sources: chosenNames(config.flows.source),
  provider: config.cloud.provider,
  region: config.cloud.region ?? '',
  exporters: chosenNames(config.ethtool.exporter),
  ci: 'github',
  label: config.cluster.label,
  interval: config.scrape.interval,
  device: config.ethtool.device,
});

/** Whether something has that path. @throws ProblemError where that cannot be told. */
async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw refused(path, error);
  }
}

/** Writes a file that is not there. @returns whether it was written. */
async function writeNew(root: string, { path, text }: NewFile): Promise<boolean> {
  const file = join(root, path);
  await createFolders(dirname(file));
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw refused(file, error);
  }
}

/** Writes the repository of a user: a configuration, package.json, .gitignore and a pipeline. Overwrites nothing. */
export async function initCommand(io: Io, flags: Flags): Promise<number> {
  const root = resolve(io.cwd, flags.operand ?? '.');
  const shown = relative(io.cwd, root) || '.';
  // A link that leads nowhere is there, too.
  if (await isThere(join(root, DEFAULT_CONFIG))) {
    throw wrong(
      join(shown, DEFAULT_CONFIG),
      'is there already, and nothing is overwritten: edit it, or name another folder',
    );
  }
  const catalogue = makeCatalogue();
  const defaults = completeConfig(DEFAULT_CONFIG, {}, catalogue);
  const usual = usualAnswers(defaults);
  const seen: Partial<Detected> =
    flags.prometheus === undefined
      ? {}
      : await detect(queriesOf(flags.prometheus), defaults, Math.floor(Date.now() / 1000));
  const { answers, reasons } = await answersFor(flags, usual, seen, io.ask);
  const text = configurationText(answers, usual);
  try {
    // What is written must build.
    build(completeConfig(DEFAULT_CONFIG, parseYaml(DEFAULT_CONFIG, text), catalogue), catalogue, []);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError('init', error.problems);
  }
  const own = ownPackage();
  const written: string[] = [];
  const left: NewFile[] = [];
  const files: readonly NewFile[] = [{ path: DEFAULT_CONFIG, text, otherwise: '' }, ...filesFor(answers, own)];
  // All of them first: half a repository helps nobody.
  for (const { path } of files) await checkFolder(dirname(join(root, path)));
  for (const file of files) {
    if (await writeNew(root, file)) written.push(file.path);
    else left.push(file);
  }
  io.stdout(
    `${messageLines({ shown, reasons: reasonLines(reasons), written, left, warnings: seen.warnings ?? [], isNested: shown !== '.' && answers.ci !== 'none' }).join('\n')}\n`,
  );
  return 0;
}
