import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';

const SERVICE = { namespace: 'shop', name: 'cart' };
const WORKLOAD = { namespace: 'shop', kind: 'Deployment', name: 'cart', labels: { app: 'cart' } };

const file = (path: string, given: object): string =>
  generate({ targets: ['manifests'], ...given }).file(`manifests/routing/${path}.yaml`);
const service = (version: string, more: object = {}): string =>
  file('shop/service-cart', { kubernetes: { version }, routing: { services: [{ ...SERVICE, ...more }] } });
const workload = (version: string, more: object = {}) => {
  const given = { ...WORKLOAD, ...more };
  return load(
    file(`shop/${given.kind.toLowerCase()}-cart`, { kubernetes: { version }, routing: { workloads: [given] } }),
  ) as { spec: { template: { spec: { topologySpreadConstraints: readonly [Constraint, Constraint] } } } };
};

type Constraint = Readonly<Record<string, unknown>>;

const REMOVED = { 'service.kubernetes.io/topology-mode': null, 'service.kubernetes.io/topology-aware-hints': null };

describe('a Service prefers its zone', () => {
  test.each([
    ['1.27', { metadata: { annotations: { ...REMOVED, 'service.kubernetes.io/topology-mode': 'Auto' } } }],
    ['1.30', { metadata: { annotations: { ...REMOVED, 'service.kubernetes.io/topology-mode': 'Auto' } } }],
    ['1.31', { metadata: { annotations: REMOVED }, spec: { trafficDistribution: 'PreferClose' } }],
    ['1.33', { metadata: { annotations: REMOVED }, spec: { trafficDistribution: 'PreferClose' } }],
    ['1.34', { metadata: { annotations: REMOVED }, spec: { trafficDistribution: 'PreferSameZone' } }],
    ['1.40', { metadata: { annotations: REMOVED }, spec: { trafficDistribution: 'PreferSameZone' } }],
  ])('as of Kubernetes %s', (version, expected) => {
    expect(load(service(version))).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      ...expected,
      metadata: { ...SERVICE, ...expected.metadata },
    });
  });

  test.each(['1.27', '1.30', '1.31', '1.34'])(
    'by the field or by the annotation, never by both, as of %s',
    (version) => {
      const { metadata, spec } = load(service(version)) as {
        metadata: { annotations: Record<string, unknown> };
        spec?: object;
      };
      const isAnnotated = Object.values(metadata.annotations).some((value) => value !== null);
      expect(isAnnotated).toBe(spec === undefined);
    },
  );

  test('or its node, from 1.34 on', () => {
    const patch = service('1.34', { prefer: 'node' });
    expect(load(patch)).toMatchObject({ spec: { trafficDistribution: 'PreferSameNode' } });
    expect(patch).toContain('on its node or in its zone');
    expect(load(service('1.34', { prefer: 'zone' }))).toEqual(load(service('1.34')));
    const given = (version: string) => ({
      kubernetes: { version },
      routing: { services: [{ ...SERVICE, prefer: 'node' }] },
    });
    expect(complaints(given('1.34'))).toEqual([]);
    expect(complaints(given('1.33'))).toEqual([
      'routing.services.0.prefer: got "node", expected zone, or kubernetes.version 1.34 or newer, as 1.33 does not know PreferSameNode by default',
    ]);
  });

  test('the header warns where the Service keeps its traffic on the node', () => {
    expect(service('1.34', { internalTrafficPolicy: 'Local' })).toContain(
      '# WARNING: this Service has internalTrafficPolicy: Local',
    );
    expect(service('1.34', { internalTrafficPolicy: 'Cluster' })).not.toContain('WARNING');
  });

  test('the header warns of servers that drop the field, where there is one', () => {
    const [older, newer] = ['1.30', '1.31'].map((version) => service(version).replaceAll('\n# ', ' '));
    expect(newer).toContain('An API server before 1.31 silently drops the field');
    expect(older).not.toContain('drops the field');
  });

  test('the header says how it is applied', () => {
    expect(service('1.34').replaceAll('\n# ', ' ')).toContain(
      'kubectl patch service cart --namespace shop --patch-file manifests/routing/shop/service-cart.yaml',
    );
  });
});

describe('a workload is spread over zones', () => {
  const [, plain] = workload('1.26').spec.template.spec.topologySpreadConstraints;

  test('strictly', () => {
    expect(plain).toEqual({
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'cart' } },
    });
  });

  test.each([
    ['1.26', 'Deployment', undefined],
    ['1.27', 'Deployment', ['pod-template-hash']],
    ['1.34', 'Deployment', ['pod-template-hash']],
    ['1.34', 'StatefulSet', undefined],
  ])('as of %s, a %s by the revision label %j', (version, kind, matchLabelKeys) => {
    const [, constraint] = workload(version, { kind }).spec.template.spec.topologySpreadConstraints;
    expect(constraint['matchLabelKeys']).toEqual(matchLabelKeys);
  });

  test('with skew and zones as given', () => {
    const [, constraint] = workload('1.27', { maxSkew: 2, minDomains: 3 }).spec.template.spec.topologySpreadConstraints;
    expect(constraint).toMatchObject({ maxSkew: 2, minDomains: 3 });
  });
});

