import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../schema/problems.ts';

/** One folder after the other: asked to make all at once, Node tries forever where the system refuses, as in /proc. */
function make(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    make(dirname(path));
    mkdirSync(path);
  } else if (!found.isDirectory()) {
    throw new Error(`${path} is a file`);
  }
}

/**
 * Makes a folder that can be written to, before anything that takes long.
 * @param shown how the user named it.
 * @throws Error that says why there is none.
 */
export function requireFolder(path: string, shown: string): void {
  try {
    make(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new Error(`--png: got "${shown}", expected a folder to write to (${messageOf(error)})`, { cause: error });
  }
}
