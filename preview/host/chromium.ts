import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const VARIABLE = 'AZIMUTH_CHROMIUM';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The path of the Chromium to take pictures with: that of the environment variable AZIMUTH_CHROMIUM, or the first on PATH. Throws an
 * Error that names the package to install.
 */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string {
  const named = env[VARIABLE];
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new Error(`${VARIABLE}: got "${named}", expected the path of a program`);
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found !== undefined) return found;
  const names = `${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1) ?? ''}`;
  throw new Error(
    `pictures need Chromium, and there is no ${names} on PATH; on Debian, install it with: apt-get install chromium (or name it with ${VARIABLE})`,
  );
}
