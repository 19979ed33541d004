import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import type { Artifact } from '../../generators/index.ts';

/** A number for a text that depends on it alone. */
export const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Why two parsers of YAML do not read one thing in a text; undefined if they do. */
export function disagreement(text: string): string | undefined {
  try {
    const ours = loadAll(text);
    const theirs = parseAllDocuments(text, { logLevel: 'error' });
    const [error] = 'empty' in theirs ? [] : theirs.flatMap(({ errors }) => errors);
    if (error !== undefined) return error.message;
    const read = 'empty' in theirs ? [] : theirs.map((document) => document.toJS({ maxAliasCount: 0 }) as unknown);
    return isDeepStrictEqual(ours, read) ? undefined : 'two parsers read different things';
  } catch (error) {
    return String(error);
  }
}

/** Why promtool refuses a rule file; undefined if it takes it. */
function refusedRules(text: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'azimuth-fuzz-'));
  try {
    const file = join(folder, 'rules.yaml');
    writeFileSync(file, text);
    const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    if (error !== undefined) throw error;
    return status === 0 ? undefined : `promtool: ${stderr}${stdout}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads what was generated again. Files repeat, so each text is read once. */
export class Reader {
  readonly #known = new Set<string>();
  /** One of this many distinct texts is also read by the second parser, or by promtool. */
  readonly #share: { readonly yaml: number; readonly promtool: number };
  readonly counts = { parsed: 0, compared: 0, promtool: 0 };

  constructor(share: { readonly yaml: number; readonly promtool: number }) {
    this.#share = share;
  }

  #problem({ path, format, text }: Artifact, sample: number): string | undefined {
    this.counts.parsed += 1;
    if (format === 'json') return void JSON.parse(text);
    if (sample % this.#share.yaml === 0) {
      this.counts.compared += 1;
      const why = disagreement(text);
      if (why !== undefined) return why;
    } else loadAll(text);
    if (!path.startsWith('rules/prometheus/') || sample % this.#share.promtool !== 0) return undefined;
    this.counts.promtool += 1;
    return refusedRules(text);
  }

  /** The first file that cannot be read, and why; undefined if there is none. */
  problemOf(artifacts: readonly Artifact[]): string | undefined {
    for (const artifact of artifacts) {
      const hash = digest(artifact.text);
      const key = hash.toString('base64');
      if (this.#known.has(key)) continue;
      try {
        // The hash decides what is in the sample, so it does not depend on what was read before.
        const why = this.#problem(artifact, hash.readUInt32BE(0));
        if (why !== undefined) return `${artifact.path}: ${why}`;
      } catch (error) {
        return `${artifact.path}: ${String(error)}`;
      }
      this.#known.add(key);
    }
    return undefined;
  }
}
