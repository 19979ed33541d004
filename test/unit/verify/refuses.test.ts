import { describe, expect, test } from '@jest/globals';
import { build, completeConfig, ProblemError } from '../../../generators/index.ts';
import type { Artifact } from '../../../generators/model/artifact.ts';
import { artifactProblems, verify } from '../../../generators/verify/index.ts';
import { EVERYTHING } from '../../support/everything.ts';
import { catalogue } from '../../support/generate.ts';
import { packaged } from '../../support/packagings.ts';
import { lineOf } from '../../support/problems.ts';
import { KINDS } from '../../support/registry.ts';

const everything = packaged(EVERYTHING);

/** A generated file with another text; it is measured anew. */
function withText(path: string, text: string): Artifact {
  const artifact = everything.artifacts.find((one) => one.path === path);
  if (artifact === undefined) throw new Error(`no ${path}`);
  const { sizes: _sizes, ...rest } = artifact;
  return { ...rest, text };
}

/** What is wrong inside a file, without the name of the file. */
const problemsIn = (artifact: Artifact): string[] =>
  artifactProblems(artifact, KINDS).map(({ path, message }) =>
    lineOf({ path: path.replace(artifact.path, '').trimStart(), message }),
  );

/** What is wrong with an artifact after its text was changed. @throws Error when the change changes nothing. */
function after(path: string, change: (text: string) => string): string[] {
  const text = everything.file(path);
  const changed = change(text);
  if (changed === text) throw new Error(`nothing changed in ${path}`);
  return problemsIn(withText(path, changed));
}

const DAEMON_SET = 'manifests/ethtool-exporter.yaml';
const COLLECTOR = 'manifests/adot-collector.yaml';
const MONITOR = 'manifests/monitors/retina-pods.yaml';
const DEPLOYMENT = 'manifests/routing/shop/deployment-cart.yaml';
const SERVICE = 'manifests/routing/shop/service-cart.yaml';
const CONFIG_MAP = 'dashboards/configmaps/zone-traffic.yaml';
const DEFINITION = 'rules/amp/alertmanager-definition.yaml';
const RULES = 'rules/prometheus-operator/ena-allowances.yaml';

