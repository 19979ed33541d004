import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';

type Json = Readonly<Record<string, unknown>>;

const PATH = 'helm-values/kube-prometheus-stack.yaml';

const stack = (given: object): Json => load(generate(given).file(PATH)) as Json;

const jobsOf = (values: Json): readonly Json[] => {
  const { prometheusSpec } = (values['prometheus'] ?? { prometheusSpec: {} }) as { prometheusSpec: Json };
  return (prometheusSpec['additionalScrapeConfigs'] ?? []) as readonly Json[];
};

const pathsOf = (given: object): readonly string[] => generate(given).artifacts.map(({ path }) => path);

const EVERY = {
  adot: {
    enabled: true,
    endpoint: 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write',
    region: 'eu-west-1',
  },
};

/** The labels that steps set, with where they come from. */
const targets = (steps: readonly Json[], [from, to]: readonly [string, string]) =>
  Object.fromEntries(
    steps.flatMap((step) => (step[to] === undefined ? [] : [[step[to], step[from] ?? step['replacement']]])),
  );

const LABELS = {
  node: ['__meta_kubernetes_pod_node_name'],
  instance: ['__meta_kubernetes_pod_name'],
  cluster: 'production',
};

describe('CoreDNS', () => {
  test("is scraped by the chart's monitor by default, with the node, the pod and the cluster, and by no job beside it", () => {
    const values = stack({});
    const { enabled, serviceMonitor } = values['coreDns'] as { enabled: boolean; serviceMonitor: Json };
    expect(enabled).toBe(true);
    expect(serviceMonitor['interval']).toBe('30s');
    expect(targets(serviceMonitor['relabelings'] as Json[], ['sourceLabels', 'targetLabel'])).toEqual(LABELS);
    expect(jobsOf(values).map((job) => job['job_name'])).not.toContain('coredns');
  });

  test('as a job: the pods of the EKS add-on at their declared port, and the monitor is off', () => {
    const values = stack({ coreDns: { scrape: 'job', app: 'dns' } });
    expect(values['coreDns']).toEqual({ enabled: false });
    const job = jobsOf(values).find(({ job_name: name }) => name === 'coredns');
    expect(job?.['kubernetes_sd_configs']).toEqual([
      { role: 'pod', namespaces: { names: ['kube-system'] }, selectors: [{ role: 'pod', label: 'k8s-app=dns' }] },
    ]);
    const steps = job?.['relabel_configs'] as Json[];
    expect(targets(steps, ['source_labels', 'target_label'])).toEqual(LABELS);
    expect(steps.filter(({ action }) => action === 'keep')).toEqual([
      { source_labels: ['__meta_kubernetes_pod_container_port_number'], regex: '9153', action: 'keep' },
    ]);
  });

  test.each([
    ['with the chart, its monitor scrapes, not a PodMonitor', {}, false],
    ['as a job, a PodMonitor', { coreDns: { scrape: 'job' } }, true],
    ['without the chart, a PodMonitor', { targets: ['manifests', 'prometheus'] }, true],
  ])('with monitors, %s', (_name, given, isThere) => {
    const paths = pathsOf({ ...given, monitors: { enabled: true } });
    expect(paths.includes('manifests/monitors/coredns.yaml')).toBe(isThere);
  });

  test('a collector runs the job, whichever way Prometheus scrapes it', () => {
    const collector = (given: object) => generate({ ...EVERY, ...given }).file('manifests/adot-collector.yaml');
    expect(collector({})).toContain('job_name: coredns\n');
    expect(collector({ coreDns: { scrape: 'job' } })).toContain('job_name: coredns\n');
    expect(collector({ dns: { enabled: false } })).not.toContain('job_name: coredns\n');
  });

  test('with DNS off, nothing of it is written', () => {
    const built = generate({ dns: { enabled: false }, nodeLocalDns: { scrape: true } });
    expect(stack({ dns: { enabled: false } })).not.toHaveProperty('coreDns');
    expect(built.artifacts.map(({ path }) => path).filter((path) => path.includes('dns'))).toEqual([]);
    expect(built.bundle.skipped).toContainEqual({ kind: 'rules on DNS', reason: 'dns.enabled is false' });
    // The caches are scraped nevertheless, as they were before.
    expect(
      jobsOf(stack({ dns: { enabled: false }, nodeLocalDns: { scrape: true } })).map((job) => job['job_name']),
    ).toContain('node-local-dns');
  });
});

describe('who asks', () => {
  const hubble = (given: object, path: string): readonly string[] => {
    const values = load(generate(given).file(path)) as { hubble: { metrics: { enabled: readonly string[] } } };
    return values.hubble.metrics.enabled.filter((entry) => entry.split(':')[0] === 'dns');
  };
  const NAMED = 'dns:labelsContext=source_pod,source_namespace,destination_pod,destination_namespace,traffic_direction';

  test.each([
    ['retina-hubble', {}, 'helm-values/retina-hubble.yaml'],
    ['cilium-hubble', {}, 'helm-values/cilium.yaml'],
    ['cilium-hubble', { cilium: { values: 'full' } }, 'helm-values/cilium.yaml'],
  ])('%s %j: its values name the pods at both ends, and no names that are looked up', (source, given, path) => {
    expect(hubble({ ...given, flows: { source } }, path)).toEqual([NAMED]);
  });

  test("Cilium's Hubble block has no entry for it where no rule reads it", () => {
    const given = { flows: { source: 'cilium-hubble' } };
    expect(hubble({ ...given, dns: { clients: false } }, 'helm-values/cilium.yaml')).toEqual([]);
    expect(hubble({ ...given, dns: { enabled: false } }, 'helm-values/cilium.yaml')).toEqual([]);
  });

  test("Retina's standard mode counts it only if asked to, with the pods at both ends", () => {
    const options = (given: object) => {
      const text = generate({ flows: { source: 'retina-standard' }, ...given }).file(
        'manifests/metrics-configuration.yaml',
      );
      return (load(text) as { spec: { contextOptions: readonly Json[] } }).spec.contextOptions.filter(
        ({ metricName }) => String(metricName).startsWith('dns_'),
      );
    };
    expect(options({})).toEqual([]);
    expect(options({ dns: { names: true, clients: false } })).toEqual([]);
    const ends = { sourceLabels: ['namespace', 'podname'], destinationLabels: ['namespace', 'podname'], ttl: '1h' };
    expect(options({ dns: { names: true } })).toEqual([
      { metricName: 'dns_request_count', ...ends },
      { metricName: 'dns_response_count', ...ends },
    ]);
  });
});
