import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { isMissing, refused } from '../output-dir/folders.ts';
import { MAX_YAML_BYTES } from '../schema/bounds.ts';
import { ProblemError } from '../schema/problems.ts';

/** Default of --config. */
export const DEFAULT_CONFIG = 'azimuth.yaml';

const EXPECTED = 'expected a configuration in YAML, or a .ts file';

/** A problem of a whole file. */
export const wrong = (file: string, message: string): ProblemError => new ProblemError(file, [{ path: '', message }]);

/**
 * The bytes of a file, at most one more than it may have: devices have no end. Undefined if it does not exist.
 * @throws the error of the system.
 */
async function bytesOf(path: string, most: number): Promise<Buffer | undefined> {
  try {
    const parts: Buffer[] = [];
    for await (const part of createReadStream(path, { end: most })) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What a file is read as, for messages. */
export interface Wanted {
  /** Maximum size in bytes. */
  readonly most: number;
  readonly expected: string;
  /** What to do where it is missing. */
  readonly hint: (file: string) => string;
  /** What a folder of that name should be. */
  readonly inside: (folder: string) => string;
}

export const CONFIGURATION: Wanted = {
  most: MAX_YAML_BYTES,
  expected: EXPECTED,
  hint: (file) =>
    `; ${file === DEFAULT_CONFIG ? 'create it (an empty file is complete) or name another' : 'name an existing file'} with --config FILE`,
  inside: (folder) => `expected a file such as ${folder}/${DEFAULT_CONFIG}`,
};

/** A file that another one names. */
export const EXTENDED: Wanted = { ...CONFIGURATION, hint: () => '' };

/** A rule file or a dashboard: no larger than what a ConfigMap takes. */
export const OWN: Wanted = {
  most: 1_048_576,
  expected: 'expected a rule file in YAML or a dashboard in JSON',
  hint: () => '',
  inside: () => 'expected a file, or a pattern such as own/*.yaml',
};

/** The text of a file. @throws ProblemError if it is missing, a folder, too large or not UTF-8. */
export async function textOf(cwd: string, file: string, { most, expected, hint, inside }: Wanted): Promise<string> {
  const path = resolve(cwd, file);
  let bytes: Buffer | undefined;
  try {
    bytes = await bytesOf(path, most);
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    throw isFolder ? wrong(file, `is a folder, ${inside(file.replace(/\/+$/, ''))}`) : refused(file, error);
  }
  if (bytes === undefined) throw wrong(file, `not found in ${cwd}${hint(file)}`);
  if (bytes.length > most) throw wrong(file, `is longer than ${most / 1024} KiB, ${expected}`);
  if (!isUtf8(bytes) || bytes.includes(0)) throw wrong(file, `is no text in UTF-8, ${expected}`);
  return bytes.toString('utf8');
}
