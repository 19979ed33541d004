/**
 * `npm run build` and `npm run check` of this repository: runs the command line, then writes or checks settings.md. A build that failed, or
 * that writes to another folder (--out), leaves the page alone.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundled } from '../bin/bundle.mjs';
import { start } from '../bin/start.mjs';

const FILE = fileURLToPath(new URL('settings.md', import.meta.url));

await start('generators/cli.ts');

const [command, ...flags] = process.argv.slice(2);
const isElsewhere = flags.some((flag) => /^(--out|--help|-h)/.test(flag));
if ((process.exitCode === 0 || process.exitCode === 2) && !isElsewhere) {
  const { settingsPage } = await import(await bundled('docs/settings.ts'));
  const page = settingsPage();
  let present = '';
  try {
    present = readFileSync(FILE, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (present !== page && (command === 'check' || flags.includes('--check'))) {
    process.stderr.write(`${present === '' ? 'missing' : 'changed'}: docs/settings.md; run npm run build\n`);
    process.exitCode = 2;
  } else if (present !== page) {
    writeFileSync(`${FILE}.${process.pid}.tmp`, page);
    renameSync(`${FILE}.${process.pid}.tmp`, FILE);
    process.stderr.write('  changed: docs/settings.md\n');
  }
}
