import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { TURNED_ON } from '../../../../generators/cilium/index.ts';
import { hasEndpointSlices } from '../../../../generators/cilium/settings.ts';
import { ciliumChoices } from '../../../../generators/components/cilium/profiles.ts';
import { chartsOf, chartValues, type Data } from '../../../support/chart-values.ts';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { scrapeJobs } from '../../../support/values.ts';

const FLOWS = { flows: { source: 'cilium-hubble' } };
/** A full installation without flows of another Hubble on its nodes. */
const full = (cilium: object = {}) => ({ flows: { source: 'none' }, cilium: { values: 'full', ...cilium } });
const JOBS = ['cilium-agent', 'cilium-operator', 'cilium-envoy'];

const jobsOf = (given: object) =>
  scrapeJobs(given)
    .map(({ job_name: name }) => name)
    .filter((name) => JOBS.includes(name));

const isRecorded = (given: object) => generate(given).bundle.ruleFiles.some(({ name }) => name === 'cilium');

describe('the health of Cilium', () => {
  test.each([
    ['by default without Cilium', {}, false],
    ['for its flows', FLOWS, true],
    ['in a full installation', full(), true],
    ['with another source, if asked for', { cilium: { health: 'always' } }, true],
    ['never, if refused', { ...FLOWS, cilium: { health: 'never' } }, false],
    ['never in a full installation either', full({ health: 'never' }), false],
  ])('%s', (_, given, recorded) => {
    expect(isRecorded(given)).toBe(recorded);
    expect(generate(given).bundle.dashboards.some(({ uid }) => uid === 'cilium-health')).toBe(recorded);
    expect(generate(given).bundle.skipped.some(({ kind }) => kind === 'rules on Cilium')).toBe(!recorded);
  });

  test('turns metrics of agents and operator on in a cluster that runs, and what is off by default', () => {
    const metrics = {
      prometheus: { enabled: true, port: 9962, metrics: TURNED_ON, serviceMonitor: { enabled: false } },
      operator: { prometheus: { enabled: true, port: 9963, serviceMonitor: { enabled: false } } },
      envoy: { prometheus: { serviceMonitor: { enabled: false } } },
    };
    expect(chartValues('cilium', FLOWS)).toMatchObject(metrics);
    // Without Hubble where its flows are not read.
    const alone = chartValues('cilium', { cilium: { health: 'always' } });
    expect(alone).toMatchObject(metrics);
    expect(alone).not.toHaveProperty('hubble');
    const never = chartValues('cilium', { ...FLOWS, cilium: { health: 'never' } });
    expect(Object.keys(never)).toEqual(['hubble']);
    expect(chartsOf({ cilium: { health: 'never' } })).not.toContain('cilium');
  });

  test('is scraped once: by jobs, or by the ServiceMonitors of a full installation', () => {
    expect(jobsOf(FLOWS)).toEqual(JOBS);
    expect(jobsOf({ cilium: { health: 'always' } })).toEqual(JOBS);
    expect(jobsOf(full())).toEqual([]);
    expect(jobsOf(full({ serviceMonitors: false }))).toEqual(JOBS);
    expect(jobsOf({ ...FLOWS, cilium: { health: 'never' } })).toEqual([]);
    expect(chartValues('cilium', full())).toMatchObject({
      prometheus: { metrics: TURNED_ON, serviceMonitor: { enabled: true } },
    });
  });

  test('finds each program by its own label, container and port', () => {
    const found = scrapeJobs({ ...FLOWS, cilium: { namespace: 'network' } })
      .filter(({ job_name: name }) => JOBS.includes(name))
      .map((job) => JSON.stringify(job));
    for (const [index, [label, port]] of [
      ['k8s-app=cilium', 9962],
      ['io.cilium/app=operator', 9963],
      ['k8s-app=cilium-envoy', 9964],
    ].entries()) {
      expect(found[index]).toContain(`"label":"${label}"`);
      expect(found[index]).toContain(`:${port}"`);
      expect(found[index]).toContain(`"regex":"${JOBS[index]}"`);
      expect(found[index]).toContain('"names":["network"]');
    }
  });
});

describe('kube-prometheus-stack', () => {
  const kubeProxy = (given: object) =>
    (load(generate(given).file('helm-values/kube-prometheus-stack.yaml')) as Data)['kubeProxy'];

  test.each([
    ['by default', {}, undefined],
    ['with Cilium beside kube-proxy', FLOWS, undefined],
    ['with Cilium in its place', { ...FLOWS, cilium: { kubeProxyReplacement: true } }, { enabled: false }],
    ['without Cilium, whatever is said of it', { cilium: { kubeProxyReplacement: true } }, undefined],
    [
      'with a profile that replaces it',
      full({
        profile: 'low-latency',
        kernel: '6.8',
        nativeRoutingCIDR: '10.0.0.0/8',
        apiServer: { host: 'api.example.com', port: 443 },
      }),
      { enabled: false },
    ],
  ])('looks for kube-proxy where there is one: %s', (_, given, expected) => {
    expect(kubeProxy(given)).toEqual(expected);
  });
});

describe('settings', () => {
  test.each([
    [['flow'], 'cilium.hubbleMetrics.0: got "flow", expected another metric'],
    [['dns:query'], 'cilium.hubbleMetrics.0: got "dns:query", expected another metric'],
    [
      ['drop', 'drop:sourceContext=pod'],
      'cilium.hubbleMetrics.1: got "drop:sourceContext=pod", expected another metric, as drop is there',
    ],
    [['http', 'httpV2'], 'cilium.hubbleMetrics.0: got "http", expected no http beside httpV2'],
    [['a b'], 'cilium.hubbleMetrics.0: got "a b", expected a metric of Hubble'],
  ])('Hubble metrics %j are refused', (hubbleMetrics, expected) => {
    expect(complaints({ ...FLOWS, cilium: { hubbleMetrics } }).join('\n')).toContain(expected);
  });

  test('those on what an installation has are allowed without installing it', () => {
    const facts = {
      kubeProxyReplacement: true,
      endpointSlices: true,
      ipam: 'eni',
      encryption: 'wireguard',
      healthChecking: false,
    };
    expect(complaints({ ...FLOWS, cilium: facts })).toEqual([]);
    expect(complaints({ ...FLOWS, cilium: { bigTCP: 'ipv4' } }).join()).toContain(
      'cilium.bigTCP has no effect otherwise',
    );
  });

  test.each(['conservative', 'large-cluster', 'low-latency'])('slices of %s are those of its values', (profile) => {
    const { config } = generate(full({ health: 'never' }));
    const chosen = { ...config, cilium: { ...config.cilium, profile } as typeof config.cilium };
    expect(hasEndpointSlices(chosen.cilium)).toBe(ciliumChoices(chosen).endpointSlices);
  });
});