describe('what a cluster would refuse or ignore is refused with its place', () => {
  test.each([
    [
      'a misspelt key',
      DAEMON_SET,
      'tolerations:',
      'toleration:',
      'spec.template.spec.toleration: unknown key, did you mean tolerations?',
    ],
    [
      'an unknown kind',
      DAEMON_SET,
      'kind: DaemonSet',
      'kind: DaemonSets',
      'kind: got "apps/v1 DaemonSets", expected a kind whose schema is known: did you mean apps/v1 DaemonSet?',
    ],
    [
      'a version that is gone',
      COLLECTOR,
      'io/v1beta1',
      'io/v1alpha1',
      expect.stringContaining(
        'expected a kind whose schema is known: did you mean opentelemetry.io/v1beta1 OpenTelemetryCollector?',
      ),
    ],
    [
      'no namespace',
      MONITOR,
      '  namespace: monitoring\n',
      '',
      'metadata.namespace: got nothing, expected a value: the key is required',
    ],
    [
      'a name with capitals',
      MONITOR,
      'name: azimuth-retina-pods',
      'name: Azimuth',
      expect.stringMatching(/^metadata\.name: got "Azimuth", expected a DNS name/),
    ],
    [
      'a label that is a number',
      DAEMON_SET,
      'app: ethtool-exporter',
      'app: 1',
      expect.stringMatching(/^metadata\.labels\.app: got 1, expected the value of a Kubernetes label/),
    ],
    [
      'a long label',
      MONITOR,
      'release: kube-prometheus-stack',
      `release: ${'a'.repeat(64)}`,
      expect.stringContaining('up to 63 letters'),
    ],
    [
      'pods that the selector misses',
      DAEMON_SET,
      'matchLabels:\n      app: ethtool-exporter',
      'matchLabels:\n      app: other',
      expect.stringContaining('expected app: other as in spec.selector'),
    ],
    [
      'a port that is none',
      DAEMON_SET,
      'hostPort: 9417',
      'hostPort: 94170',
      expect.stringContaining('expected a port from 1 to 65535'),
    ],
    [
      'a quantity without quotes',
      COLLECTOR,
      "cpu: '1'",
      'cpu: 1',
      expect.stringContaining('spec.resources.requests.cpu: got 1, expected a quantity'),
    ],
    [
      'one dollar sign',
      COLLECTOR,
      '$$1:9965',
      '$1:9965',
      expect.stringContaining('expected every dollar sign doubled'),
    ],
    [
      'a target allocator for a deployment',
      COLLECTOR,
      'mode: statefulset',
      'mode: deployment',
      'spec.mode: got "deployment", expected statefulset with a target allocator',
    ],
    [
      'an unknown mode',
      COLLECTOR,
      'mode: statefulset',
      'mode: statefulsets',
      expect.stringContaining('one of daemonset, deployment, sidecar, statefulset; did you mean statefulset?'),
    ],
    [
      'minDomains beside a wish',
      DEPLOYMENT,
      'whenUnsatisfiable: DoNotSchedule',
      'whenUnsatisfiable: ScheduleAnyway',
      'spec.template.spec.topologySpreadConstraints.1.whenUnsatisfiable: got "ScheduleAnyway", expected DoNotSchedule with minDomains',
    ],
    [
      'an order that no tool knows',
      DEPLOYMENT,
      '$patch: delete',
      '$patch: remove',
      expect.stringMatching(
        /^spec\.template\.spec\.topologySpreadConstraints\.0\.\$patch: got "remove", expected one of delete/,
      ),
    ],
    ['no skew', DEPLOYMENT, 'maxSkew: 1', 'maxSkew: 0', expect.stringContaining('expected a whole number from 1')],
    [
      'a distribution that does not exist',
      SERVICE,
      'PreferSameZone',
      'PreferZone',
      expect.stringContaining('one of PreferSameZone, PreferSameNode, PreferClose'),
    ],
    [
      'record and alert in one rule',
      RULES,
      '- record:',
      '- alert: x\n          record:',
      expect.stringContaining('expected exactly one of record and alert'),
    ],
    [
      'two groups of one name',
      RULES,
      /- name: azimuth-ena-allowances[^]*$/,
      (text: string) => `${text}${text.replace(/^/, '    ')}`,
      expect.stringContaining('twice, expected each name once'),
    ],
  ] as const)('%s', (_name, path, from, to, message) => {
    const found = after(path, (text) =>
      typeof to === 'string' ? text.replace(from, () => to) : text.replace(from, to),
    );
    expect(found).toContainEqual(message);
  });

  test('a dashboard that is not JSON', () => {
    expect(after(CONFIG_MAP, (text) => text.replace('    {', '    {{'))).toEqual([
      expect.stringMatching(/^data\["zone-traffic\.json"\]: not JSON/),
    ]);
  });

  test('a uid of more than 40 characters', () => {
    const found = after(CONFIG_MAP, (text) => text.replace('"uid": "zone-traffic"', `"uid": "${'z'.repeat(41)}"`));
    expect(found).toEqual([
      expect.stringMatching(/^data\["zone-traffic\.json"\] > uid: got "z+", expected a uid: up to 40/),
    ]);
  });

  test('a ConfigMap of more than 1 MiB', () => {
    const found = after(CONFIG_MAP, (text) => `${text}  more: ${'x'.repeat(1_048_577)}\n`);
    expect(found).toEqual([
      expect.stringMatching(/^got 1,[0-9,]+ bytes, expected at most 1,048,576 bytes for the data of a ConfigMap$/),
    ]);
  });

  test('annotations of more than 262,144 bytes together', () => {
    const large = (size: number) => `metadata:\n  annotations:\n    a: ${'x'.repeat(size - 1)}\n`;
    expect(after(DAEMON_SET, (text) => text.replace('metadata:\n', large(262_144)))).toEqual([]);
    expect(after(DAEMON_SET, (text) => text.replace('metadata:\n', large(262_145)))).toEqual([
      'got 262,145 bytes, expected at most 262,144 bytes for all annotations together',
    ]);
  });
});

