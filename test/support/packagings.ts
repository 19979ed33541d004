import { load } from 'js-yaml';
import type { Artifact } from '../../generators/index.ts';
import { ONE_LOADER } from './registry.ts';
import { generate, type Generated } from './generate.ts';

export const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:alerts';
export const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:pagerduty-AbCdEf';

const made = new Map<string, Generated>();

/**
 * What a configuration generates in every packaging; `amp` gets a workspace unless it is given one. Made once for each
 * configuration, as tests look at one artifact after the other.
 */
export function packaged(given: object = {}): Generated {
  const key = JSON.stringify(given);
  const known = made.get(key);
  if (known !== undefined) return known;
  // Two outputs that load the rules cannot be in one configuration.
  const all = generate({ amp: { workspaceId: 'ws-1' }, ...given, targets: ONE_LOADER });
  const operator = generate({ ...given, targets: ['prometheus-operator', 'manifests'] });
  const isOperators = (path: string): boolean => path.startsWith('rules/prometheus-operator/');
  const both: Generated = {
    config: all.config,
    bundle: all.bundle,
    get artifacts() {
      return [...all.artifacts, ...operator.artifacts.filter(({ path }) => isOperators(path))];
    },
    get warnings() {
      return all.warnings;
    },
    file: (path) => (isOperators(path) ? operator : all).file(path),
  };
  made.set(key, both);
  return both;
}

/** A Kubernetes object as it was written. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** Every artifact of a folder, by its name without folder and ending. */
export function inFolder(artifacts: readonly Artifact[], folder: string): Readonly<Record<string, string>> {
  const within = artifacts.filter(({ path }) => path.startsWith(`${folder}/`));
  return Object.fromEntries(
    within.map(({ path, text }) => [path.slice(folder.length + 1).replace(/(\.rules)?\.(yaml|json)$/, ''), text]),
  );
}

/** Every object of a folder, by the name of its file. */
export const objectsIn = (artifacts: readonly Artifact[], folder: string): Readonly<Record<string, KubernetesObject>> =>
  Object.fromEntries(
    Object.entries(inFolder(artifacts, folder)).map(([name, text]) => [name, load(text) as KubernetesObject]),
  );

/** A document in a document: what the text of a setting holds. @throws TypeError when it is no text. */
export function documentIn(text: unknown): unknown {
  if (typeof text !== 'string') throw new TypeError(`no text: ${JSON.stringify(text)}`);
  return load(text);
}

/** Alertmanager's own configuration, out of the two documents around it. */
export function alertmanagerOf(generated: Generated): string {
  const { spec } = load(generated.file('rules/amp/alertmanager-definition.yaml')) as KubernetesObject;
  const { alertmanager_config: inner, ...others } = documentIn(spec['configuration']) as Record<string, unknown>;
  if (typeof inner !== 'string' || Object.keys(others).length > 0) throw new TypeError('not as AMP reads it');
  return inner;
}

/** The message of the ProblemError, or of whatever else is thrown; undefined when nothing is. */
export function thrownBy(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
