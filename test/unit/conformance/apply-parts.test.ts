import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { inAllOutputs } from '../../../conformance/apply/cases.ts';
import { lostIn } from '../../../conformance/apply/compare.ts';
import { useOf } from '../../../conformance/apply/files.ts';
import { applyArguments, clusterArguments, patchArguments } from '../../../conformance/apply/kubectl.ts';
import { expectedAfter, objectFor } from '../../../conformance/apply/patched.ts';
import { leavesOf, shown, without, withValue } from '../../../conformance/shared/tree.ts';
import { EVERYTHING } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { kubeFilesOf } from '../../../conformance/apply/files.ts';

const files = kubeFilesOf(generate(EVERYTHING));
const objects = files.flatMap((file) => (file.use === 'apply' ? [file.object] : []));

describe('an answer of the API server', () => {
  const OBJECT = { spec: { cpu: '0.5', list: [{ a: 1 }], nothing: null, empty: {} } };

  test('has everything when it differs by defaults, quantities and what is not there', () => {
    const answer = { metadata: { uid: 'x' }, spec: { cpu: '500m', list: [{ a: 1, more: true }], empty: {}, added: 1 } };
    expect(lostIn(answer, OBJECT)).toEqual([]);
  });

  test.each([
    ['a field', { spec: { cpu: '500m', list: [{}], empty: {} } }, ['spec.list[0].a: wrote 1, got nothing']],
    ['an empty mapping', { spec: { cpu: '500m', list: [{ a: 1 }] } }, ['spec.empty: wrote {}, got nothing']],
    ['the value', { spec: { cpu: '5', list: [{ a: 1 }], empty: {} } }, ['spec.cpu: wrote "0.5", got "5"']],
    [
      'the length of a list',
      { spec: { cpu: '0.5', list: [{ a: 1 }, {}], empty: {} } },
      ['spec.list: 1 items became 2'],
    ],
    [
      'a key that was to go',
      { spec: { cpu: '0.5', list: [{ a: 1 }], empty: {}, nothing: 1 } },
      ['spec.nothing: wrote null, got 1'],
    ],
  ])('is found to have lost %s', (_name, answer, lost) => {
    expect(lostIn(answer, OBJECT)).toEqual(lost);
  });

  test('is found to have lost any leaf of any generated object, and nothing else', () => {
    expect(objects.length).toBeGreaterThan(10);
    for (const object of objects) {
      expect(lostIn(object, object)).toEqual([]);
      // One leaf in each mapping is enough, as rule files have hundreds.
      for (const { path } of leavesOf(object).filter((_, index) => index % 17 === 0 || index < 10)) {
        if (typeof path.at(-1) === 'number') continue;
        expect(lostIn(without(object, path), object).map((line) => line.split(': wrote')[0])).toEqual([shown(path)]);
        expect(lostIn(withValue(object, path, 'another'), object)).toHaveLength(1);
      }
    }
  });
});

describe('a generated file', () => {
  test('is applied, patched, or known to be for something else', () => {
    const uses = files.map(({ use }) => use);
    expect(new Set(uses)).toEqual(new Set(['apply', 'patch', 'none']));
    expect(files.filter(({ use }) => use === 'patch').map(({ path }) => path)).toEqual(
      files.map(({ path }) => path).filter((path) => path.startsWith('manifests/routing/')),
    );
  });

  test('with a List is one file for each of its objects, none of them lost', () => {
    const given = { trafficCheck: EVERYTHING.trafficCheck, targets: ['manifests'] };
    const { items } = load(generate(given).file('manifests/traffic-check.yaml')) as {
      readonly items: readonly object[];
    };
    const own = kubeFilesOf(generate(given));
    expect(items.length).toBeGreaterThan(5);
    expect(own.map((file) => file.use !== 'none' && file.object)).toEqual(items);
    expect(own.map(({ text }) => load(text))).toEqual(items);
    expect(new Set(own.map(({ path }) => path)).size).toBe(items.length);
  });

  test('is refused without a command, and with two', () => {
    const object = 'apiVersion: v1\nkind: ConfigMap\n';
    expect(() => useOf('manifests/new.yaml', `# What it is.\n${object}`)).toThrow('found neither');
    expect(() => useOf('manifests/new.yaml', `# kubectl apply -f x\n# kubectl patch y\n${object}`)).toThrow(
      'found apply, patch',
    );
    // A command in the data is none.
    expect(() => useOf('manifests/new.yaml', `# What it is.\n${object}data: |\n# kubectl apply -f x\n`)).toThrow(
      'found neither',
    );
    expect(useOf('manifests/new.yaml', `# What it is.\n# kubectl apply -f x\n${object}`)).toMatchObject({
      use: 'apply',
      object: { kind: 'ConfigMap' },
    });
  });
});

