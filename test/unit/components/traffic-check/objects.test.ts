import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { objectProblems } from '../../../../generators/verify/index.ts';
import { generate } from '../../../support/generate.ts';
import { complaints, lineOf } from '../../../support/problems.ts';
import { KINDS } from '../../../support/registry.ts';

const FILE = 'manifests/traffic-check.yaml';
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly nodeSelector: Labels;
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly configMap: { readonly name: string } }[];
}

interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Labels;
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly targetPort: number }[];
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

const fileOf = (trafficCheck: object = {}, given: object = {}): string =>
  generate({
    targets: ['manifests'],
    ...given,
    trafficCheck: { enabled: true, zones: ZONES, ...trafficCheck },
  }).file(FILE);

const itemsOf = (...given: Parameters<typeof fileOf>): readonly Item[] =>
  (load(fileOf(...given)) as { readonly items: readonly Item[] }).items;

const ofKind = (items: readonly Item[], kind: string): readonly Item[] => items.filter((item) => item.kind === kind);

const variable = ({ env }: Container, name: string): string => env.find((one) => one.name === name)?.value ?? '';

const containerOf = ({ spec }: Item): Container => {
  const [container] = spec.template.spec.containers;
  if (container === undefined) throw new Error('no container');
  return container;
};

/** Whether a selector selects pods with these labels. */
const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

test('there is none unless enabled', () => {
  expect(generate().artifacts.map(({ path }) => path)).not.toContain(FILE);
});

test('everything is in one namespace, which comes first and can be deleted as a whole', () => {
  const items = itemsOf({ namespace: 'probe' });
  expect(items[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'probe' } });
  expect(items.slice(1).filter(({ metadata }) => metadata.namespace !== 'probe')).toEqual([]);
  expect(fileOf({ namespace: 'probe' })).toContain('\n# kubectl delete namespace probe\n');
});

describe('a client and a server are in every zone', () => {
  const items = itemsOf();
  const deployments = ofKind(items, 'Deployment');
  const services = ofKind(items, 'Service');

  test('bound to its nodes, one pod each', () => {
    const places = deployments.map(({ metadata, spec }) => [
      metadata.name,
      spec.template.spec.nodeSelector['topology.kubernetes.io/zone'],
    ]);
    const expected = ZONES.flatMap((zone) => ['server', 'client'].map((role) => [`${role}-${zone}`, zone]));
    expect(places).toEqual(expected);
    expect(deployments.every(({ spec }) => JSON.stringify(spec).includes('"replicas":1'))).toBe(true);
  });

  test('each Service leads to the server of its zone, on the port where that listens, and nowhere else', () => {
    expect(services).toHaveLength(ZONES.length);
    for (const { metadata, spec } of services) {
      const behind = deployments.filter(({ spec: { template } }) => selects(spec.selector, template.metadata.labels));
      expect(behind.map(({ metadata: { name } }) => name)).toEqual([metadata.name]);
      const [server] = behind.map(containerOf);
      expect(spec.ports.map(({ targetPort }) => targetPort)).toEqual(
        server?.ports?.map(({ containerPort }) => containerPort),
      );
      expect(server && variable(server, 'PORT')).toBe(String(spec.ports[0]?.targetPort));
    }
  });

  test('each client sends to the Service of every zone, its own included', () => {
    const wanted = ZONES.map((zone) => ({ zone, host: `server-${zone}`, port: services[0]?.spec.ports[0]?.port }));
    expect(wanted.map(({ host }) => host)).toEqual(services.map(({ metadata: { name } }) => name));
    const clients = deployments.map(containerOf).filter((container) => variable(container, 'ROLE') === 'client');
    expect(clients.map((client) => JSON.parse(variable(client, 'SERVERS')) as unknown)).toEqual(
      ZONES.map(() => wanted),
    );
    expect(clients.map((client) => variable(client, 'ZONE'))).toEqual(ZONES);
  });

  test('each runs the script, which its volume holds', () => {
    const [map] = ofKind(items, 'ConfigMap');
    for (const { spec } of deployments) {
      const { containers, volumes } = spec.template.spec;
      expect(volumes.map(({ configMap }) => configMap.name)).toEqual([map?.metadata.name]);
      for (const { command, volumeMounts } of containers) {
        const [mount] = volumeMounts;
        const files = Object.keys(map?.data ?? {}).map((name) => `${mount?.mountPath}/${name}`);
        expect(command).toEqual(['node', ...files]);
      }
    }
  });

  // Upstream: Kubernetes, the Pod Security Standard "restricted".
  test('each is as the restricted standard wants it, with limits and without a token', () => {
    expect(items[0]?.metadata.labels).toEqual({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    for (const { spec } of deployments) {
      expect(spec.template.spec.automountServiceAccountToken).toBe(false);
      expect(spec.template.spec).not.toHaveProperty('hostNetwork');
      for (const { securityContext, resources } of spec.template.spec.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 1000,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        });
        expect([resources.requests, resources.limits].map((amounts) => Object.keys(amounts))).toEqual([
          ['cpu', 'memory'],
          ['cpu', 'memory'],
        ]);
      }
    }
  });
});

