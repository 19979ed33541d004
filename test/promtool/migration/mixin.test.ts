import { describe, expect, jest, test } from '@jest/globals';
import { generate } from '../../support/generate.ts';
import { tableRows } from '../../support/markdown.ts';
import { type InputSeries, seriesText, testRules } from '../../support/rule-test.ts';
import { kubeStateMetrics, type Lifetime, owners, type PodSpec, values } from '../scenario.ts';
import { containers, interfaces, KUBELET } from '../workloads-input.ts';
import { AMBIGUOUS, answers, caseOf, caseTest, guide } from './guide.ts';
import { MIXIN, mixinCpu, mixinReceived } from './mixin.ts';

jest.setTimeout(120_000);

const OURS = generate({ flows: { source: 'none' } }).file('rules/prometheus/workload-resources.rules.yaml');
const NODES = [{ name: 'n', label: 'zone-a' }];
const METRICS = {
  cpu: { mixin: mixinCpu, ours: 'workload:cpu_usage_cores:sum_rate5m', scale: 1 },
  network: { mixin: mixinReceived, ours: 'workload:network_receive_bytes:sum_rate5m', scale: 1e-6 },
} as const;

interface Case {
  readonly of?: keyof typeof METRICS;
  readonly series: readonly InputSeries[];
}

/** A pod with its owners, which uses one core and receives a megabyte a second. */
function described(
  controller: PodSpec['controller'],
  more: {
    readonly hostNetwork?: boolean;
    readonly seen?: Lifetime;
    readonly others?: readonly (readonly [string, string])[];
  } = {},
): InputSeries[] {
  const { hostNetwork = false, seen = {}, others = [] } = more;
  const ownerRows = [...(controller === undefined ? [['', ''] as const] : [controller]), ...others];
  return [
    ...kubeStateMetrics(NODES, [
      { namespace: 'shop', name: 'p', node: 'n', hostNetwork, ...(controller && { controller }), ...seen },
    ]),
    ...ownerRows.map(([owner_kind, owner_name]) => ({
      series: seriesText('kube_pod_owner', {
        cluster: 'one',
        job: 'kube-state-metrics',
        instance: '10.0.0.0:8080',
        namespace: 'shop',
        pod: 'p',
        owner_kind,
        owner_name,
      }),
      values: values(() => 1, seen, 'stale'),
    })),
    ...owners('kube_replicaset_owner', [['shop', 'web-1', 'Deployment', 'web']]),
  ];
}

const used = (target = KUBELET): InputSeries[] => [
  ...containers(
    [
      { namespace: 'shop', pod: 'p', container: 'app', millicores: 1000, rss: 64 },
      { namespace: 'shop', pod: 'p', container: '', id: '/kubepods/p', image: '', millicores: 1250, rss: 65 },
    ],
    target,
  ),
  ...interfaces([{ namespace: 'shop', pod: 'p', sent: 500_000 }], target),
];

const WEB = ['ReplicaSet', 'web-1'] as const;

/** By the rows of the table. */
const CASES: Readonly<Record<string, Case>> = {
  'of a Deployment': { series: [...described(WEB), ...used()] },
  'of a custom controller': { series: [...described(['CloneSet', 'web']), ...used()] },
  'static, or without a controller': { series: [...described(undefined), ...used()] },
  'with two ownerReferences': { series: [...described(WEB, { others: [['Widget', 'w']] }), ...used()] },
  'which kube-state-metrics does not describe': { series: used() },
  'while kube-state-metrics restarts': { series: [...described(WEB, { seen: { until: 18 } }), ...used()] },
  'of a kubelet that two releases scrape': {
    series: [...described(WEB), ...used(), ...used({ ...KUBELET, service: 'other' })],
  },
  'on the host network: MB/s received': {
    of: 'network',
    series: [...described(WEB, { hostNetwork: true }), ...used()],
  },
};

describe('beside kubernetes-mixin', () => {
  const rows = tableRows(guide, 'Metrics by workload owner', 'a pod');

  test('the table has every case', () => {
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(Object.keys(CASES)));
  });

  test.each(rows)('%s', async (name = '', theirs = '', ours = '') => {
    const { of = 'cpu', series } = caseOf(CASES, name);
    const { mixin, ours: record, scale } = METRICS[of];
    await testRules([OURS], [caseTest(name, series, [answers(`${record} * ${scale}`, Number(ours))])]);
    const run = async (figure: number) =>
      testRules([MIXIN], [caseTest(name, series, [answers(`(${mixin}) * ${scale}`, figure)])]);
    const outcome =
      theirs === 'error' ? run(0) : run(Number(theirs)).then(() => Promise.reject(new Error('as stated')));
    await expect(outcome).rejects.toThrow(theirs === 'error' ? AMBIGUOUS : /^as stated$/);
  });
});
