import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';

const FILE = 'manifests/network-benchmark.yaml';

type Labels = Readonly<Record<string, string>>;

interface Term {
  readonly labelSelector: { readonly matchLabels: Labels };
  readonly topologyKey: string;
}

interface Terms {
  readonly requiredDuringSchedulingIgnoredDuringExecution: readonly Term[];
}

interface Container {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly containerPort: number; readonly protocol: string }[];
  readonly resources: object;
  readonly securityContext: object;
}

interface PodSpec {
  readonly affinity?: { readonly podAffinity?: Terms; readonly podAntiAffinity?: Terms };
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
}

interface PolicyRule {
  readonly from?: readonly { readonly podSelector: { readonly matchLabels: Labels } }[];
  readonly to?: readonly { readonly podSelector: { readonly matchLabels: Labels } }[];
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
}

interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Labels;
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly protocol: string }[];
    readonly podSelector: { readonly matchLabels: Labels };
    readonly ingress: readonly PolicyRule[];
    readonly egress: readonly PolicyRule[];
    readonly activeDeadlineSeconds: number;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

const fileOf = (networkBenchmark: object = {}, given: object = {}): string =>
  generate({ targets: ['manifests'], ...given, networkBenchmark: { enabled: true, ...networkBenchmark } }).file(FILE);

const itemsOf = (...given: Parameters<typeof fileOf>): readonly Item[] =>
  (load(fileOf(...given)) as { readonly items: readonly Item[] }).items;

const ofKind = (items: readonly Item[], kind: string): readonly Item[] => items.filter((item) => item.kind === kind);

const named = (items: readonly Item[], kind: string, name: string): Item => {
  const found = ofKind(items, kind).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
};

const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** The comment at the top, on one line. */
const headOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => line.slice(2))
    .join(' ');

const variable = (item: Item, name: string): string | undefined =>
  item.spec.template.spec.containers[0]?.env.find((one) => one.name === name)?.value;

test('there is none unless enabled', () => {
  expect(generate().artifacts.map(({ path }) => path)).not.toContain(FILE);
});

test('everything is in one namespace, which comes first and can be deleted as a whole', () => {
  const items = itemsOf({ namespace: 'probe' });
  expect(items[0]).toMatchObject({
    kind: 'Namespace',
    metadata: { name: 'probe', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  expect(items.slice(1).filter(({ metadata }) => metadata.namespace !== 'probe')).toEqual([]);
  expect(fileOf({ namespace: 'probe' })).toContain('\n# kubectl delete namespace probe\n');
});

test('a namespace that has other things is refused', () => {
  for (const namespace of ['default', 'monitoring', 'kube-system']) {
    expect(complaints({ networkBenchmark: { enabled: true, namespace } })).toEqual([
      `networkBenchmark.namespace: got "${namespace}", expected a namespace of its own: it becomes restricted, and ending the benchmark deletes it`,
    ]);
  }
});

test('every container is what the restricted profile takes, with limits, and no pod has a token', () => {
  const pods = itemsOf().flatMap(({ kind, spec }) =>
    kind === 'Deployment' || kind === 'Job' ? [spec.template.spec] : [],
  );
  expect(pods).toHaveLength(4);
  for (const { automountServiceAccountToken, containers } of pods) {
    expect(automountServiceAccountToken).toBe(false);
    for (const { securityContext, resources } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        runAsUser: 1000,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(resources).toEqual({ requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '4', memory: '512Mi' } });
    }
  }
});

describe('places', () => {
  const items = itemsOf();
  const anchor = named(items, 'Deployment', 'server-same-node').spec.template.metadata.labels;

  /** Where a pod may and may not run, as seen from the server on the node of the client. */
  const placeOf = (kind: string, name: string) => {
    const { affinity = {} } = named(items, kind, name).spec.template.spec;
    const terms = (list?: Terms) => list?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const all = [...terms(affinity.podAffinity), ...terms(affinity.podAntiAffinity)];
    expect(all.filter(({ labelSelector }) => !selects(labelSelector.matchLabels, anchor))).toEqual([]);
    return {
      near: terms(affinity.podAffinity).map(({ topologyKey }) => topologyKey),
      far: terms(affinity.podAntiAffinity).map(({ topologyKey }) => topologyKey),
    };
  };

  test.each([
    ['Deployment', 'server-same-node', [], []],
    ['Deployment', 'server-same-zone', ['topology.kubernetes.io/zone'], ['kubernetes.io/hostname']],
    ['Deployment', 'server-cross-zone', ['kubernetes.io/os'], ['topology.kubernetes.io/zone']],
    ['Job', 'client', ['kubernetes.io/hostname'], []],
  ])('%s %s', (kind, name, near, far) => {
    expect(placeOf(kind, name)).toEqual({ near, far });
  });

  test('a node without a zone is none of another zone', () => {
    const { affinity } = named(items, 'Deployment', 'server-cross-zone').spec.template.spec;
    expect(affinity).toMatchObject({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'Exists' }] }],
        },
      },
    });
  });

  test('only one pod is the one that the others are placed by', () => {
    const labels = [...ofKind(items, 'Deployment'), ...ofKind(items, 'Job')].map(
      ({ spec }) => spec.template.metadata.labels,
    );
    expect(labels.filter((one) => selects(anchor, one))).toHaveLength(1);
  });

  test('it is there even if its own path is not measured', () => {
    const some = itemsOf({ paths: ['cross-zone'] });
    expect(ofKind(some, 'Deployment').map(({ metadata }) => metadata.name)).toEqual([
      'server-same-node',
      'server-cross-zone',
    ]);
    expect(variable(named(some, 'Job', 'client'), 'BENCHMARK_PATHS')).toBe('cross-zone');
  });
});

