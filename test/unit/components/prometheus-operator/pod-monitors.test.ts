import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate, type Generated } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { relabel, type RelabelConfig } from '../../../support/relabel.ts';
import { podJobs, stackValues, type ScrapeJob } from '../../../support/values.ts';

interface Relabeling {
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
  readonly action?: string;
  readonly regex?: string;
  readonly replacement?: string;
  readonly separator?: string;
}

interface PodMonitor {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly namespaceSelector: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly [
      { readonly interval: string; readonly honorLabels?: boolean; readonly relabelings: readonly Relabeling[] },
    ];
  };
}

const SOURCES = [
  'retina-hubble',
  'retina-standard',
  'cilium-hubble',
  'obi',
  'beyla',
  'netobserv',
  'kubezonnet',
  'none',
];

const built = new Map<string, Generated>();

/** Files with monitors, generated once per configuration, as many tests need the same. */
function on(given: object): Generated {
  const key = JSON.stringify(given);
  const found = built.get(key) ?? generate({ ...given, monitors: { enabled: true }, targets: ['manifests'] });
  built.set(key, found);
  return found;
}

const monitor = (given: object, job: string) => load(on(given).file(`manifests/monitors/${job}.yaml`)) as PodMonitor;

/** Steps that the operator adds before the relabelling of a PodMonitor. Upstream: prometheus-operator, generatePodMonitorConfig. */
const OPERATORS: readonly RelabelConfig[] = [
  { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
  { source_labels: ['__meta_kubernetes_pod_container_name'], target_label: 'container' },
  { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
  { target_label: 'job', replacement: 'monitoring/azimuth' },
];

/** The labels of a target under a PodMonitor. Dropped labels are set to empty, which is the same to Prometheus. */
function ofMonitor({ spec }: PodMonitor, target: Readonly<Record<string, string>>) {
  const [{ relabelings }] = spec.podMetricsEndpoints;
  const steps = relabelings.flatMap(({ sourceLabels, targetLabel, ...step }): RelabelConfig[] =>
    step.action === 'labeldrop'
      ? (step.regex ?? '').split('|').map((label) => ({ target_label: label, regex: '(.*)', replacement: '' }))
      : [
          {
            ...step,
            ...(sourceLabels !== undefined && { source_labels: sourceLabels }),
            ...(targetLabel !== undefined && { target_label: targetLabel }),
          },
        ],
  );
  return relabel([...OPERATORS, ...steps], target);
}

/** The labels of a target under a scrape job, which Prometheus names by the job. */
const ofJob = ({ job_name: job, relabel_configs: steps }: ScrapeJob, target: Readonly<Record<string, string>>) =>
  relabel(steps, { ...target, job });

const META = '__meta_kubernetes_';

/** Containers and ports that any of the jobs keeps, and some that none does. */
const CONTAINERS = 'retina retinawin retina-agent-init cilium-agent cilium-operator cilium-envoy other'.split(' ');
const TARGETS = CONTAINERS.flatMap((container) =>
  ['9090', '9401', '8080', '9153', '9253', '1'].map((port) => ({
    __address__: `10.0.0.1:${port}`,
    [`${META}namespace`]: 'shop',
    [`${META}pod_name`]: 'pod-1',
    [`${META}pod_node_name`]: 'ip-10-0-0-1',
    [`${META}pod_container_name`]: container,
    [`${META}pod_container_port_number`]: port,
    [`${META}pod_annotation_prometheus_io_port`]: '10093',
  })),
);

describe.each(SOURCES)('with the source %s', (source) => {
  const given = {
    flows: { source },
    nodeLocalDns: { scrape: true },
    coreDns: { scrape: 'job' },
    cluster: { name: 'a$1b {{ c }}' },
  };
  const jobs = podJobs(given);

  test('each scrape job has a PodMonitor, and there are no others', () => {
    const monitors = on(given).artifacts.flatMap(
      ({ path }) => /^manifests\/monitors\/(.*)\.yaml$/.exec(path)?.[1] ?? [],
    );
    // Kubelets and the control plane are no pods: they have ServiceMonitors.
    const services = ['kubelet', 'apiserver', 'kube-scheduler', 'kube-controller-manager'];
    expect(monitors.toSorted()).toEqual([...jobs.map(({ job_name: name }) => name), ...services].toSorted());
  });

  test.each(jobs.map((job) => [job.job_name, job] as const))(
    '%s finds the same pods and gives the same labels',
    (name, job) => {
      const found = monitor(given, name);
      const [endpoint] = found.spec.podMetricsEndpoints;
      expect(endpoint.interval).toBe(job.scrape_interval);
      expect(endpoint.honorLabels).toBe((job as { honor_labels?: boolean }).honor_labels);
      const names = found.spec.namespaceSelector.matchNames;
      const label = Object.entries(found.spec.selector.matchLabels)
        .map((pair) => pair.join('='))
        .join(',');
      expect(job.kubernetes_sd_configs).toEqual([
        { role: 'pod', ...(names === undefined ? {} : { namespaces: { names } }), selectors: [{ role: 'pod', label }] },
      ]);
      expect(found.spec.namespaceSelector).toEqual(names === undefined ? { any: true } : { matchNames: names });
      expect(TARGETS.map((target) => ofMonitor(found, target))).toEqual(TARGETS.map((target) => ofJob(job, target)));
      expect(TARGETS.some((target) => ofMonitor(found, target) !== undefined)).toBe(true);
    },
  );
});

describe('nothing is scraped twice', () => {
  test('without monitors there are jobs and no PodMonitor', () => {
    expect(generate().artifacts.filter(({ path }) => path.startsWith('manifests/'))).toEqual([]);
    expect(podJobs().length).toBeGreaterThan(0);
  });

  test('with monitors the values have no jobs, and no empty list, which would replace one of yours', () => {
    expect(stackValues()).toHaveProperty('prometheus.prometheusSpec.additionalScrapeConfigs');
    expect(stackValues({ monitors: { enabled: true } })).not.toHaveProperty('prometheus');
  });

  test('where the manifests are not written, monitors are refused: nothing would be scraped at all', () => {
    expect(complaints({ monitors: { enabled: true }, targets: ['kube-prometheus-stack'] })).toEqual([
      'targets: got ["kube-prometheus-stack"], expected manifests among them, as monitors.enabled asks for some',
    ]);
  });
});

test('namespace and labels are those of the configuration', () => {
  expect(monitor({}, 'retina-pods').metadata).toEqual({
    name: 'azimuth-retina-pods',
    namespace: 'monitoring',
    labels: { release: 'kube-prometheus-stack' },
  });
  const given = { monitors: { enabled: true, namespace: 'observe', labels: { team: 'net' } } };
  expect((load(generate(given).file('manifests/monitors/retina-pods.yaml')) as PodMonitor).metadata).toMatchObject({
    namespace: 'observe',
    labels: { team: 'net' },
  });
});

test('NodeLocal DNSCache: the port that is declared, and that of setup errors', () => {
  const address = (job: string) =>
    TARGETS.flatMap(
      (target) => ofMonitor(monitor({ nodeLocalDns: { scrape: true } }, job), target)?.['__address__'] ?? [],
    );
  expect(new Set(address('node-local-dns'))).toEqual(new Set(['10.0.0.1:9253']));
  expect(new Set(address('node-local-dns-setup'))).toEqual(new Set(['10.0.0.1:9353']));
});
