import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRecording, type Recording } from './recording.ts';

/** Every recording of a folder by its name. @throws ProblemError for one that is not well formed. */
export const recordings = (folder = 'test/recorded'): ReadonlyMap<string, Recording> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.txt'))
      .map((file) => file.replace(/\.txt$/, ''))
      .toSorted()
      .map((name) => {
        const path = join(folder, `${name}.txt`);
        return [name, parseRecording(path, readFileSync(path, 'utf8'))];
      }),
  );
