import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRecording, type Recording } from './recording.ts';

const FOLDER = 'test/recorded';

/** Every recording of the repository by its name, below the current folder. @throws ProblemError for one that is not well formed. */
export const recordings = (): ReadonlyMap<string, Recording> =>
  new Map(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.txt'))
      .map((file) => file.replace(/\.txt$/, ''))
      .toSorted()
      .map((name) => {
        const path = join(FOLDER, `${name}.txt`);
        return [name, parseRecording(path, readFileSync(path, 'utf8'))];
      }),
  );
