import { load, YAMLException } from 'js-yaml';
import { ProblemError } from '../schema/problems.ts';

/** A file in which nothing but comments and blank lines stands. */
const isEmpty = (text: string): boolean => text.split('\n').every((line) => /^(?:---)?\s*(?:#|$)/.test(line));

/**
 * Reads YAML. An empty file is an empty configuration.
 * @throws ProblemError with line, column and the offending line.
 */
export function parseYaml(file: string, text: string): unknown {
  const source = text.replace(/^\uFEFF/, '');
  if (isEmpty(source)) return {};
  try {
    return load(source) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    if (mark === undefined) throw new ProblemError(file, [{ path: '', message: `not YAML: ${reason}` }]);
    // Of a long line, what stands around the place.
    const from = Math.max(0, mark.column - 80);
    const line = (source.split('\n')[mark.line] ?? '').slice(from, mark.column + 40).trimEnd();
    const excerpt = `${line}\n${' '.repeat(mark.column - from)}^`.replaceAll(/^/gm, '    ');
    const message = `not YAML: line ${mark.line + 1}, column ${mark.column + 1}: ${reason}\n${excerpt}`;
    throw new ProblemError(file, [{ path: '', message }]);
  }
}