/** The key by which each tool finds a constraint in a list. Upstream: core/v1 PodSpec, patchMergeKey (kubectl) and listMapKey (kustomize). */
const MERGE_KEYS = [
  ['kubectl', ['topologyKey']],
  ['kustomize', ['topologyKey', 'whenUnsatisfiable']],
] as const;

/** A list after a strategic merge: items to delete go first, then each item is merged into the one with its key, or added. */
function merged(old: readonly Constraint[], patch: readonly Constraint[], key: readonly string[]): Constraint[] {
  const isSame = (a: Constraint, b: Constraint): boolean => key.every((name) => a[name] === b[name]);
  const removals = patch.filter((item) => item['$patch'] === 'delete');
  const kept = old.filter((item) => !removals.some((removal) => isSame(removal, item)));
  return patch
    .filter((item) => !removals.includes(item))
    .reduce<Constraint[]>(
      (list, item) =>
        list.some((other) => isSame(other, item))
          ? list.map((other) => (isSame(other, item) ? { ...other, ...item } : other))
          : [...list, item],
      kept,
    );
}

describe.each(MERGE_KEYS)('as %s merges it', (_tool, key) => {
  const [removal, ours] = workload('1.34').spec.template.spec.topologySpreadConstraints;
  const onHosts = { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 1 };
  const preference = {
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    maxSkew: 5,
    nodeAffinityPolicy: 'Ignore',
  };

  test.each([
    ['none', []],
    ['one on hosts', [onHosts]],
    ['a preference on zones', [preference, onHosts]],
    ['ours already', [ours, onHosts]],
  ])('into a workload with %s, ours is there once as it is, and others stay', (_name, old) => {
    const others = old.filter(({ topologyKey }) => topologyKey !== ours['topologyKey']);
    const result = merged(old, [removal, ours], key);
    expect(result).toHaveLength(others.length + 1);
    expect(result).toEqual(expect.arrayContaining([...others, ours]));
  });
});

describe('what is refused', () => {
  test.each([
    [
      'services before 1.27',
      '1.26',
      { services: [SERVICE] },
      'kubernetes.version: got "1.26", expected 1.27 or newer for routing.services',
    ],
    [
      'minDomains before 1.27',
      '1.26',
      { workloads: [{ ...WORKLOAD, minDomains: 3 }] },
      'routing.workloads.0.minDomains: got 3, expected kubernetes.version 1.27 or newer, as 1.26 does not enable it by default',
    ],
    [
      'a version that is a number',
      1.3,
      {},
      'kubernetes.version: got 1.3, expected major and minor version of Kubernetes in quotes, such as "1.33" (without quotes YAML reads 1.30 as 1.3)',
    ],
    [
      'the label of a revision',
      '1.34',
      { workloads: [{ ...WORKLOAD, labels: { 'pod-template-hash': 'x' } }] },
      expect.stringMatching(
        /^routing\.workloads\.0\.labels\.pod-template-hash: got "x", expected labels that all revisions share/,
      ),
    ],
    [
      'no labels',
      '1.34',
      { workloads: [{ ...WORKLOAD, labels: {} }] },
      'routing.workloads.0.labels: got {}, expected at least one label of its pods',
    ],
    [
      'a Service twice',
      '1.34',
      { services: [SERVICE, SERVICE] },
      'routing.services.1: got "shop/cart", expected each object once',
    ],
    [
      'a workload twice',
      '1.34',
      { workloads: [WORKLOAD, { ...WORKLOAD, maxSkew: 2 }] },
      'routing.workloads.1: got "Deployment shop/cart", expected each object once',
    ],
    [
      'no skew',
      '1.34',
      { workloads: [{ ...WORKLOAD, maxSkew: 0 }] },
      'routing.workloads.0.maxSkew: got 0, expected at least 1',
    ],
    [
      'a kind that is not spread',
      '1.34',
      { workloads: [{ ...WORKLOAD, kind: 'DaemonSet' }] },
      expect.stringMatching(/^routing\.workloads\.0\.kind: got "DaemonSet", expected one of Deployment, StatefulSet/),
    ],
    [
      'a misspelt setting',
      '1.34',
      { services: [{ ...SERVICE, internalTraficPolicy: 'Local' }] },
      'routing.services.0.internalTraficPolicy: unknown setting, did you mean internalTrafficPolicy?',
    ],
    [
      'no name',
      '1.34',
      { services: [{ namespace: 'shop' }] },
      'routing.services.0: got {"namespace":"shop"}, expected a mapping with namespace and name',
    ],
    [
      'a name of 64 characters',
      '1.34',
      { services: [{ namespace: 'shop', name: 'a'.repeat(64) }] },
      expect.stringContaining('up to 63 characters'),
    ],
  ])('%s', (_name, version, routing, message) => {
    expect(complaints({ kubernetes: { version }, routing })).toEqual([message]);
  });

  test('patches that are not written', () => {
    expect(complaints({ routing: { services: [SERVICE] }, targets: ['grafana'] })).toEqual([
      'targets: got ["grafana"], expected manifests among them, as routing.services asks for some',
    ]);
  });
});
