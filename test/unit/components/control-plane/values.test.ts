import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate, type Generated } from '../../../support/generate.ts';

interface Job {
  readonly job_name: string;
  readonly scheme?: string;
  readonly metrics_path?: string;
  readonly kubernetes_sd_configs: readonly { readonly role: string }[];
  readonly metric_relabel_configs?: readonly { readonly regex: string; readonly action: string }[];
}

const stackOf = (generated: Generated) =>
  load(generated.file('helm-values/kube-prometheus-stack.yaml')) as Record<string, unknown> & {
    readonly prometheus?: {
      readonly prometheusSpec?: { readonly additionalScrapeConfigs: readonly Job[] };
      readonly additionalRulesForClusterRole?: unknown;
    };
  };
const jobsOf = (generated: Generated) => stackOf(generated).prometheus?.prometheusSpec?.additionalScrapeConfigs ?? [];
const OWN = ['kubeControllerManager', 'kubeScheduler', 'kubeEtcd'];

describe('values for kube-prometheus-stack', () => {
  test('on EKS, scheduler and controllers are read through the API server, and monitors that would find nothing are off', () => {
    const generated = generate({});
    const values = stackOf(generated);
    expect(OWN.map((key) => values[key])).toEqual([{ enabled: false }, { enabled: false }, { enabled: false }]);
    expect(values['kubeApiServer']).toEqual({
      serviceMonitor: { relabelings: [{ action: 'replace', targetLabel: 'cluster', replacement: 'production' }] },
    });
    const jobs = jobsOf(generated).filter(({ job_name: name }) => /^kube-(?:scheduler|controller-manager)$/.test(name));
    expect(jobs.map(({ metrics_path: path, scheme }) => [path, scheme])).toEqual([
      ['/apis/metrics.eks.amazonaws.com/v1/ksh/container/metrics', 'https'],
      ['/apis/metrics.eks.amazonaws.com/v1/kcm/container/metrics', 'https'],
    ]);
    expect(values.prometheus?.additionalRulesForClusterRole).toEqual([
      { apiGroups: ['metrics.eks.amazonaws.com'], resources: ['kcm/metrics', 'ksh/metrics'], verbs: ['get'] },
    ]);
  });

  test.each(['gcp', 'azure'])('on %s, nothing but the API server', (provider) => {
    const generated = generate({ cloud: { provider }, ...(provider === 'azure' && { zones: { valid: null } }) });
    expect(OWN.map((key) => stackOf(generated)[key])).toEqual([
      { enabled: false },
      { enabled: false },
      { enabled: false },
    ]);
    expect(jobsOf(generated).map(({ job_name: name }) => name)).not.toContain('kube-scheduler');
    expect(stackOf(generated).prometheus?.additionalRulesForClusterRole).toBeUndefined();
  });

  test.each([{ cloud: { provider: 'none' } }, { controlPlane: { managed: false } }])(
    'the monitors of a control plane of one’s own get the cluster label: %j',
    (given) => {
      const values = stackOf(generate(given));
      const labelled = {
        serviceMonitor: { relabelings: [{ action: 'replace', targetLabel: 'cluster', replacement: 'production' }] },
      };
      expect(['kubeApiServer', ...OWN].map((key) => values[key])).toEqual([labelled, labelled, labelled, labelled]);
    },
  );

  test('without records, everything is as the chart has it', () => {
    const values = stackOf(generate({ controlPlane: { enabled: false } }));
    expect(['kubeApiServer', ...OWN].filter((key) => key in values)).toEqual([]);
  });
});