describe('the network', () => {
  const items = itemsOf();
  const server = named(items, 'Deployment', 'server-cross-zone').spec.template;
  const client = named(items, 'Job', 'client').spec.template;
  const ports = server.spec.containers.flatMap((container) => container.ports ?? []);

  test('Services lead to every port of one server each', () => {
    for (const { spec } of ofKind(items, 'Service')) {
      const targets = ofKind(items, 'Deployment').filter((one) =>
        selects(spec.selector, one.spec.template.metadata.labels),
      );
      expect(targets).toHaveLength(1);
      expect(spec.ports.map(({ port, protocol }) => ({ containerPort: port, protocol }))).toMatchObject(
        ports.map(({ containerPort, protocol }) => ({ containerPort, protocol })),
      );
      expect(spec.clusterIP).toBe('None');
    }
    const service = named(itemsOf({ through: 'service' }), 'Service', 'server-cross-zone');
    expect(service.spec.clusterIP).toBeUndefined();
  });

  test('policies let the client reach exactly these ports, and DNS', () => {
    const [toServer, ofClient] = ['server', 'client'].map((name) => named(items, 'NetworkPolicy', name).spec);
    const open = ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol }));
    expect(selects(toServer?.podSelector.matchLabels ?? { no: 'pod' }, server.metadata.labels)).toBe(true);
    expect(selects(ofClient?.podSelector.matchLabels ?? { no: 'pod' }, client.metadata.labels)).toBe(true);
    expect(toServer?.egress).toEqual([]);
    expect(ofClient?.ingress).toEqual([]);
    expect(toServer?.ingress).toHaveLength(1);
    const [rule] = toServer?.ingress ?? [];
    expect(rule?.ports).toEqual(open);
    expect(rule?.from?.map(({ podSelector }) => selects(podSelector.matchLabels, client.metadata.labels))).toEqual([
      true,
    ]);
    const [out, dns] = ofClient?.egress ?? [];
    expect(out?.ports).toEqual(open);
    expect(out?.to?.map(({ podSelector }) => selects(podSelector.matchLabels, server.metadata.labels))).toEqual([true]);
    expect(dns).toEqual({ ports: ['UDP', 'TCP'].map((protocol) => ({ port: 53, protocol })) });
  });
});

describe('what a run costs', () => {
  test('is said of the most that it sends', () => {
    // 5 directions of TCP at 1 Gbit/s and UDP at 1 Gbit/s for 8 seconds are 6 GB; headers add 8 %.
    const head = headOf(fileOf({ seconds: 8, megabitsPerSecond: 1000, udpMegabitsPerSecond: 1000 }));
    expect(head).toContain('A run sends at most 6.5 GB across zones, which costs at most 0.13 USD (');
  });

  test('follows the price', () => {
    const cloud = { price: { egressPerGB: 1, ingressPerGB: 0, currency: 'EUR' } };
    expect(headOf(fileOf({ seconds: 8, megabitsPerSecond: 1000 }, { cloud }))).toContain('at most 6.48 EUR (');
    expect(headOf(fileOf({}, { cloud: { provider: 'azure' } }))).toContain('across zones, which costs nothing.');
  });

  test('is nothing without the path', () => {
    expect(headOf(fileOf({ paths: ['same-node', 'same-zone'] }))).toContain('Nothing crosses zones.');
  });

  test('is bounded: the client ends', () => {
    const deadline = (given: object) => named(itemsOf(given), 'Job', 'client').spec.activeDeadlineSeconds;
    // Each path waits up to 300 seconds, and has six tests that may take 25 seconds longer than asked.
    expect(deadline({ paths: ['same-node'], seconds: 10 })).toBe(300 + 6 * 35);
    expect(deadline({ seconds: 300 })).toBe(3 * (300 + 6 * 325));
  });
});

test.each([
  ['alpine', false],
  ['alpine:latest', false],
  [`alpine:latest@sha256:${'a'.repeat(64)}`, false],
  ['networkstatic/iperf3:3.12', true],
  [`registry.example.com:5000/perf:1@sha256:${'a'.repeat(64)}`, true],
  [`perf@sha256:${'a'.repeat(64)}`, true],
  ['perf:1@sha256:abc', false],
])('image %s: %s', (image, isTaken) => {
  expect(complaints({ networkBenchmark: { enabled: true, image } })).toHaveLength(isTaken ? 0 : 1);
});
