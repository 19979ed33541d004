import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { promtool } from '../../../../bench/process/prometheus.ts';
import { EVERYTHING } from '../../../support/everything.ts';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { inTempDir } from '../../../support/temp-dir.ts';
import { scrapeJobs, type ScrapeJob } from '../../../support/values.ts';

jest.setTimeout(60_000);

const ENDPOINT = EVERYTHING.adot.endpoint;
const ADOT = { enabled: true, region: 'ap-northeast-2', endpoint: ENDPOINT };

interface Collector {
  readonly spec: {
    readonly mode: string;
    readonly replicas: number;
    readonly serviceAccount: string;
    readonly targetAllocator?: object;
    readonly config: {
      readonly extensions: { readonly sigv4auth: object };
      readonly receivers: {
        readonly prometheus: { readonly config: { readonly scrape_configs: readonly ScrapeJob[] } };
      };
      readonly exporters: { readonly prometheusremotewrite: object };
    };
  };
}

const collector = (given: object = {}): Collector =>
  load(
    generate({ adot: ADOT, targets: ['manifests', 'helm-values'], ...given }).file('manifests/adot-collector.yaml'),
  ) as Collector;

/** The configuration after the collector expanded variables. @throws Error for a variable: none is set. */
function expanded(config: unknown): unknown {
  return JSON.parse(
    JSON.stringify(config).replaceAll(/\$(\$|\{|[A-Za-z_0-9])/g, (whole, next: string) => {
      if (next === '$') return '$';
      throw new Error(`the collector would look for a variable at ${whole}`);
    }),
  );
}

const jobsOf = ({ spec }: Collector): readonly ScrapeJob[] =>
  expanded(spec.config.receivers.prometheus.config.scrape_configs) as readonly ScrapeJob[];

describe('the collector scrapes what Prometheus would', () => {
  test.each([['retina-hubble'], ['retina-standard'], ['cilium-hubble'], [['retina-hubble', 'obi']], ['kubezonnet']])(
    '%j, and what the monitors of the chart scrape: kubelets, API servers, kube-state-metrics and CoreDNS',
    (source) => {
      const given = { flows: { source }, cluster: { name: '$1 {{ x }} ${HOME}' } };
      const [ours, others] = [jobsOf(collector(given)), scrapeJobs(given)];
      expect(ours.slice(0, others.length)).toEqual(others);
      // Those that a ServiceMonitor covers for Prometheus.
      expect(ours.slice(others.length)).toMatchObject([
        { job_name: 'coredns' },
        { job_name: 'kubelet', honor_labels: true },
        { job_name: 'kubelet-pods' },
        { job_name: 'apiserver' },
        { job_name: 'kube-state-metrics', honor_labels: true },
      ]);
    },
  );

  test('without flows, kubelets and kube-state-metrics for the resources of workloads; neither without those', () => {
    const names = (given: object) =>
      jobsOf(collector({ flows: { source: 'none' }, ...given })).map(({ job_name: name }) => name);
    const controlPlane = { enabled: false };
    expect(names({ controlPlane })).toEqual(['ethtool-exporter', 'coredns', 'kubelet', 'kube-state-metrics']);
    expect(names({ controlPlane, workloads: { resources: false } })).toEqual(['ethtool-exporter', 'coredns']);
  });

  test('kubelets, which are nodes: by the token of the collector, and only what the rules read', () => {
    const kubelet = jobsOf(collector()).find(({ job_name: name }) => name === 'kubelet') as unknown as {
      readonly metric_relabel_configs: readonly { readonly regex: string }[];
    };
    expect(kubelet).toMatchObject({
      scheme: 'https',
      metrics_path: '/metrics/cadvisor',
      track_timestamps_staleness: true,
      authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
      kubernetes_sd_configs: [{ role: 'node' }],
      relabel_configs: expect.arrayContaining([{ target_label: 'cluster', replacement: 'production' }]),
    });
    const read = generate()
      .bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
      .flatMap(({ expr }) => expr.text.match(/(?<!:)\bcontainer_\w+(?=[{[])/g) ?? []);
    expect(kubelet.metric_relabel_configs[0]?.regex.split('|').toSorted()).toEqual([...new Set(read)].toSorted());
  });

  test('the role allows to find nodes and to read kubelets only where they are scraped', () => {
    const rulesOf = (given: object) =>
      (
        load(generate({ adot: ADOT, ...given }).file('manifests/adot-collector-role.yaml')) as {
          readonly rules: readonly unknown[];
        }
      ).rules;
    const find = (resources: readonly string[]) => ({ apiGroups: [''], resources, verbs: ['get', 'list', 'watch'] });
    const controlPlane = { enabled: false };
    expect(rulesOf({ controlPlane })).toEqual([
      find(['pods', 'nodes']),
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ]);
    expect(rulesOf({ controlPlane, workloads: { resources: false } })).toEqual([find(['pods'])]);
  });

  test('node_exporter once, even if it has a ServiceMonitor', () => {
    const exporter = { ethtool: { exporter: 'node-exporter' } };
    const asJob = jobsOf(collector({ ...exporter, nodeExporter: { scrape: 'job' } }));
    const monitored = jobsOf(collector({ ...exporter, nodeExporter: { scrape: 'monitor' } }));
    const found = asJob.filter(({ job_name: name }) => name === 'ethtool-node-exporter');
    expect(found).toHaveLength(1);
    expect(monitored.filter(({ job_name: name }) => name === 'ethtool-node-exporter')).toEqual(found);
    expect(jobsOf(collector()).map(({ job_name: name }) => name)).not.toContain('ethtool-node-exporter');
  });

  test('kube-state-metrics once, even if Prometheus has a job for it', () => {
    const given = { kubeStateMetrics: { standalone: true, scrape: 'job' } };
    const names = jobsOf(collector(given)).map(({ job_name: name }) => name);
    expect(names.filter((name) => name === 'kube-state-metrics')).toHaveLength(1);
  });

  test('each job of agents sets the node label', () => {
    for (const { job_name: job, relabel_configs: steps } of jobsOf(collector()).filter(
      ({ job_name: name }) =>
        ![
          'kube-state-metrics',
          'kubelet',
          'kubelet-pods',
          'apiserver',
          'kube-scheduler',
          'kube-controller-manager',
        ].includes(name),
    )) {
      expect([job, steps]).toEqual([
        job,
        expect.arrayContaining([{ source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' }]),
      ]);
    }
  });

  test.each([['retina-hubble'], ['netobserv'], ['kubezonnet']])('Prometheus accepts the jobs of %s', async (source) => {
    await inTempDir(async (dir) => {
      // Debian's promtool is built without the discovery of pods: static targets replace it.
      const jobs = jobsOf(collector({ flows: { source } })).map((job) => ({
        ...job,
        kubernetes_sd_configs: undefined,
        // Since Prometheus 2.48; the files of its service account are not here, hence the syntax only.
        track_timestamps_staleness: undefined,
        static_configs: [{ targets: ['127.0.0.1:1'] }],
      }));
      await writeFile(join(dir, 'prometheus.yaml'), dump({ scrape_configs: jobs }, { skipInvalid: true }));
      const { code, stdout, stderr } = await promtool(['check', 'config', '--syntax-only', 'prometheus.yaml'], {
        cwd: dir,
      });
      expect({ code, output: stdout + stderr }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
    });
  });
});

describe('the workspace', () => {
  test('gets requests signed for its region, by default cloud.region', () => {
    expect(collector().spec.config).toMatchObject({
      extensions: { sigv4auth: { region: 'ap-northeast-2', service: 'aps' } },
      exporters: { prometheusremotewrite: { endpoint: ENDPOINT, auth: { authenticator: 'sigv4auth' } } },
    });
    const given = { adot: { enabled: true, endpoint: ENDPOINT }, cloud: { region: 'ap-northeast-2' } };
    expect(collector(given).spec.config.extensions).toEqual(collector().spec.config.extensions);
  });

  test('gets metric names as they were scraped', () => {
    expect(collector().spec.config.exporters.prometheusremotewrite).toMatchObject({
      add_metric_suffixes: false,
      target_info: { enabled: false },
    });
  });
});

test('the binding gives the role to the service account of the collector', () => {
  const generated = generate({ adot: { ...ADOT, namespace: 'aws', serviceAccount: 'writer' } });
  const { roleRef, subjects } = load(generated.file('manifests/adot-collector-role-binding.yaml')) as {
    roleRef: { name: string };
    subjects: unknown;
  };
  expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'writer', namespace: 'aws' }]);
  expect(load(generated.file('manifests/adot-collector-role.yaml'))).toMatchObject({
    metadata: { name: roleRef.name },
  });
});

describe('what is refused', () => {
  test.each([
    [
      'no workspace',
      { enabled: true, region: 'ap-northeast-2' },
      /^adot\.endpoint: got "", expected the remote write URL/,
    ],
    ['no region', { enabled: true, endpoint: ENDPOINT }, /^adot\.region: got "", expected the AWS region/],
    [
      'the query URL',
      { ...ADOT, endpoint: ENDPOINT.replace('remote_write', 'query') },
      /^adot\.endpoint: .* expected the remote write URL/,
    ],
    [
      'plain HTTP',
      { ...ADOT, endpoint: ENDPOINT.replace('https', 'http') },
      /^adot\.endpoint: .* expected the remote write URL/,
    ],
    [
      'another region',
      { ...ADOT, region: 'us-east-1' },
      /^adot\.endpoint: got .*, expected a workspace in us-east-1, the region that requests are signed for$/,
    ],
    [
      'a target allocator for a deployment',
      { ...ADOT, targetAllocator: true },
      /^adot\.mode: got "deployment", expected statefulset/,
    ],
    [
      'replicas that all scrape everything',
      { ...ADOT, replicas: 2 },
      /^adot\.replicas: got 2, expected 1, or adot\.targetAllocator: true/,
    ],
    [
      'an image without a tag',
      { ...ADOT, image: 'amazon/aws-otel-collector' },
      /^adot\.image: got .*, expected an image with a tag/,
    ],
    [
      'the latest image',
      { ...ADOT, image: 'amazon/aws-otel-collector:latest' },
      /^adot\.image: got .*, expected an image with a tag other than latest/,
    ],
    [
      'a daemon set',
      { ...ADOT, mode: 'daemonset' },
      /^adot\.mode: got "daemonset", expected one of deployment, statefulset/,
    ],
  ])('%s', (_name, adot, message) => {
    expect(complaints({ adot })).toEqual([expect.stringMatching(message)]);
    expect(complaints({ adot: { ...adot, enabled: false } }).filter((line) => !/image|daemonset/.test(line))).toEqual(
      [],
    );
  });

  test('and what is accepted', () => {
    expect(complaints({ adot: { ...ADOT, mode: 'statefulset', targetAllocator: true, replicas: 3 } })).toEqual([]);
    expect(complaints({ adot: { ...ADOT, mode: 'statefulset' } })).toEqual([]);
    const proxy = { ...ADOT, endpoint: 'https://proxy.example.com/workspaces/ws-1/api/v1/remote_write' };
    expect(complaints({ adot: proxy })).toEqual([]);
  });
});
