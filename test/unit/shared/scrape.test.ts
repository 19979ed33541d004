import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { promtool } from '../../../bench/process/prometheus.ts';
import { relabel } from '../../support/relabel.ts';
import { inTempDir } from '../../support/temp-dir.ts';
import { podJobs, scrapeJobs, stackValues } from '../../support/values.ts';

jest.setTimeout(60_000);

describe('Prometheus accepts the scrape jobs', () => {
  test.each([
    ['by default', {}],
    ['without a cluster label', { cluster: { label: null } }],
    ['with a fast scrape', { scrape: { interval: '5s' } }],
    ['with an awkward cluster name', { cluster: { name: 'a "b" \\ # {{ c }} : é' } }],
    ['without flows', { flows: { source: 'none' } }],
    ['without allowances', { ethtool: { exporter: 'none' } }],
  ])('%s', async (_name, given) => {
    await inTempDir(async (dir) => {
      // Debian's promtool is built without the discovery of pods.
      const jobs = scrapeJobs(given).map(({ job_name: name, relabel_configs: configs, scrape_interval: interval }) => ({
        job_name: name,
        scrape_interval: interval,
        relabel_configs: configs,
      }));
      await writeFile(join(dir, 'prometheus.yaml'), dump({ scrape_configs: jobs }));
      const { code, stdout, stderr } = await promtool(['check', 'config', 'prometheus.yaml'], { cwd: dir });
      expect({ code, output: stdout + stderr }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
    });
  });
});

/** The discovery of pods with a label, in some namespaces or all. */
const pods = (label: string, ...names: readonly string[]) => ({
  role: 'pod',
  ...(names.length === 0 ? {} : { namespaces: { names } }),
  selectors: [{ role: 'pod', label }],
});

test('pods are found by their label, in the namespace of the agents', () => {
  const found = podJobs({ retina: { namespace: 'retina' }, ethtool: { app: 'ena' } });
  expect(found.map(({ job_name: name, kubernetes_sd_configs: configs }) => [name, configs])).toEqual([
    ['networkobservability-hubble', [pods('k8s-app=retina', 'retina')]],
    ['retina-pods', [pods('k8s-app=retina', 'retina')]],
    ['ethtool-exporter', [pods('app=ena')]],
  ]);
});

const pod = { __meta_kubernetes_pod_node_name: 'ip-10-0-0-1', __meta_kubernetes_pod_container_name: 'retina' };

const relabelled = (job: string, target: Readonly<Record<string, string>>, given: object = {}) => {
  const found = scrapeJobs(given).find(({ job_name: name }) => name === job);
  if (found === undefined) throw new Error(`no job ${job}`);
  return relabel(found.relabel_configs, { ...pod, ...target });
};

describe('the address that is scraped', () => {
  const annotation = '__meta_kubernetes_pod_annotation_prometheus_io_port';

  test.each([
    ['networkobservability-hubble', '10.0.0.1', {}, '10.0.0.1:9965'],
    ['networkobservability-hubble', '10.0.0.1:10093', {}, '10.0.0.1:9965'],
    ['retina-pods', '10.0.0.1', { [annotation]: '10093' }, '10.0.0.1:10093'],
    ['retina-pods', '10.0.0.1:80', { [annotation]: '10093' }, '10.0.0.1:10093'],
    ['retina-pods', '10.0.0.1:80', {}, '10.0.0.1:80'],
    ['retina-pods', '10.0.0.1:80', { [annotation]: 'http' }, '10.0.0.1:80'],
    ['ethtool-exporter', '10.0.0.1', {}, '10.0.0.1:9417'],
    ['ethtool-exporter', '10.0.0.1:8080', {}, '10.0.0.1:9417'],
  ])('of %s at %s with %j is %s', (job, address, meta, expected) => {
    expect(relabelled(job, { __address__: address, ...meta })).toMatchObject({ __address__: expected });
  });

  test('has the port of the configuration', () => {
    const target = { __address__: '10.0.0.1:1' };
    const given = { retina: { hubblePort: 1234 }, ethtool: { port: 5678 } };
    expect(relabelled('networkobservability-hubble', target, given)).toMatchObject({ __address__: '10.0.0.1:1234' });
    expect(relabelled('ethtool-exporter', target, given)).toMatchObject({ __address__: '10.0.0.1:5678' });
  });
});

describe('the labels of a target', () => {
  const target = { __address__: '10.0.0.1:80' };
  const jobs = podJobs().map(({ job_name: name }) => name);

  test.each(jobs)('of %s name node, instance and cluster', (job) => {
    const named = { node: 'ip-10-0-0-1', instance: 'ip-10-0-0-1' };
    expect(relabelled(job, target)).toMatchObject({ ...named, cluster: 'production' });
    expect(relabelled(job, target, { cluster: { label: 'k8s', name: 'blue' } })).toMatchObject({
      ...named,
      k8s: 'blue',
    });
    expect(relabelled(job, target, { cluster: { label: null } })).not.toHaveProperty('cluster');
  });

  test.each(jobs.filter((job) => job !== 'ethtool-exporter'))(
    'of %s are of the agent, not of its init container',
    (job) => {
      const init = { ...target, __meta_kubernetes_pod_container_name: 'retina-init' };
      expect(relabelled(job, init)).toBeUndefined();
    },
  );

  test('of Retina on Windows are those of its own metrics, as there is no Hubble', () => {
    // The annotation with the port is on the DaemonSet only; the container declares the port.
    const windows = { __address__: '10.0.0.9:10093', __meta_kubernetes_pod_container_name: 'retinawin' };
    for (const source of ['retina-hubble', 'retina-standard']) {
      const given = { flows: { source } };
      expect(relabelled('retina-pods', windows, given)).toMatchObject({ ...windows, node: 'ip-10-0-0-1' });
    }
    expect(relabelled('networkobservability-hubble', windows)).toBeUndefined();
    expect(
      relabelled('retina-pods', { ...windows, __meta_kubernetes_pod_container_name: 'retinawin-init' }),
    ).toBeUndefined();
  });

  // A replacement is a template, and Helm renders the jobs as one too. Both sides of a join must say the same.
  describe.each(['a$1b', '$cluster', '$$', '${1}', '{{ .Release.Name }}', '{{{{', '{{{'])(
    'with the name %s',
    (name) => {
      const given = { cluster: { name } };

      test('carry it in every job', () => {
        const found = jobs.map((job) => relabelled(job, target, given)?.['cluster']);
        expect(found).toEqual(jobs.map(() => name));
      });

      test('carry it in kube-state-metrics', () => {
        const [step] = stackValues(given)['kube-state-metrics']?.prometheus?.monitor.relabelings ?? [];
        const { targetLabel = '', replacement = '' } = step ?? {};
        expect(relabel([{ target_label: targetLabel, replacement }], {})).toEqual({ cluster: name });
      });
    },
  );
});
