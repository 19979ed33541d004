import type { Kinds } from '../schema/kinds.ts';
import { messageOf, type Problem, ProblemError } from '../schema/problems.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import { readYaml, type Documents } from '../schema/yaml.ts';
import { bundleProblems } from './bundle.ts';
import { checked, objectProblems } from './objects.ts';
import { objectSizes, sizeProblems } from './sizes.ts';
import { templateProblems } from './templates.ts';

function readJson(text: string): Documents {
  try {
    return { data: [JSON.parse(text)], problems: [] };
  } catch (error) {
    return { data: [], problems: [{ path: '', message: `not JSON: ${messageOf(error)}` }] };
  }
}

/** The documents of a file, as far as they are looked at, and what its reader would refuse or read otherwise. */
function read({ format, document, text }: Artifact): Documents {
  if (format === 'json') return readJson(text);
  const { documents, problems } = readYaml(text);
  return problems.length > 0 || document === 'syntax' ? { data: [], problems } : documents();
}

/** What is wrong with a document of a file; the place is inside the document. */
function documentProblems(
  document: unknown,
  { document: expected, sizes }: Artifact,
  kinds: Kinds,
): readonly Problem[] {
  if (expected === 'syntax') return [];
  if (expected !== 'object') return checked(expected.schema, expected.check, document);
  const found = objectProblems(document, kinds);
  // Outputs measure what carries a version; everything else is measured here.
  return found.length > 0 || sizes !== undefined ? found : sizeProblems('', objectSizes(document as object));
}

/** What a cluster, an operator or a tool would refuse or silently ignore about one file. */
export function artifactProblems(artifact: Artifact, kinds: Kinds): readonly Problem[] {
  const { path: file, sizes = [] } = artifact;
  const { data, problems } = read(artifact);
  const inside = [...problems, ...data.flatMap((document) => documentProblems(document, artifact, kinds))];
  return [
    ...sizeProblems(file, sizes),
    ...inside.map(({ path, message }) => ({ path: `${file} ${path}`.trimEnd(), message })),
  ];
}

const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values(),
];

/**
 * Stops the build, before anything is written, over what Prometheus, Grafana, a cluster, an operator, Helm or a tool would refuse or
 * silently ignore.
 * @throws ProblemError with every problem: rule or panel and position in its query, or file and place in it.
 */
export function verify(bundle: Bundle, artifacts: readonly Artifact[], kinds: Kinds): void {
  const problems = distinct([
    ...bundleProblems(bundle),
    ...[...bundle.helmValues, ...bundle.valuesWithRules].flatMap(templateProblems),
    ...artifacts.flatMap((artifact) => artifactProblems(artifact, kinds)),
  ]);
  if (problems.length > 0) throw new ProblemError('generated artifacts', problems);
}