describe('the collector', () => {
  const adot = {
    enabled: true,
    endpoint: 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write',
    region: 'eu-west-1',
  };
  const collector = (given: object) => {
    const generated = generate({ adot, ...given });
    const document = load(generated.file('manifests/adot-collector.yaml')) as {
      readonly spec: {
        readonly config: {
          readonly receivers: { readonly prometheus: { readonly config: { readonly scrape_configs: readonly Job[] } } };
        };
      };
    };
    const role = load(generated.file('manifests/adot-collector-role.yaml')) as { readonly rules: readonly object[] };
    return { jobs: document.spec.config.receivers.prometheus.config.scrape_configs, rules: role.rules };
  };
  const names = (jobs: readonly Job[]) => jobs.map(({ job_name: name }) => name);

  test('scrapes API servers and kubelets, on EKS scheduler and controllers too, and may', () => {
    const { jobs, rules } = collector({});
    expect(names(jobs)).toEqual(
      expect.arrayContaining(['apiserver', 'kubelet-pods', 'kube-scheduler', 'kube-controller-manager']),
    );
    expect(names(jobs)).not.toContain('kube-etcd');
    expect(rules).toEqual(
      expect.arrayContaining([
        { apiGroups: [''], resources: ['pods', 'nodes', 'services', 'endpoints'], verbs: ['get', 'list', 'watch'] },
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
        { apiGroups: ['metrics.eks.amazonaws.com'], resources: ['kcm/metrics', 'ksh/metrics'], verbs: ['get'] },
      ]),
    );
  });

  test('scrapes a control plane of one’s own by the labels of its static pods', () => {
    const { jobs, rules } = collector({ controlPlane: { managed: false } });
    expect(names(jobs)).toEqual(
      expect.arrayContaining(['apiserver', 'kube-scheduler', 'kube-controller-manager', 'kube-etcd']),
    );
    expect(jobs.find(({ job_name: name }) => name === 'kube-etcd')?.scheme).toBeUndefined();
    expect(jobs.find(({ job_name: name }) => name === 'kube-scheduler')?.scheme).toBe('https');
    expect(JSON.stringify(rules)).not.toContain('metrics.eks');
  });

  test('stores of the API server what the rules read, without the buckets that the chart drops too', () => {
    const { jobs } = collector({});
    const [kept, dropped] = jobs.find(({ job_name: name }) => name === 'apiserver')?.metric_relabel_configs ?? [];
    const isKept = (name: string) => new RegExp(`^(?:${kept?.regex ?? ''})$`).test(name);
    expect(
      [
        'apiserver_request_total',
        'apiserver_request_sli_duration_seconds_bucket',
        'etcd_request_duration_seconds_count',
      ].filter((name) => !isKept(name)),
    ).toEqual([]);
    expect(
      ['apiserver_request_duration_seconds_bucket', 'scheduler_pending_pods', 'go_goroutines'].filter(isKept),
    ).toEqual([]);
    const regex = new RegExp(`^(?:${(dropped?.regex ?? '').replaceAll('$$', '$')})$`);
    const isDropped = (le: string) => regex.test(`apiserver_request_sli_duration_seconds_bucket;${le}`);
    expect(['0.05', '0.1', '1', '1.0', '5', '30', '30.0', '60', '+Inf'].filter(isDropped)).toEqual([]);
    expect(['0.2', '0.8', '2', '2.0', '45'].filter((le) => !isDropped(le))).toEqual([]);
  });
});

describe('patches for kubeadm and kind', () => {
  const files = (given: object) =>
    generate(given)
      .artifacts.map(({ path }) => path)
      .filter((path) => path.includes('control-plane/'));
  const OF_KUBEADM = [
    'manifests/control-plane/kind.yaml',
    'manifests/control-plane/kube-proxy.yaml',
    'manifests/control-plane/kubeadm.yaml',
  ];

  test('are written only where nobody else runs the control plane', () => {
    expect(files({})).toEqual([]);
    expect(files({ cloud: { provider: 'none' } }).toSorted()).toEqual(OF_KUBEADM);
    expect(files({ cloud: { provider: 'none' }, controlPlane: { managed: true } })).toEqual([]);
  });

  test.each([
    ['1.30', 'kubeadm.k8s.io/v1beta3', { 'bind-address': '0.0.0.0' }],
    ['1.31', 'kubeadm.k8s.io/v1beta4', [{ name: 'bind-address', value: '0.0.0.0' }]],
  ])('are in the format of Kubernetes %s', (version, apiVersion, extraArgs) => {
    const generated = generate({ controlPlane: { managed: false }, kubernetes: { version } });
    expect(load(generated.file('manifests/control-plane/kubeadm.yaml'))).toMatchObject({
      apiVersion,
      kind: 'ClusterConfiguration',
      scheduler: { extraArgs },
      controllerManager: { extraArgs },
    });
  });

  test('kind gets them as the patches that its version of kubeadm reads', () => {
    const patchesOf = (version: string) =>
      (
        load(
          generate({ controlPlane: { managed: false }, kubernetes: { version } }).file(
            'manifests/control-plane/kind.yaml',
          ),
        ) as { readonly kubeadmConfigPatches: readonly string[] }
      ).kubeadmConfigPatches.map((patch) => load(patch));
    expect(patchesOf('1.33')).toEqual([
      {
        kind: 'ClusterConfiguration',
        controllerManager: { extraArgs: { 'bind-address': '0.0.0.0' } },
        scheduler: { extraArgs: { 'bind-address': '0.0.0.0' } },
        etcd: { local: { extraArgs: { 'listen-metrics-urls': 'http://0.0.0.0:2381' } } },
      },
      { kind: 'KubeProxyConfiguration', metricsBindAddress: '0.0.0.0:10249' },
    ]);
    expect(patchesOf('1.36')[0]).toMatchObject({
      scheduler: { extraArgs: [{ name: 'bind-address', value: '0.0.0.0' }] },
    });
  });
});

test('an operator without the chart gets ServiceMonitors, and is told what it cannot have', () => {
  const generated = generate({
    targets: ['prometheus-operator', 'manifests'],
    monitors: { enabled: true },
    controlPlane: { managed: false },
  });
  expect(load(generated.file('manifests/monitors/apiserver.yaml'))).toMatchObject({
    kind: 'ServiceMonitor',
    spec: { endpoints: [{ port: 'https', tlsConfig: { serverName: 'kubernetes' } }] },
  });
  expect(generated.file('manifests/monitors/kubelet.yaml')).toContain('path: /metrics\n');
  expect(generated.bundle.skipped.map(({ kind }) => kind)).toContain('monitors of scheduler, controllers and etcd');
});