describe("Alertmanager's configuration inside AMP's", () => {
  test('route and receivers on different depths', () => {
    const misplaced =
      'alertmanager_config: |\n      route:\n         receiver: d\n       receivers:\n       - name: d\n';
    const found = after(DEFINITION, (text) =>
      text.replace(/configuration: \|[^]*$/, () => `configuration: |\n    ${misplaced}`),
    );
    expect(found).toEqual([expect.stringMatching(/^spec\.configuration > alertmanager_config: not YAML/)]);
  });

  test.each([
    [
      'a route to nobody',
      'receiver: critical',
      'receiver: nobody',
      /> route: got the receiver "nobody", expected one of others, critical/,
    ],
    ['no region', 'region: ap-northeast-2', 'role_arn: x', /sigv4\.region: got nothing/],
    ['a property that AMP does not take', 'subject:', 'api_url:', /api_url: unknown key/],
  ])('%s', (_name, from, to, message) => {
    expect(after(DEFINITION, (text) => text.replace(from, to)).join('\n')).toMatch(message);
  });
});

describe('the build', () => {
  const broken = (change: (artifact: Artifact) => Artifact) => () => {
    verify(everything.bundle, everything.artifacts.map(change), KINDS);
  };

  test('accepts what it makes', () => {
    expect(broken((artifact) => artifact)).not.toThrow();
    expect(() => build(completeConfig('x', EVERYTHING, catalogue), catalogue, [])).not.toThrow();
  });

  test('names every problem of every artifact at once', () => {
    const run = broken((artifact) => ({
      ...artifact,
      text: artifact.text.replace('kind: PodMonitor', 'kind: PodMonitors'),
    }));
    expect(run).toThrow(ProblemError);
    const monitors = everything.artifacts.filter(({ text }) => text.includes('kind: PodMonitor\n'));
    expect(run).toThrow(`generated artifacts: ${monitors.length} problems`);
    expect(run).toThrow('manifests/monitors/retina-pods.yaml kind: got "monitoring.coreos.com/v1 PodMonitors"');
  });

  test.each([
    [DAEMON_SET, 'a: 1\n', 'kind: got "undefined undefined"'],
    [DAEMON_SET, '- 1\n', 'got [1], expected a Kubernetes object'],
    [DAEMON_SET, 'a: [\n', 'not YAML'],
    ['dashboards/git-sync/zone-traffic.json', '{', 'not JSON'],
    ['dashboards/grafana/zone-traffic.json', '{', 'not JSON'],
    ['rules/prometheus/ena-allowances.rules.yaml', 'groups: []\n', 'groups: got [], must not be empty'],
    [
      'manifests/kube-burner/alerts.yaml',
      '- { expr: a, description: b, severity: warn }\n',
      'expected one of info, warning',
    ],
    [
      'manifests/kube-burner/metrics.yaml',
      '- { query: "a[{{.elapse}}]", metricName: b }\n',
      '0.query: got "a[{{.elapse}}]", expected only placeholders',
    ],
    ['manifests/kube-burner/run-delete.yaml', 'jobs: []\n', 'jobs: got [], must not be empty'],
    ['manifests/kube-burner/run-fill-node.yaml', 'global: { gcs: true }\n', 'global.gcs: unknown key'],
    ['manifests/kube-burner/deployment.yaml', 'kind: Deploymint\n', 'kind: got "Deploymint"'],
    ['helm-values/kube-prometheus-stack.yaml', 'enabled: yes\n', 'line 1: got "yes" without quotes'],
  ])('%s with %j is refused', (path, text, message) => {
    expect(problemsIn(withText(path, text)).join('\n')).toContain(message);
  });

  test('measures a file by the sizes that its output states', () => {
    const sizes = [
      { of: 'a box', size: 2000, max: 1999 },
      { of: 'a bag', size: 1, max: 1 },
    ];
    expect(problemsIn({ ...withText(DAEMON_SET, everything.file(DAEMON_SET)), sizes })).toEqual([
      'got 2,000 bytes, expected at most 1,999 bytes for a box',
    ]);
  });
});
