import { messageOf, ProblemError, type Problem } from '../schema/problems.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import { documentProblems } from './documents.ts';
import { ALERT_PROFILE, METRICS_PROFILE } from '../components/kube-burner/kinds.ts';
import { RULE_GROUPS } from './kinds-prometheus.ts';
import type { Schema } from '../schema/objects.ts';
import { schemaProblems } from '../schema/validator.ts';
import { profileProblems, templateProblems } from './templates.ts';
import { readYaml } from '../schema/yaml.ts';

/** Folders of files that are no Kubernetes objects. Everything else must be of a known kind. */
const PLAIN = ['dashboards/grafana/', 'helm-values/'];

/** Rule files have a schema of their own. */
const RULES = 'rules/prometheus/';

/** Files that hold a document with a schema of its own, which is no Kubernetes object. */
const DOCUMENTS: Readonly<Record<string, Schema>> = {
  'manifests/kube-burner/metrics.yaml': METRICS_PROFILE,
  'manifests/kube-burner/alerts.yaml': ALERT_PROFILE,
};

function profile(schema: Schema, data: unknown): readonly Problem[] {
  const found = schemaProblems(schema, data);
  return found.length > 0 ? found : profileProblems(data as readonly Readonly<Record<string, unknown>>[]);
}

function yamlProblems({ path, text }: Artifact): readonly Problem[] {
  const { documents, problems } = readYaml(text);
  const schema = DOCUMENTS[path];
  if (problems.length > 0 || PLAIN.some((folder) => path.startsWith(folder))) return problems;
  const judge = (data: unknown): readonly Problem[] => {
    if (path.startsWith(RULES)) return schemaProblems(RULE_GROUPS, data);
    return schema === undefined ? documentProblems(data) : profile(schema, data);
  };
  const read = documents();
  return [...read.problems, ...read.data.flatMap(judge)];
}

function jsonProblems({ text }: Artifact): readonly Problem[] {
  try {
    return documentProblems(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ path: '', message: `not JSON: ${messageOf(error)}` }];
  }
}

/** Whether a JSON file is a Kubernetes-like object: the classic dashboards, the schema and the lock are not. */
const isObjectFile = ({ path, kind }: Artifact): boolean =>
  path.endsWith('.json') && kind === 'manifest' && !PLAIN.some((folder) => path.startsWith(folder));

/** What a reader of one artifact would refuse or read otherwise; the place is inside the artifact. */
export function artifactProblems(artifact: Artifact): readonly Problem[] {
  if (/\.ya?ml$/.test(artifact.path)) return yamlProblems(artifact);
  return isObjectFile(artifact) ? jsonProblems(artifact) : [];
}

/**
 * Stops the build, before anything is written, over what a cluster, an operator, Helm or a tool would refuse or silently ignore.
 * @throws ProblemError naming artifact, place, what was found and what was expected.
 */
export function validateArtifacts({ helmValues }: Bundle, artifacts: readonly Artifact[]): void {
  const problems = [
    ...helmValues.flatMap(templateProblems),
    ...artifacts.flatMap((artifact) =>
      artifactProblems(artifact).map(({ path, message }) => ({ path: `${artifact.path} ${path}`.trimEnd(), message })),
    ),
  ];
  if (problems.length > 0) throw new ProblemError('generated artifacts', problems);
}