describe('kubectl', () => {
  test('asks a cluster that was named, and no other', () => {
    expect(() => clusterArguments({})).toThrow('--context NAME or --kubeconfig FILE');
    expect(clusterArguments({ context: 'a' })).toEqual(['--context', 'a']);
    expect(clusterArguments({ kubeconfig: 'f', context: 'a' })).toEqual(['--kubeconfig', 'f', '--context', 'a']);
  });

  test('keeps nothing', () => {
    expect(applyArguments('f')).toEqual(
      expect.arrayContaining(['--server-side', '--dry-run=server', '--validate=strict']),
    );
    expect(patchArguments('o', 'p')).toContain('--local');
  });
});

describe('a patched object', () => {
  const patches = files.flatMap((file) => (file.use === 'patch' ? [file.object] : []));
  const spread = patches.find(({ kind }) => kind === 'Deployment');
  const service = patches.find(({ kind }) => kind === 'Service');
  const lost = (patch: typeof spread, answer: unknown) => {
    if (patch === undefined) throw new Error('no such patch');
    const after = expectedAfter(patch, answer);
    return lostIn(after.answer, after.expected);
  };
  const constraint = (object: unknown, index: number) =>
    (object as { spec: { template: { spec: { topologySpreadConstraints: object[] } } } }).spec.template.spec
      .topologySpreadConstraints[index];
  const withConstraints = (...all: (object | undefined)[]) => ({
    spec: { template: { spec: { topologySpreadConstraints: all } } },
  });

  test('of a workload has our constraint on zones only, and that on hosts', () => {
    if (spread === undefined) throw new Error('no such patch');
    const [ours, host] = [constraint(spread, 1), constraint(objectFor(spread), 1)];
    expect(lost(spread, withConstraints(ours, host))).toEqual([]);
    expect(lost(spread, withConstraints(ours))).not.toEqual([]);
    expect(lost(spread, withConstraints(constraint(objectFor(spread), 0), host))).not.toEqual([]);
    expect(lost(spread, withConstraints(constraint(objectFor(spread), 0), ours, host))).not.toEqual([]);
    expect(lost(spread, withConstraints({ ...ours, nodeAffinityPolicy: 'Ignore' }, host))).not.toEqual([]);
  });

  test('of a Service has the field, not the annotation, and what was there', () => {
    if (service === undefined) throw new Error('no such patch');
    const { apiVersion, kind, metadata } = service;
    const spec = (service as unknown as { spec: object }).spec;
    const good = {
      apiVersion,
      kind,
      metadata: { name: metadata.name, namespace: metadata.namespace, annotations: { kept: 'yes' } },
      spec,
    };
    expect(lost(service, good)).toEqual([]);
    expect(lost(service, { ...good, spec: {} })).not.toEqual([]);
    expect(lost(service, objectFor(service))).not.toEqual([]);
    expect(lost(service, { ...good, metadata: { name: metadata.name, namespace: metadata.namespace } })).not.toEqual(
      [],
    );
  });
});

test('every output is added to a configuration, and its own settings stay', () => {
  const [{ given }, operator] = inAllOutputs({
    name: 'x',
    given: { amp: { workspace: { name: 'mine' } }, grafana: { version: 11 } },
  });
  expect(given['amp']).toEqual({ workspace: { name: 'mine' } });
  expect(given['targets']).not.toContain('git-sync');
  expect(operator.given['targets']).toEqual(['prometheus-operator', 'manifests']);
  expect(inAllOutputs({ name: 'x', given: {} })[0].given['targets']).toContain('git-sync');
  const endpoint = 'https://example.com/workspaces/ws-7/api/v1/remote_write';
  expect(inAllOutputs({ name: 'x', given: { adot: { endpoint } } })[0].given['amp']).toMatchObject({
    workspaceId: 'ws-7',
  });
});
