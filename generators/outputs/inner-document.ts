import type { Schema } from '../schema/objects.ts';
import { messageOf, type Problem } from '../schema/problems.ts';
import { schemaProblems } from '../schema/validator.ts';
import { readYaml } from '../schema/yaml.ts';

/** A document that a text inside another document holds, and what is wrong with it; the paths of problems begin with that of the text. */
interface InnerDocument {
  readonly data: unknown;
  readonly problems: readonly Problem[];
}

const within = (path: string, problems: readonly Problem[]): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, path: problem.path === '' ? path : `${path} > ${problem.path}` }));

/** Reads the one document of a YAML text. */
export function innerYaml(path: string, text: string, schema: Schema): InnerDocument {
  const read = readYaml(text);
  const {
    data: [data, ...more],
    problems,
  } = read.documents();
  const count = more.length > 0 ? [{ path: '', message: 'got several documents, expected one' }] : [];
  const unread = [...read.problems, ...problems];
  return { data, problems: within(path, [...count, ...(unread.length > 0 ? unread : schemaProblems(schema, data))]) };
}

/** Reads a JSON text. */
export function innerJson(path: string, text: string, schema: Schema): InnerDocument {
  try {
    const data: unknown = JSON.parse(text);
    return { data, problems: within(path, schemaProblems(schema, data)) };
  } catch (error) {
    return { data: undefined, problems: [{ path, message: `not JSON: ${messageOf(error)}` }] };
  }
}
