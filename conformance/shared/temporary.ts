import { temporaryFolder } from '../../bench/process/temporary.ts';

/** Runs `use` with an empty folder that is removed afterwards. */
export async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await temporaryFolder('conformance');
  try {
    return await use(folder.path);
  } finally {
    await folder.remove();
  }
}
