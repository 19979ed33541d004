import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { objectProblems } from '../../../generators/verify/index.ts';
import { EVERYTHING } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { lineOf } from '../../support/problems.ts';
import { KINDS } from '../../support/registry.ts';

/**
 * Changes that a kube-apiserver 1.35.4 refused, with the operators' definitions installed, and that leave every field with a value of its
 * type. Found by changing each place of each object in turn, and asking both.
 */

const everything = generate({ ...EVERYTHING, flows: { source: 'retina-standard' } });

type Path = readonly (string | number)[];

/** A copy of data with another value at a place; undefined removes what is there. */
function changed(data: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) return data.with(Number(key), changed(data[Number(key)], rest, value));
  const entries = { ...(data as Readonly<Record<string, unknown>>) };
  return { ...entries, [key]: changed(entries[String(key)], rest, value) };
}

const at = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>((inside, key) => (inside as Readonly<Record<string, unknown>>)[key], data);

/** Why a generated object is refused after a change. @throws Error when it was refused before. */
function refusal(file: string, path: Path, change: (old: unknown) => unknown): string {
  const document = load(everything.file(file));
  if (objectProblems(document, KINDS).length > 0) throw new Error(`${file} is refused as it is`);
  const mutant = changed(document, path, change(at(document, path)));
  return objectProblems(JSON.parse(JSON.stringify(mutant)), KINDS)
    .map(lineOf)
    .join('\n');
}

const DAEMON_SET = 'manifests/ethtool-exporter.yaml';
const POD = ['spec', 'template', 'spec'];
const CONTAINER = [...POD, 'containers', 0];
const CONSTRAINT = [...POD, 'topologySpreadConstraints', 1];
const DEPLOYMENT = 'manifests/routing/shop/deployment-cart.yaml';
const TWICE = (old: unknown) => [...(old as readonly unknown[]), ...(old as readonly unknown[])];

describe('what an API server refuses, the build refuses', () => {
  test.each<readonly [string, Path, unknown, string]>([
    [DAEMON_SET, [...POD, 'tolerations', 0], {}, 'tolerations.0.operator: got nothing'],
    [DAEMON_SET, [...POD, 'tolerations', 0, 'operator'], 'Equal', 'expected Exists without a key'],
    [DAEMON_SET, [...CONTAINER, 'env', 0, 'name'], '한국', 'expected a variable name'],
    [DAEMON_SET, [...CONTAINER, 'env', 0, 'name'], 'A=B', 'expected a variable name'],
    [
      DAEMON_SET,
      [...CONTAINER, 'env', 0, 'valueFrom', 'fieldRef', 'fieldPath'],
      'status.podIp',
      'did you mean status.podIP?',
    ],
    [
      DAEMON_SET,
      [...CONTAINER, 'ports', 0, 'hostPort'],
      7,
      'ports.0.hostPort: got 7, expected 9417, the containerPort',
    ],
    [DAEMON_SET, [...CONTAINER, 'ports', 0, 'containerPort'], 7, 'hostPort: got 9417, expected 7, the containerPort'],
    [DAEMON_SET, [...CONTAINER, 'resources', 'requests', 'cpu'], '1', 'got "1", expected at most the limit 100m'],
    [
      DAEMON_SET,
      [...CONTAINER, 'resources', 'limits', 'memory'],
      '99Mi',
      'got "100Mi", expected at most the limit 99Mi',
    ],
    [DAEMON_SET, [...CONTAINER, 'securityContext', 'runAsUser'], 2 ** 31, 'expected a user id from 0 to 2147483647'],
    [DEPLOYMENT, [...CONSTRAINT, 'maxSkew'], 2 ** 31, 'expected a whole number from 1 to 2147483647'],
    [DEPLOYMENT, [...CONSTRAINT, 'minDomains'], 2 ** 31, 'expected a whole number from 1 to 2147483647'],
    [DEPLOYMENT, [...CONSTRAINT, 'matchLabelKeys', 0], 'Bad Value!', 'expected the key of a Kubernetes label'],
    [
      'manifests/adot-collector.yaml',
      ['spec', 'replicas'],
      2 ** 31,
      'spec.replicas: got 2147483648, expected a whole number from 1 to 2147483647',
    ],
    ['manifests/adot-collector-role-binding.yaml', ['roleRef', 'name'], 'a%', 'without slashes and percent signs'],
    ['manifests/adot-collector-role-binding.yaml', ['roleRef', 'name'], '..', 'a role name'],
    ['rules/amp/ena-allowances.yaml', ['spec', 'configuration'], '{{ x }}', 'spec.configuration: not YAML'],
    ['rules/amp/alertmanager-definition.yaml', ['spec', 'configuration'], '{{ x }}', 'spec.configuration: not YAML'],
  ])('%s %j as %j', (file, path, value, message) => {
    expect(refusal(file, path, () => value)).toContain(message);
  });

  test.each<readonly [string, Path, string]>([
    [DAEMON_SET, [...POD, 'containers'], 'got the container "ethtool-exporter" twice'],
    [DAEMON_SET, [...POD, 'containers'], 'got the host port "TCP 9417" twice'],
    [DAEMON_SET, [...CONTAINER, 'ports'], 'got the port "http" twice'],
    ['manifests/metrics-configuration.yaml', ['spec', 'namespaces', 'exclude'], 'spec.namespaces.exclude: got'],
  ])('%s %j with its items twice', (file, path, message) => {
    expect(refusal(file, path, TWICE)).toContain(message);
  });
});

test.each([
  ['5m', '5m'],
  ['0.001', '0.001'],
  ['100m', '10m'],
  ['2', '10m'],
])('with a CPU limit of %s, the exporter asks for %s', (cpu, request) => {
  const text = generate({ targets: ['manifests'], ethtool: { daemonSet: { enabled: true, cpu } } }).file(DAEMON_SET);
  expect(at(load(text), [...CONTAINER, 'resources'])).toMatchObject({ requests: { cpu: request }, limits: { cpu } });
});
