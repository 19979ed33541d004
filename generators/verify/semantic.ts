import { messageOf, show, type Problem } from '../schema/problems.ts';
import { ALERTMANAGER, AMP_ALERTMANAGER } from '../outputs/amp/kinds.ts';
import { CLASSIC } from './kinds-grafana.ts';
import { RULE_GROUPS } from './kinds-prometheus.ts';
import type { Schema } from '../schema/objects.ts';
import { schemaProblems } from '../schema/validator.ts';
import { daemonSetProblems } from '../components/ethtool-exporter/pods.ts';
import { readYaml } from '../schema/yaml.ts';

/** What the schema of a kind cannot say: documents inside the document, and parts that must fit each other. */
export type Beyond = (document: object) => readonly Problem[];

const within = (path: string, problems: readonly Problem[]): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, path: problem.path === '' ? path : `${path} > ${problem.path}` }));

/** The one document of a YAML text inside another, and what is wrong with it. */
function innerYaml(
  path: string,
  text: string,
  schema: Schema,
): { readonly data: unknown; readonly problems: readonly Problem[] } {
  const read = readYaml(text);
  const {
    data: [data, ...more],
    problems,
  } = read.documents();
  const count = more.length > 0 ? [{ path: '', message: 'got several documents, expected one' }] : [];
  const unread = [...read.problems, ...problems];
  return { data, problems: within(path, [...count, ...(unread.length > 0 ? unread : schemaProblems(schema, data))]) };
}

function innerDashboard(path: string, text: string): readonly Problem[] {
  try {
    return within(path, schemaProblems(CLASSIC, JSON.parse(text)));
  } catch (error) {
    return [{ path, message: `not JSON: ${messageOf(error)}` }];
  }
}

const namesOf = (data: unknown): readonly string[] => {
  const { groups } = data as { readonly groups: readonly { readonly name: string }[] };
  return groups.map(({ name }) => name);
};

const repeated = (path: string, names: readonly string[]): readonly Problem[] =>
  names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ path, message: `got the group ${show(name)} twice, expected each name once` }));

interface Route {
  readonly receiver?: string;
  readonly routes?: readonly Route[];
}

const receiversOf = ({ receiver, routes = [] }: Route): readonly string[] => [
  ...(receiver === undefined ? [] : [receiver]),
  ...routes.flatMap(receiversOf),
];

/** Alertmanager refuses a route to a receiver that does not exist. */
function routeProblems(path: string, data: unknown): readonly Problem[] {
  const { route, receivers } = data as {
    readonly route: Route;
    readonly receivers: readonly { readonly name: string }[];
  };
  const known = receivers.map(({ name }) => name);
  return receiversOf(route)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `${path} > route`,
      message: `got the receiver ${show(name)}, expected one of ${known.join(', ')}`,
    }));
}

const alertManagerDefinition: Beyond = (document) => {
  const { configuration } = (document as { readonly spec: { readonly configuration: string } }).spec;
  const path = 'spec.configuration';
  const outer = innerYaml(path, configuration, AMP_ALERTMANAGER);
  if (outer.problems.length > 0) return outer.problems;
  const inside = `${path} > alertmanager_config`;
  const text = (outer.data as { readonly alertmanager_config: string }).alertmanager_config;
  const inner = innerYaml(inside, text, ALERTMANAGER);
  return inner.problems.length > 0 ? inner.problems : routeProblems(inside, inner.data);
};

const ruleGroupsNamespace: Beyond = (document) => {
  const { configuration } = (document as { readonly spec: { readonly configuration: string } }).spec;
  const { data, problems } = innerYaml('spec.configuration', configuration, RULE_GROUPS);
  return problems.length > 0 ? problems : repeated('spec.configuration > groups', namesOf(data));
};

/** Files that the dashboards sidecar reads. */
const configMap: Beyond = (document) =>
  Object.entries((document as { readonly data: Readonly<Record<string, string>> }).data)
    .filter(([name]) => name.endsWith('.json'))
    .flatMap(([name, text]) => innerDashboard(`data["${name}"]`, text));

const grafanaDashboard: Beyond = (document) => {
  const { json } = (document as { readonly spec: { readonly json?: string } }).spec;
  return json === undefined ? [] : innerDashboard('spec.json', json);
};

/** Every text in a value, with its place. */
function textsIn(value: unknown, path: string): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, `${path}.${key}`));
}

/** The collector replaces $NAME and ${NAME}: each dollar sign is doubled. */
const collector: Beyond = (document) =>
  textsIn((document as { readonly spec: { readonly config: unknown } }).spec.config, 'spec.config')
    .filter(({ text }) => text.replaceAll('$$', '').includes('$'))
    .map(({ path, text }) => ({
      path,
      message: `got ${show(text)}, expected each dollar sign doubled: the collector takes one for a variable`,
    }));

const patchesNothing: Beyond = (document) => {
  const { metadata, spec } = document as {
    readonly metadata: { readonly annotations?: object };
    readonly spec?: object;
  };
  return metadata.annotations === undefined && spec === undefined
    ? [{ path: '', message: 'got a patch that changes nothing, expected metadata.annotations or spec' }]
    : [];
};

/** By kind; run where the schema found nothing. */
export const BEYOND: Readonly<Record<string, Beyond>> = {
  AlertManagerDefinition: alertManagerDefinition,
  ConfigMap: configMap,
  DaemonSet: daemonSetProblems,
  GrafanaDashboard: grafanaDashboard,
  OpenTelemetryCollector: collector,
  PrometheusRule: (document) => repeated('spec.groups', namesOf((document as { readonly spec: unknown }).spec)),
  RuleGroupsNamespace: ruleGroupsNamespace,
  Service: patchesNothing,
};