test.each<readonly [string, object, Labels]>([
  ['by default', {}, { 'topology.kubernetes.io/zone': 'use1-az4' }],
  [
    'with another label',
    { zones: { nodeLabel: 'topology.k8s.aws/zone-id' } },
    { 'topology.k8s.aws/zone-id': 'use1-az4' },
  ],
  ['with racks', { zones: { nodeLabel: 'example.com/rack' } }, { 'example.com/rack': 'use1-az4' }],
  [
    'by provider ID',
    { zones: { from: ['provider-id', 'node-label'], nodeLabel: 'topology.k8s.aws/zone-id' } },
    { 'topology.kubernetes.io/zone': 'use1-az4' },
  ],
])('pods are bound to the label that the rules read: %s', (_name, given, selector) => {
  const items = itemsOf({ zones: ['use1-az4', 'use1-az6'] }, { cloud: { provider: 'none' }, ...given });
  const [server] = ofKind(items, 'Deployment');
  expect(server?.spec.template.spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', ...selector });
});

test('Services have addresses of their own, or none', () => {
  const addresses = (trafficCheck: object) =>
    ofKind(itemsOf(trafficCheck), 'Service').map(({ spec }) => spec.clusterIP);
  expect(new Set(addresses({}))).toEqual(new Set([undefined]));
  expect(new Set(addresses({ through: 'pod' }))).toEqual(new Set(['None']));
});

test('the header says what crosses zones', () => {
  // 3 zones have 6 pairs of two zones.
  expect(fileOf({ bytesPerSecond: 100_000 }).replaceAll(/\n# */g, ' ')).toContain(
    'each of 3 clients sends 100000 bytes/s to each of 3 servers, 600000 bytes/s across zones (51.8 GB a day',
  );
});

describe('refused', () => {
  const on = (trafficCheck: object, given: object = {}) =>
    complaints({ ...given, trafficCheck: { enabled: true, zones: ZONES, ...trafficCheck } });

  test.each<readonly [string, object, object, string]>([
    [
      'no zones',
      { zones: [] },
      {},
      'trafficCheck.zones: got [], expected two or more values of the node label topology.kubernetes.io/zone ' +
        '(kubectl get nodes --label-columns topology.kubernetes.io/zone)',
    ],
    [
      'one zone',
      { zones: ['use1-az4'] },
      { zones: { nodeLabel: 'topology.k8s.aws/zone-id' } },
      'trafficCheck.zones: got ["use1-az4"], expected two or more values of the node label topology.k8s.aws/zone-id ' +
        '(kubectl get nodes --label-columns topology.k8s.aws/zone-id)',
    ],
    ['a zone twice', { zones: ['a', 'a', 'b'] }, {}, 'trafficCheck.zones: got ["a","a","b"], expected every item once'],
    [
      'zones of one name in objects',
      { zones: ['Rack.1', 'rack-1'] },
      {},
      'trafficCheck.zones.1: got "rack-1", expected a zone that differs from Rack.1 in more than capitals and signs, as objects are named after it',
    ],
    [
      'no label value',
      { zones: ['a', 'b c'] },
      {},
      'trafficCheck.zones.1: got "b c", expected a zone of up to 50 letters, digits, dashes, dots and underscores such as us-east-1a',
    ],
    [
      'an ID among names',
      { zones: ['us-east-1a', 'use1-az4'] },
      {},
      'trafficCheck.zones.1: got "use1-az4", expected a zone name such as us-east-1a, as in topology.kubernetes.io/zone',
    ],
    [
      'a name among IDs',
      { zones: ['us-east-1a', 'use1-az4'] },
      { zones: { nodeLabel: 'topology.k8s.aws/zone-id' } },
      'trafficCheck.zones.0: got "us-east-1a", expected a zone ID such as use1-az4, as in topology.k8s.aws/zone-id',
    ],
    [
      'a zone that the rules refuse',
      { zones: ['a1', 'b1'] },
      { zones: { valid: 'a.*' } },
      'trafficCheck.zones.1: got "b1", expected a zone that counts (zones.valid)',
    ],
    [
      'a fault domain of Azure',
      { zones: ['1', 'x-1'] },
      { cloud: { provider: 'azure' } },
      'trafficCheck.zones.0: got "1", expected a zone that counts (cloud.provider is azure)',
    ],
    [
      'a namespace that others use',
      { namespace: 'kube-system' },
      {},
      'trafficCheck.namespace: got "kube-system", expected a namespace of its own: it becomes restricted, and ending the check deletes it',
    ],
    ['a rate that cannot be', { bytesPerSecond: 0 }, {}, 'trafficCheck.bytesPerSecond: got 0, expected at least 10000'],
    [
      'a rate that harms',
      { bytesPerSecond: 1e9 },
      {},
      'trafficCheck.bytesPerSecond: got 1000000000, expected at most 1000000',
    ],
    [
      'an image without a version',
      { image: 'node' },
      {},
      'trafficCheck.image: got "node", expected an image with a tag other than latest, or a digest',
    ],
  ])('%s', (_name, trafficCheck, given, line) => {
    expect(on(trafficCheck, given)).toEqual([line]);
  });

  test('nothing while it is off, but values that are none', () => {
    expect(complaints({ trafficCheck: { zones: ['us-east-1a', 'use1-az4'] } })).toEqual([]);
  });
});

describe('doubtful', () => {
  const reasons = (given: object): readonly string[] =>
    generate({ ...given, trafficCheck: { enabled: true, zones: ZONES } })
      .warnings.filter(({ kind }) => kind === 'doubtful')
      .map(({ settings, reason }) => `${settings.join(', ')}: ${reason}`);

  test.each<readonly [string, object, readonly string[]]>([
    ['nothing by default', {}, []],
    [
      'no source',
      { flows: { source: 'none' } },
      ['trafficCheck.enabled: flows.source is none: no traffic is recorded to compare with'],
    ],
    [
      'no workloads',
      { flows: { source: 'obi', granularity: 'zone' } },
      ['trafficCheck.enabled, flows.granularity: the traffic of the check is told from the rest by workload'],
    ],
    [
      'a namespace that is not included',
      { flows: { source: 'retina-standard' }, retina: { namespaces: { include: ['shop'] } } },
      ['retina.namespaces: Retina does not measure traffic-check'],
    ],
    [
      'a namespace that is excluded',
      { flows: { source: 'retina-standard' }, retina: { namespaces: { exclude: ['traffic-check'] } } },
      ['retina.namespaces: Retina does not measure traffic-check'],
    ],
    [
      'others are excluded',
      { flows: { source: 'retina-standard' }, retina: { namespaces: { exclude: ['shop'] } } },
      [],
    ],
  ])('%s', (_name, given, expected) => {
    expect(reasons(given)).toEqual(expected);
  });
});

describe('what an API server refuses or drops, the build refuses', () => {
  const POD = ['spec', 'template', 'spec'] as const;
  const FIRST = [...POD, 'containers', 0] as const;

  /** Problems of the list after a change in the first item of a kind. */
  function refusal(kind: string, path: readonly (string | number)[], value: unknown): string {
    const list = load(fileOf()) as { readonly items: readonly Item[] };
    if (objectProblems(list, KINDS).length > 0) throw new Error('refused as it is');
    const item: unknown = list.items.find((one) => one.kind === kind);
    const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string | number, unknown>)[key], item);
    (parent as Record<string | number, unknown>)[path.at(-1) ?? ''] = value;
    return objectProblems(JSON.parse(JSON.stringify(list)), KINDS)
      .map(lineOf)
      .join('\n');
  }

  test.each<readonly [string, readonly (string | number)[], unknown, string]>([
    ['Namespace', ['kind'], 'Namespaces', 'items.0.kind: got "Namespaces"'],
    ['ConfigMap', ['metadata', 'namespace'], undefined, 'items.1.metadata.namespace: got nothing'],
    ['ConfigMap', ['data', 'n'], 1, 'items.1.data.n: got 1, expected text'],
    ['NetworkPolicy', ['spec', 'policyTypes', 0], 'In', 'items.2.spec.policyTypes.0: got "In"'],
    ['Service', ['spec', 'ports', 0, 'targetPort'], 0, 'items.3.spec.ports.0.targetPort: got 0'],
    ['Service', ['spec', 'selector', 'a'], 'b', 'expected labels of the pods of one Deployment'],
    ['Service', ['metadata', 'name'], 'server_a', 'items.3.metadata.name: got "server_a"'],
    ['Deployment', [...POD, 'automountToken'], false, 'items.4.spec.template.spec.automountToken: unknown key'],
    ['Deployment', ['spec', 'selector', 'matchLabels', 'a'], 'b', 'expected a: b as in spec.selector'],
    [
      'Deployment',
      [...FIRST, 'volumeMounts', 0, 'name'],
      'scripts',
      'items.4.spec.template.spec.containers.0.volumeMounts.0.name',
    ],
    ['Deployment', [...FIRST, 'resources', 'requests', 'cpu'], '1', 'got "1", expected at most the limit 200m'],
    ['Deployment', [...FIRST, 'env', 0, 'name'], 'A=B', 'expected a variable name'],
  ])('%s %j as %j', (kind, path, value, message) => {
    expect(refusal(kind, path, value)).toContain(message);
  });
});
