import { printed } from '../build/printed.ts';
import { buildFor, type Flags, type Io } from './context.ts';

/** Prints everything that a configuration generates as JSON; writes nothing. */
export async function printCommand(io: Io, flags: Flags): Promise<number> {
  io.stdout(`${JSON.stringify(printed(await buildFor(io, flags)), null, 2)}\n`);
  return 0;
}
