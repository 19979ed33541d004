import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { promtool } from '../../../bench/process/prometheus.ts';
import { FLOW_SOURCES } from '../../../generators/index.ts';
import { relabel } from '../../support/relabel.ts';
import { inTempDir } from '../../support/temp-dir.ts';
import { podJobs } from '../../support/values.ts';

jest.setTimeout(60_000);

const jobsOf = (source: unknown, given: object = {}) =>
  podJobs({ flows: { source }, ethtool: { exporter: source === 'none' ? 'showmax' : 'none' }, ...given });

describe('a job exists where its source is chosen', () => {
  test.each([
    ['retina-hubble', ['networkobservability-hubble', 'retina-pods']],
    ['retina-standard', ['retina-pods']],
    ['cilium-hubble', ['cilium-hubble', 'cilium-agent', 'cilium-operator', 'cilium-envoy']],
    ['obi', ['obi']],
    ['beyla', ['beyla']],
    ['netobserv', ['netobserv', 'netobserv-agent']],
    ['kubezonnet', ['kubezonnet']],
    ['none', ['ethtool-exporter']],
  ])('%s: %j', (source, expected) => {
    expect(jobsOf(source).map(({ job_name: name }) => name)).toEqual(expected);
  });

  test('and both where two sources are read', () => {
    const names = jobsOf(['retina-hubble', 'netobserv']).map(({ job_name: name }) => name);
    expect(names).toEqual(['networkobservability-hubble', 'retina-pods', 'netobserv', 'netobserv-agent']);
  });
});

const META = '__meta_kubernetes_pod_';
const TARGET = { __address__: '10.0.0.1:4244', [`${META}node_name`]: 'ip-10-0-0-1' };

const relabelled = (source: string, meta: Readonly<Record<string, string>>, given: object = {}) =>
  relabel(jobsOf(source, given)[0]?.relabel_configs ?? [], { ...TARGET, ...meta });

const AGENT = { node: 'ip-10-0-0-1', instance: 'ip-10-0-0-1', cluster: 'production' };

describe('what is scraped', () => {
  test('of Cilium is the port of Hubble, in the agent and nowhere else', () => {
    const agent = { [`${META}container_name`]: 'cilium-agent' };
    expect(relabelled('cilium-hubble', agent)).toMatchObject({ __address__: '10.0.0.1:9965', ...AGENT });
    expect(relabelled('cilium-hubble', agent, { cilium: { hubblePort: 9 } })).toMatchObject({
      __address__: '10.0.0.1:9',
    });
    expect(relabelled('cilium-hubble', { [`${META}container_name`]: 'config' })).toBeUndefined();
  });

  test.each([
    ['obi', '9090', AGENT],
    ['beyla', '9090', AGENT],
    ['netobserv', '9401', { cluster: 'production' }],
    ['kubezonnet', '8080', { cluster: 'production' }],
  ])('of %s is the declared port %s', (source, port, labels) => {
    const at = (number: string) => ({ __address__: `10.0.0.1:${number}`, [`${META}container_port_number`]: number });
    expect(relabelled(source, at(port))).toMatchObject({ __address__: `10.0.0.1:${port}`, ...labels });
    expect(relabelled(source, at(`${port}1`))).toBeUndefined();
    expect(relabelled(source, at('7777'), { [source]: { port: 7777 } })).toMatchObject({
      __address__: '10.0.0.1:7777',
    });
    expect(relabelled(source, at(port), { cluster: { label: null } })).not.toHaveProperty('cluster');
  });

  test.each([
    ['cilium-hubble', 'cilium', { namespace: 'n' }, 'k8s-app=cilium'],
    ['obi', 'obi', { namespace: 'n', app: 'x' }, 'app.kubernetes.io/name=x'],
    ['beyla', 'beyla', { namespace: 'n', app: 'x' }, 'app.kubernetes.io/name=x'],
    ['netobserv', 'netobserv', { namespace: 'n', app: 'x' }, 'app=x'],
    [
      'kubezonnet',
      'kubezonnet',
      { namespace: 'n', app: 'x' },
      'app.kubernetes.io/component=server,app.kubernetes.io/name=x',
    ],
  ])('of %s are pods by the settings of %s', (source, section, settings, label) => {
    expect(jobsOf(source, { [section]: settings })[0]?.kubernetes_sd_configs).toEqual([
      { role: 'pod', namespaces: { names: ['n'] }, selectors: [{ role: 'pod', label }] },
    ]);
  });
});

test("of NetObserv are the agents too, for what they lose: on the node's network, in a namespace of their own", () => {
  const job = jobsOf('netobserv', { netobserv: { namespace: 'flows' } }).find(
    ({ job_name: name }) => name === 'netobserv-agent',
  );
  expect(job?.kubernetes_sd_configs).toEqual([
    {
      role: 'pod',
      namespaces: { names: ['flows-privileged'] },
      selectors: [{ role: 'pod', label: 'app=netobserv-ebpf-agent' }],
    },
  ]);
  expect(relabel(job?.relabel_configs ?? [], { ...TARGET, __address__: '10.0.0.1' })).toMatchObject({
    __address__: '10.0.0.1:9400',
    ...AGENT,
  });
});

test('Retina is scraped at two ports, as one instance under two jobs', () => {
  const meta = { [`${META}container_name`]: 'retina', [`${META}annotation_prometheus_io_port`]: '10093' };
  const targets = jobsOf('retina-hubble').map((job) => ({
    job: job.job_name,
    ...relabel(job.relabel_configs, { ...TARGET, ...meta }),
  }));
  expect(targets).toMatchObject([
    { job: 'networkobservability-hubble', __address__: '10.0.0.1:9965', ...AGENT },
    { job: 'retina-pods', __address__: '10.0.0.1:10093', ...AGENT },
  ]);
});

test('kubezonnet names the sender in labels, which are kept', () => {
  expect(jobsOf('kubezonnet')).toMatchObject([{ honor_labels: true }]);
});

test.each(FLOW_SOURCES)('Prometheus accepts the jobs of %s', async (source) => {
  await inTempDir(async (dir) => {
    // Debian's promtool is built without the discovery of pods.
    const jobs = jobsOf(source).map((job) => ({ ...job, kubernetes_sd_configs: undefined }));
    await writeFile(join(dir, 'prometheus.yaml'), dump({ scrape_configs: jobs }, { skipInvalid: true }));
    const { code, stdout, stderr } = await promtool(['check', 'config', 'prometheus.yaml'], { cwd: dir });
    expect({ code, output: stdout + stderr }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});
