import { describe, expect, test } from '@jest/globals';
import { chartsOf, chartValues, leaves } from '../../../support/chart-values.ts';
import { rendered } from '../../../support/helm.ts';
import { complaints } from '../../../support/problems.ts';

const CHART = 'descheduler';
const config = (descheduler: object = {}, more: object = {}) => ({
  ...more,
  descheduler: { enabled: true, ...descheduler },
});
const values = (given: object = {}, more: object = {}) => chartValues(CHART, config(given, more));

interface Policy {
  readonly profiles: readonly {
    readonly pluginConfig: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
    readonly plugins: Readonly<Record<string, unknown>>;
  }[];
}
const policy = (given: object = {}) => values(given)['deschedulerPolicy'] as Policy;
const args = (name: string, given: object = {}) =>
  policy(given).profiles[0]?.pluginConfig.find((plugin) => plugin.name === name)?.args;
const SPREAD = 'RemovePodsViolatingTopologySpreadConstraint';

/** Keys of the chart. Upstream: kubernetes-sigs/descheduler, charts/descheduler/values.yaml, 0.36.0. */
const DOCUMENTED = new Set([
  'kind',
  'schedule',
  'deschedulingInterval',
  'replicas',
  'leaderElection',
  'service.enabled',
  ...['enabled', 'additionalLabels', 'interval', 'relabelings'].map((key) => `serviceMonitor.${key}`),
  'cmdOptions',
  'deschedulerPolicyAPIVersion',
  'deschedulerPolicy',
]);

test('the values exist only if it is enabled', () => {
  expect(chartsOf({})).not.toContain(CHART);
  expect(chartsOf(config())).toContain(CHART);
});

test.each([{}, { kind: 'CronJob' }, { replicas: 2 }, { metrics: false }, { dryRun: true }])(
  '%j: every key is one of the chart',
  (given) => {
    expect(leaves(values(given), DOCUMENTED).filter((path) => !DOCUMENTED.has(path))).toEqual([]);
  },
);

describe('the policy', () => {
  test('is one profile with one plugin, in the API that takes it', () => {
    expect(values()).toMatchObject({ deschedulerPolicyAPIVersion: 'descheduler/v1alpha2' });
    const { profiles } = policy();
    expect(profiles).toHaveLength(1);
    expect(profiles[0]?.plugins).toEqual({ balance: { enabled: [SPREAD] } });
    // Every plugin with settings is the evictor or switched on: the descheduler ignores settings of the others.
    expect(profiles[0]?.pluginConfig.map(({ name }) => name)).toEqual(['DefaultEvictor', SPREAD]);
  });

  test('restores hard constraints, and evicts only pods that fit elsewhere', () => {
    expect(args(SPREAD)).toEqual({ constraints: ['DoNotSchedule'], topologyBalanceNodeFit: true });
    expect(args(SPREAD, { constraints: ['DoNotSchedule', 'ScheduleAnyway'], nodeFit: false })).toEqual({
      constraints: ['DoNotSchedule', 'ScheduleAnyway'],
      topologyBalanceNodeFit: false,
    });
    expect(args('DefaultEvictor', { minReplicas: 3 })).toMatchObject({ nodeFit: true, minReplicas: 3 });
  });

  test('can be limited to namespaces', () => {
    expect(args(SPREAD, { namespaces: { include: ['shop'] } })).toMatchObject({ namespaces: { include: ['shop'] } });
    expect(args(SPREAD, { namespaces: { exclude: ['kube-system'] } })).toMatchObject({
      namespaces: { exclude: ['kube-system'] },
    });
  });

  test('limits the evictions per round', () => {
    expect(policy({ maxEvictionsPerNode: 1, maxEvictionsPerNamespace: 2 })).toMatchObject({
      maxNoOfPodsToEvictPerNode: 1,
      maxNoOfPodsToEvictPerNamespace: 2,
    });
  });

  const DEPRECATED = ['evictLocalStoragePods', 'ignorePvcPods', 'ignorePodsWithoutPDB'];

  test.each(['0.34.0', '0.36.0', '1.0.0'])('%s: protections are lists', (version) => {
    expect(args('DefaultEvictor', { version })).toMatchObject({
      podProtections: { defaultDisabled: ['PodsWithLocalStorage'], extraEnabled: ['PodsWithPVC'] },
    });
    for (const key of DEPRECATED) expect(args('DefaultEvictor', { version })).not.toHaveProperty(key);
  });

  test.each(['0.30.0', '0.33.0'])('%s: each protection has its own key', (version) => {
    expect(args('DefaultEvictor', { version })).toMatchObject({ evictLocalStoragePods: true, ignorePvcPods: true });
    expect(args('DefaultEvictor', { version })).not.toHaveProperty('podProtections');
  });

  test('protects only the pods of the configuration', () => {
    const none = { protect: [], evictPodsWithLocalStorage: false };
    expect(args('DefaultEvictor', none)).toMatchObject({ podProtections: {} });
    expect(args('DefaultEvictor', { ...none, version: '0.33.0' })).toEqual({ nodeFit: true, minReplicas: 2 });
  });
});

