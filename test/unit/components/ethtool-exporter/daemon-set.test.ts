import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { scrapeJobs } from '../../../support/values.ts';

interface DaemonSet {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly hostNetwork: boolean;
        readonly tolerations: readonly object[];
        readonly containers: readonly [
          {
            readonly image: string;
            readonly args: readonly string[];
            readonly env: readonly { readonly valueFrom: { readonly fieldRef: object } }[];
            readonly ports: readonly [{ readonly containerPort: number; readonly hostPort: number }];
            readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number };
          },
        ];
      };
    };
  };
}

const built = (ethtool: object = {}, daemonSet: object = {}): DaemonSet =>
  load(
    generate({ targets: ['manifests'], ethtool: { ...ethtool, daemonSet: { enabled: true, ...daemonSet } } }).file(
      'manifests/ethtool-exporter.yaml',
    ),
  ) as DaemonSet;

/** An argument as Kubernetes expands it. Upstream: k8s.io/kubernetes, third_party/forked/golang/expansion. */
const expanded = (argument: string): string =>
  argument.replaceAll(/\$(\$|\(([^)]*)\))/g, (_, next: string, name?: string) =>
    next === '$' ? '$' : name === 'IP' ? '10.0.0.1' : `$(${name ?? ''})`,
  );

test('there is none unless enabled', () => {
  expect(generate().artifacts.map(({ path }) => path)).not.toContain('manifests/ethtool-exporter.yaml');
});

test('the pods are those that the scrape job finds, at the port that it reads', () => {
  const given = { app: 'ena', port: 9999 };
  const { template } = built(given).spec;
  const job = scrapeJobs({ ethtool: given }).find(({ job_name: name }) => name === 'ethtool-exporter');
  expect(job?.kubernetes_sd_configs).toEqual([{ role: 'pod', selectors: [{ role: 'pod', label: 'app=ena' }] }]);
  expect(template.metadata.labels).toEqual({ app: 'ena' });
  const [{ args, ports }] = template.spec.containers;
  expect(ports).toEqual([{ name: 'http', containerPort: 9999, hostPort: 9999, protocol: 'TCP' }]);
  expect(args.map(expanded).slice(0, 2)).toEqual(['-l', '10.0.0.1:9999']);
});

/** Otherwise the API server would fill in a default. Upstream: core/v1 ObjectFieldSelector, structType atomic. */
test('fields that server-side apply owns as a whole are complete', () => {
  const [{ env }] = built().spec.template.spec.containers;
  expect(env.map(({ valueFrom }) => valueFrom.fieldRef)).toEqual([{ apiVersion: 'v1', fieldPath: 'status.podIP' }]);
});

test('it sees the interfaces of the node, on every node', () => {
  expect(built().spec.template.spec).toMatchObject({ hostNetwork: true, tolerations: [{ operator: 'Exists' }] });
});

describe('the interfaces', () => {
  test.each([
    ['eth.*|ens.*|enp.*', ['eth0', 'ens5', 'enp39s0'], ['lo', 'xeth0', 'veth1']],
    ['ens5$', ['ens5'], ['ens5x', 'ens']],
    ['eth0|$(IP)', ['eth0'], ['eth01', '10.0.0.1']],
  ])('%s, as the rules read them', (device, matching, others) => {
    const [{ args }] = built({ device }).spec.template.spec.containers;
    // Python's re.match, which the exporter calls, is anchored at the beginning only.
    const regex = new RegExp(`^(?:${expanded(args.at(-1) ?? '')})`);
    expect(matching.filter((name) => regex.test(name))).toEqual(matching);
    expect(others.filter((name) => regex.test(name))).toEqual([]);
  });

  test.each(['(?i)eth.*', '[[:alpha:]]+', String.raw`\pL+`, String.raw`\Qeth0\E`, '(?P<a>eth0)'])(
    '%s is refused, as Python reads it differently',
    (device) => {
      expect(complaints({ ethtool: { device, daemonSet: { enabled: true } } })).toEqual([
        expect.stringMatching(/^ethtool\.device: got .*, expected a regular expression that means the same in Python/),
      ]);
      expect(complaints({ ethtool: { device } })).toEqual([]);
      expect(complaints({ ethtool: { device, daemonSet: { enabled: true, arguments: ['-p', '9417'] } } })).toEqual([]);
    },
  );
});

test('settings reach the container', () => {
  const given = { image: 'example.com:5000/ethtool:1.2', runAsUser: 0, arguments: ['-p', '9417'], namespace: 'ena' };
  const { metadata, spec } = built({}, given);
  const [{ image, args, securityContext }] = spec.template.spec.containers;
  expect([image, args, metadata.namespace]).toEqual([given.image, given.arguments, 'ena']);
  expect(securityContext).toMatchObject({ runAsUser: 0, runAsNonRoot: false });
});

test.each([
  [{ exporter: 'none' }, /^ethtool\.daemonSet\.enabled: got true, expected false, as ethtool\.exporter is none/],
  [
    { exporter: 'node-exporter' },
    /^ethtool\.daemonSet\.enabled: got true, expected false, as ethtool\.exporter is node-exporter/,
  ],
])('with %j it is refused', (ethtool, message) => {
  expect(complaints({ ethtool: { ...ethtool, daemonSet: { enabled: true } } })).toEqual([
    expect.stringMatching(message),
  ]);
});

test.each(['drdivano/ethtool-exporter', 'drdivano/ethtool-exporter:latest', 'a@sha256:12', 'A:1'])(
  'the image %s is refused',
  (image) => {
    expect(complaints({ ethtool: { daemonSet: { image } } })).toEqual([
      expect.stringMatching(
        /^ethtool\.daemonSet\.image: got .*, expected an image with a tag other than latest, or a digest$/,
      ),
    ]);
  },
);
