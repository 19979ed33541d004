import { makeBuild, type Flags, type Io } from './context.ts';
import { noteLines } from './remarks.ts';

/** Checks the configuration and everything that it generates, without a look at the output folder's files. */
export async function validateCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, notes } = await makeBuild(io, flags);
  if (flags.json) io.stdout(`${JSON.stringify({ valid: true, artifacts: artifacts.length, notes })}\n`);
  else io.stderr(`${[`${flags.config}: valid`, ...noteLines(notes)].join('\n')}\n`);
  return 0;
}