describe('the workload', () => {
  test('is a Deployment, with metrics', () => {
    expect(values()).toMatchObject({
      kind: 'Deployment',
      deschedulingInterval: '10m',
      replicas: 1,
      service: { enabled: true },
      serviceMonitor: { enabled: true, interval: '30s' },
    });
    expect(values()).not.toHaveProperty('leaderElection');
    expect(values({ replicas: 2 })).toMatchObject({ replicas: 2, leaderElection: { enabled: true } });
    expect(values({ metrics: false })).toMatchObject({
      service: { enabled: false },
      serviceMonitor: { enabled: false },
    });
  });

  test('can be a CronJob, which cannot be scraped', () => {
    expect(values({ kind: 'CronJob', schedule: '0 * * * *' })).toMatchObject({
      kind: 'CronJob',
      schedule: '0 * * * *',
    });
    for (const key of ['service', 'serviceMonitor', 'replicas', 'deschedulingInterval']) {
      expect(values({ kind: 'CronJob' })).not.toHaveProperty(key);
    }
  });

  test('has a ServiceMonitor with the cluster label, escaped for the templates of the chart', () => {
    const given = values({}, { cluster: { label: 'k8s', name: '{{ a }}$1' } });
    const { serviceMonitor } = given as {
      serviceMonitor: { relabelings: { targetLabel: string; replacement: string }[] };
    };
    const [step] = serviceMonitor.relabelings;
    expect(step?.targetLabel).toBe('k8s');
    expect(rendered(step?.replacement ?? '')).toBe('{{ a }}$$1');
    expect(JSON.stringify(values({}, { cluster: { label: null } }))).not.toContain('relabelings');
  });

  test('can be a dry run', () => {
    expect(values({ dryRun: true })).toMatchObject({ cmdOptions: { 'dry-run': true } });
  });
});

describe('contradictions', () => {
  test.each([
    [
      { version: '0.29.0' },
      'descheduler.version: got "0.29.0", expected 0.30.0 or newer, as older charts have a v1alpha1 policy',
    ],
    [{ kind: 'CronJob', metrics: true }, 'descheduler.metrics: got true, expected false or null, as a CronJob ends'],
    [{ kind: 'CronJob', replicas: 2 }, 'descheduler.replicas: got 2, expected 1, as a CronJob runs one pod'],
    [{ dryRun: true, replicas: 2 }, 'descheduler.replicas: got 2, expected 1, as more need leader election'],
    [
      { namespaces: { include: ['a'], exclude: ['b'] } },
      'descheduler.namespaces: got {"include":["a"],"exclude":["b"]}, expected include or exclude, not both',
    ],
    [{ interval: '0m' }, 'descheduler.interval: got "0m", must be greater than 0s'],
    [{ interval: '0h0m0s' }, 'descheduler.interval: got "0h0m0s", must be greater than 0s'],
    [
      { protect: ['PodsWithoutPDB'], version: '0.32.1' },
      'descheduler.protect: got ["PodsWithoutPDB"], expected no PodsWithoutPDB',
    ],
    [
      { interval: '1d' },
      'descheduler.interval: got "1d", expected a duration in hours, minutes and seconds such as 10m',
    ],
    [{ schedule: '* * *' }, 'descheduler.schedule: got "* * *", expected a cron schedule with five fields'],
  ])('%j', (given, start) => {
    const found = complaints(config(given));
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(start)).toBe(true);
  });

  test.each([
    { version: '0.30.0' },
    { kind: 'CronJob', metrics: false },
    { kind: 'CronJob' },
    { replicas: 2 },
    { dryRun: true },
    { interval: '1h30m' },
    { interval: '10s' },
    { protect: ['PodsWithoutPDB'], version: '0.32.2' },
    { protect: ['PodsWithoutPDB'] },
  ])('%j is valid', (given) => {
    expect(complaints(config(given))).toEqual([]);
  });

  test('are ignored while it is disabled', () => {
    expect(complaints({ descheduler: { version: '0.1.0' } })).toEqual([]);
  });
});
