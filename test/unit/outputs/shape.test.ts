import { describe, expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import { EXPORTERS, FLOW_SOURCES, OUTPUTS } from '../../../generators/index.ts';
import { carriesMark, MARK } from '../../../generators/model/artifact.ts';
import { generate } from '../../support/generate.ts';
import { inFolder, objectsIn, packaged, SECRET, TOPIC, type KubernetesObject } from '../../support/packagings.ts';

jest.setTimeout(60_000);

const PART_OF = { 'app.kubernetes.io/part-of': 'azimuth' };

const only = (given: object, folder: string, name: string): KubernetesObject => {
  const found = objectsIn(packaged(given).artifacts, folder)[name];
  if (found === undefined) throw new Error(`no ${name} in ${folder}`);
  return found;
};

/** The object with the given field of its spec cut out, as other tests look at it. */
const without = ({ spec, ...rest }: KubernetesObject, field: string) => {
  expect(spec).toHaveProperty(field);
  return { ...rest, spec: Object.fromEntries(Object.entries(spec).filter(([key]) => key !== field)) };
};

// Written down from the structural schema of each kind; toEqual leaves no place for unknown keys.
describe('objects have the keys of their kind and no others', () => {
  test('PrometheusRule', () => {
    const rule = only({}, 'rules/prometheus-operator', 'ena-allowances');
    expect(without(rule, 'groups')).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: {
        name: 'azimuth-ena-allowances',
        namespace: 'monitoring',
        labels: { ...PART_OF, release: 'kube-prometheus-stack' },
        annotations: { 'azimuth/version': '1' },
      },
      spec: {},
    });
    const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
    for (const { spec } of Object.values(objectsIn(packaged().artifacts, 'rules/prometheus-operator'))) {
      const groups = spec['groups'] as readonly { readonly rules: readonly Record<string, unknown>[] }[];
      for (const group of groups) {
        expect(Object.keys(group)).toEqual(['name', 'interval', 'rules']);
        for (const one of group.rules) {
          expect(RULE_KEYS).toEqual(expect.arrayContaining(Object.keys(one)));
          expect('record' in one).not.toBe('alert' in one);
        }
      }
    }
  });

  test('labels of PrometheusRule that are given replace the default', () => {
    const given = { prometheusOperator: { namespace: 'infra', labels: { prometheus: 'main' } } };
    expect(only(given, 'rules/prometheus-operator', 'ena-allowances').metadata).toMatchObject({
      namespace: 'infra',
      labels: { ...PART_OF, prometheus: 'main' },
    });
    expect(only(given, 'rules/prometheus-operator', 'ena-allowances').metadata.labels).not.toHaveProperty('release');
  });

  test.each([
    [{ workspaceId: 'ws-1' }, { workspaceID: 'ws-1' }],
    [{ workspace: { name: 'metrics' } }, { workspaceRef: { from: { name: 'metrics', namespace: 'monitoring' } } }],
    [
      { workspace: { name: 'metrics', namespace: 'aws' }, tags: { team: 'network' } },
      { workspaceRef: { from: { name: 'metrics', namespace: 'aws' } }, tags: { team: 'network' } },
    ],
  ])('RuleGroupsNamespace and AlertManagerDefinition of %j', (amp, spec) => {
    const given = { amp: { ...amp, alertmanager: { sns: { topicArn: TOPIC } } } };
    const metadata = {
      namespace: 'monitoring',
      labels: PART_OF,
      annotations: { 'azimuth/version': '1' },
    };
    expect(without(only(given, 'rules/amp', 'zone-traffic'), 'configuration')).toEqual({
      apiVersion: 'prometheusservice.services.k8s.aws/v1alpha1',
      kind: 'RuleGroupsNamespace',
      metadata: { name: 'azimuth-zone-traffic', ...metadata },
      spec: { name: 'azimuth-zone-traffic', ...spec },
    });
    // It has neither a name nor tags.
    const { tags: _tags, ...where } = spec as { tags?: unknown };
    expect(without(only(given, 'rules/amp', 'alertmanager-definition'), 'configuration')).toEqual({
      apiVersion: 'prometheusservice.services.k8s.aws/v1alpha1',
      kind: 'AlertManagerDefinition',
      metadata: { name: 'azimuth-alertmanager', ...metadata },
      spec: where,
    });
  });

  test('ConfigMap', () => {
    const { data, ...rest } = only({}, 'dashboards/configmaps', 'zone-traffic');
    expect(Object.keys(data ?? {})).toEqual(['zone-traffic.json']);
    expect(rest).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'azimuth-dashboard-zone-traffic',
        namespace: 'monitoring',
        labels: { ...PART_OF, grafana_dashboard: '1' },
      },
    });
    const sidecar = { namespace: 'g', label: 'dash', labelValue: 'yes', folder: 'Net work', folderAnnotation: 'x/dir' };
    expect(only({ grafana: { sidecar } }, 'dashboards/configmaps', 'zone-traffic').metadata).toEqual({
      name: 'azimuth-dashboard-zone-traffic',
      namespace: 'g',
      labels: { ...PART_OF, dash: 'yes' },
      annotations: { 'x/dir': 'Net work' },
    });
  });

  test('the sidecar of kube-prometheus-stack looks for what the ConfigMaps carry', () => {
    const dashboards = (sidecar: object): unknown => {
      const values = load(generate({ grafana: { sidecar } }).file('helm-values/kube-prometheus-stack.yaml'));
      return (values as { grafana: { sidecar: { dashboards: unknown } } }).grafana.sidecar.dashboards;
    };
    const always = { enabled: true, label: 'grafana_dashboard', labelValue: '1', searchNamespace: 'ALL' };
    expect(dashboards({})).toEqual(always);
    expect(dashboards({ label: 'dash', labelValue: 'yes' })).toEqual({ ...always, label: 'dash', labelValue: 'yes' });
    expect(dashboards({ folder: 'Network', folderAnnotation: 'x/dir' })).toEqual({
      ...always,
      folderAnnotation: 'x/dir',
      provider: { foldersFromFilesStructure: true },
    });
  });

  test.each([
    [{}, {}],
    [{ folder: 'Network' }, { folder: 'Network' }],
    [{ folderUID: 'abc' }, { folderUID: 'abc' }],
    [{ folderRef: 'network' }, { folderRef: 'network' }],
  ])('GrafanaDashboard with %j', (operator, folder) => {
    expect(without(only({ grafana: { operator } }, 'dashboards/grafana-operator', 'zone-traffic'), 'json')).toEqual({
      apiVersion: 'grafana.integreatly.org/v1beta1',
      kind: 'GrafanaDashboard',
      metadata: { name: 'azimuth-zone-traffic', namespace: 'monitoring', labels: PART_OF },
      spec: {
        instanceSelector: { matchLabels: { dashboards: 'grafana' } },
        allowCrossNamespaceImport: true,
        ...folder,
      },
    });
  });

  test.each([
    [12, null, 'v1beta1', {}],
    [13, null, 'v1', {}],
    [14, 'network', 'v1', { annotations: { 'grafana.app/folder': 'network' } }],
  ])('Dashboard of Grafana %d, folder %s', (version, folder, api, metadata) => {
    const { spec, ...rest } = only(
      { grafana: { version, gitSync: { folder } } },
      'dashboards/git-sync',
      'zone-traffic',
    );
    expect(spec['uid']).toBe('zone-traffic');
    expect(rest).toEqual({
      apiVersion: `dashboard.grafana.app/${api}`,
      kind: 'Dashboard',
      metadata: { name: 'zone-traffic', ...metadata },
    });
  });
});

