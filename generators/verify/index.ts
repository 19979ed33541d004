import { createHash } from 'node:crypto';
import type { Artifact } from '../model/artifact.ts';
import type { Bundle, HelmValues } from '../model/bundle.ts';
import { plain } from '../model/tree.ts';
import type { Kind, Kinds, Schema } from '../schema/objects.ts';
import { messageOf, type Problem, ProblemError, show, suggestion } from '../schema/problems.ts';
import { schemaProblems } from '../schema/validator.ts';
import { type Documents, readYaml } from '../schema/yaml.ts';
import { isMapping, valueAt } from '../settings/section.ts';
import { bundleProblems } from './bundle.ts';
import { objectSizes, sizeProblems } from './sizes.ts';

function readJson(text: string): Documents {
  try {
    return { data: [JSON.parse(text)], problems: [] };
  } catch (error) {
    return { data: [], problems: [{ path: '', message: `not JSON: ${messageOf(error)}` }] };
  }
}

/** The documents of a file that are checked further, and the syntax problems of the file. */
function read({ format, document, text }: Artifact): Documents {
  if (format === 'json') return readJson(text);
  const { documents, problems } = readYaml(text);
  return problems.length > 0 || document === 'syntax' ? { data: [], problems } : documents();
}

/** Problems of one document of a file; paths are inside the document. */
function documentProblems(
  document: unknown,
  { document: expected, sizes }: Artifact,
  kinds: Kinds,
): readonly Problem[] {
  if (expected === 'syntax') return [];
  if (expected !== 'object') return checked(expected.schema, expected.check, document);
  const found = objectProblems(document, kinds);
  // Outputs measure files with versions. Other objects are measured here.
  return found.length > 0 || sizes !== undefined ? found : sizeProblems('', objectSizes(document as object));
}

/**
 * Hashes of texts in which nothing was found, by what decided so: the kinds, and the schema and check of a file of its own. A program that
 * builds again and again, such as the preview, writes mostly the same files.
 */
const sound = new WeakMap<object, WeakMap<object, Set<string>>>();

/** More than one configuration writes. */
const MAX_SOUND = 2000;

function soundTexts({ document }: Artifact, kinds: Kinds): Set<string> {
  const { schema, check } = typeof document === 'string' ? { schema: kinds, check: undefined } : document;
  const bySchema = sound.get(schema) ?? new WeakMap<object, Set<string>>();
  sound.set(schema, bySchema);
  const texts = bySchema.get(check ?? kinds) ?? new Set();
  bySchema.set(check ?? kinds, texts);
  return texts;
}

/** Problems inside of a file. */
function contentProblems(artifact: Artifact, kinds: Kinds): readonly Problem[] {
  const { format, document, sizes, text } = artifact;
  const form = typeof document === 'string' ? document : 'schema';
  const key = `${format} ${form} ${sizes === undefined} ${createHash('sha256').update(text).digest('base64')}`;
  const known = soundTexts(artifact, kinds);
  if (known.has(key)) return [];
  const { data, problems } = read(artifact);
  const inside = [...problems, ...data.flatMap((one) => documentProblems(one, artifact, kinds))];
  if (known.size >= MAX_SOUND) known.clear();
  if (inside.length === 0) known.add(key);
  return inside;
}

/** Problems of one file: content that a cluster, an operator or a tool would reject or silently ignore. */
export function artifactProblems(artifact: Artifact, kinds: Kinds): readonly Problem[] {
  const { path: file, sizes = [] } = artifact;
  const inside = contentProblems(artifact, kinds);
  return [
    ...sizeProblems(file, sizes),
    ...inside.map(({ path, message }) => ({ path: `${file} ${path}`.trimEnd(), message })),
  ];
}

const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values(),
];

/**
 * Fails the build, before anything is written, if Prometheus, Grafana, a cluster, an operator, Helm or a tool would reject or silently ignore
 * generated content.
 * @throws ProblemError with all problems: rule or panel and position in its query, or file and path in it.
 */
export function verify(bundle: Bundle, artifacts: readonly Artifact[], kinds: Kinds): void {
  const problems = distinct([
    ...bundleProblems(bundle),
    ...[...bundle.helmValues, ...bundle.valuesWithRules].flatMap(templateProblems),
    ...artifacts.flatMap((artifact) => artifactProblems(artifact, kinds)),
  ]);
  if (problems.length > 0) throw new ProblemError('generated artifacts', problems);
}

/** Cache: a rebuilt schema would be compiled again. */
const schemas = new WeakMap<Kind, Schema>();

function schemaOf(kind: Kind): Schema {
  const schema = schemas.get(kind) ?? kind.schema();
  schemas.set(kind, schema);
  return schema;
}

/** Problems of a document; the semantic checks run only if the schema finds no problem. */
function checked(schema: Schema, check: Kind['check'], document: unknown): readonly Problem[] {
  const found = schemaProblems(schema, document);
  return found.length > 0 ? found : (check?.(document as object) ?? []);
}

/** Problems of a Kubernetes object: unknown kinds, misspelt keys, invalid names, embedded documents. */
export function objectProblems(document: unknown, kinds: Kinds): readonly Problem[] {
  if (!isMapping(document)) return [{ path: '', message: `got ${show(document)}, expected a Kubernetes object` }];
  const { apiVersion, kind } = document;
  const name = `${String(apiVersion)} ${String(kind)}`;
  const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (known !== undefined) return checked(schemaOf(known), known.check, document);
  const expected = `a kind whose schema is known: ${suggestion(name, Object.keys(kinds))}`;
  return [{ path: 'kind', message: `got ${show(name)}, expected ${expected}` }];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)])
    : [];
}

/** Two braces, escaped for a template. */
const ESCAPED = '{{`{{`}}';

/** Unescaped braces in values that the chart evaluates as templates. */
export function templateProblems({ chart, values, templated = [] }: HelmValues): readonly Problem[] {
  if (templated.length === 0) return [];
  const data = plain(values);
  return templated.flatMap((path) =>
    textsIn(valueAt(data, path))
      .filter((text) => text.replaceAll(ESCAPED, '').includes('{{'))
      .map((text) => ({
        path: `helm-values/${chart}.yaml ${path.join('.')}`,
        message: `got ${show(text)}, expected braces to be escaped: the chart passes this through its template engine`,
      })),
  );
}
