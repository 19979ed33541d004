/** A build as a process of its own, without what comes before the writing: puts the texts of a file into a folder. */
import { readFileSync } from 'node:fs';
import { update } from '../../generators/output-dir/update.ts';
import { interrupted } from '../../generators/signals.ts';
import { planOf, type Texts } from '../support/planted.ts';

const [root = '', file = ''] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(file, 'utf8')) as Texts;
let signal: AbortSignal | undefined;
try {
  await update(root, planOf(texts), { interrupted: () => (signal = interrupted('nothing')) });
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = signal?.aborted === true && error === signal.reason ? 1 : 3;
}