const LONG = {
  amp: { workspaceId: 'ws-1', alertmanager: { sns: { topicArn: TOPIC }, pagerduty: { secretArn: SECRET } } },
  kubeBurner: { enabled: true },
};

test('every file carries our mark where the build looks for it', () => {
  const { artifacts } = packaged(LONG);
  expect(artifacts.filter(({ text }) => !carriesMark(text)).map(({ path }) => path)).toEqual([]);
  for (const text of Object.values(inFolder(artifacts, 'dashboards/git-sync'))) expect(text).toContain(MARK);
});

test('every file lies in the folder that its output states', () => {
  const { bundle, config } = packaged(LONG);
  for (const { id, folder, bind } of OUTPUTS) {
    const drafts = bind(config).emit(bundle);
    expect(drafts.length).toBeGreaterThan(0);
    expect([id, drafts.filter(({ path }) => !path.startsWith(`${folder}/`))]).toEqual([id, []]);
  }
});

test('every object says how it is applied, and has a name that Kubernetes takes', () => {
  const { artifacts } = packaged(LONG);
  const folders = ['rules/prometheus-operator', 'rules/amp', 'dashboards/configmaps', 'dashboards/grafana-operator'];
  for (const folder of folders) {
    for (const { path, text } of artifacts.filter((artifact) => artifact.path.startsWith(`${folder}/`))) {
      expect(text.replaceAll(' \\\n#   ', ' ')).toContain(`\n# kubectl apply --server-side --filename ${path}\n`);
      const { metadata } = load(text) as KubernetesObject;
      expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    }
  }
});

test('every command above values can be copied, whatever program it calls', () => {
  const givens = [
    ...EXPORTERS.map((exporter) => ({ flows: { source: 'none' }, ethtool: { exporter } })),
    ...FLOW_SOURCES.map((source) => ({ flows: { source }, ethtool: { exporter: 'none' } })),
  ];
  const programs = givens.flatMap((given) => {
    const generated = generate({ ...given, dns: { enabled: false }, targets: ['helm-values'] });
    return generated.bundle.helmValues.flatMap(({ chart, header }) => {
      // A sentence begins with a capital letter.
      const commands = header.split('\n').filter((line) => /^[a-z]/.test(line));
      const unbroken = generated.file(`helm-values/${chart}.yaml`).replaceAll(' \\\n#   ', ' ');
      for (const command of commands) expect(unbroken).toContain(`\n# ${command}\n`);
      return commands.map((command) => command.replace(/ .*/, ''));
    });
  });
  expect([...new Set(programs)].toSorted()).toEqual(['aws', 'helm', 'kubectl']);
});

test('none of them is among the default targets', () => {
  const folders = generate().artifacts.map(({ path }) => path.split('/').slice(0, -1).join('/'));
  expect([...new Set(folders)].toSorted()).toEqual(['', 'dashboards/grafana', 'helm-values', 'rules/prometheus']);
});
