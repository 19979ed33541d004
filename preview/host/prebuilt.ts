import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the page that came built with the package, beside the compiled host; undefined in the repository, where the page is built
 * from its sources.
 * @param host the folder of the host's code, its own by default
 */
export function prebuiltPage(host = dirname(fileURLToPath(import.meta.url))): string | undefined {
  const page = join(host, 'preview');
  return existsSync(join(page, 'main.js')) ? page : undefined;
}
