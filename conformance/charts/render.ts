import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../shared/program.ts';
import { templateArguments, type Install } from './command.ts';

/** What helm made of values, or why it made nothing. */
export type Rendered =
  | { readonly text: string }
  | {
      readonly failure: string;
      /** Whether the chart's schema refused the values, before any template saw them. */
      readonly bySchema: boolean;
    };

/** Renders the chart with the text of a values file. */
export type Render = (values: string) => Promise<Rendered>;

let files = 0;

/** Renders one chart, through files in a folder. */
export const rendererOf =
  (helm: Program, install: Install, chart: string, kubernetes: string, folder: string): Render =>
  async (values) => {
    const file = join(folder, `values-${(files += 1)}.yaml`);
    await writeFile(file, values);
    try {
      const { code, stdout, stderr } = await helm(templateArguments(install, chart, file, kubernetes));
      if (code === 0) return { text: stdout };
      return { failure: stderr.trim(), bySchema: /don't meet the specifications of the schema/.test(stderr) };
    } finally {
      await rm(file, { force: true });
    }
  };

/** The key of a line, with its indentation: `  tls.crt`. */
const keyOf = (line: string): string => line.split(':', 1)[0] ?? '';

/**
 * Keys whose value is another one each time, such as certificates and passwords that a chart makes up: found by comparing two
 * renders of the same values.
 * @throws RangeError when the two differ in more than values of keys, so that nothing can be told from differences.
 */
export function volatileKeys(first: string, second: string): ReadonlySet<string> {
  const [left, right] = [first.split('\n'), second.split('\n')];
  if (left.length !== right.length) throw new RangeError('two renders of the same values have different lengths');
  const changed = left.flatMap((line, index) => (line === right[index] ? [] : [[line, right[index] ?? ''] as const]));
  if (changed.some(([one, other]) => keyOf(one) !== keyOf(other)))
    throw new RangeError('two renders of the same values have different keys');
  return new Set(changed.map(([line]) => keyOf(line)));
}

/** A short name of what was rendered, the same for two texts that differ in volatile lines only. */
export function fingerprint(text: string, volatile: ReadonlySet<string>): string {
  const lines =
    volatile.size === 0
      ? text
      : text
          .split('\n')
          .filter((line) => !volatile.has(keyOf(line)))
          .join('\n');
  return createHash('sha256').update(lines).digest('hex');
}
