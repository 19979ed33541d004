import { buildFor, type Flags, type Io } from './context.ts';
import { warningLines } from './messages.ts';

/** Checks the configuration and everything that it generates, without comparing the output folder. */
export async function validateCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, warnings } = await buildFor(io, flags);
  if (flags.json) io.stdout(`${JSON.stringify({ valid: true, artifacts: artifacts.length, warnings })}\n`);
  else io.stderr(`${[`${flags.config}: valid`, ...warningLines(warnings)].join('\n')}\n`);
  return 0;
}
