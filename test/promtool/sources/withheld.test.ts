import { describe, jest, test } from '@jest/globals';
import { labelsNotHonoured, relabelled } from '../../../bench/faults/index.ts';
import { promtoolSeries, samplesOf } from '../../../bench/samples.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import type { SourceId } from '../../../bench/sources/index.ts';
import { generate, RULES } from '../../support/generate.ts';
import { type ExpressionTest, seriesText, testRules } from '../../support/rule-test.ts';
import { PIPELINE } from '../pipeline-input.ts';
import { TIMEOUT_MS } from './cases.ts';
import { type Check, expressionTests } from './expectations.ts';
import { givenFor, isKubeStateMetrics, STEADY, steadyScrapes, STEP, truthAt } from './harness.ts';
import { HOSTILE, NODES } from './hostile-cluster.ts';

jest.setTimeout(TIMEOUT_MS);

/** After the wait of IdentitySourceSilent, before that of ClusterLabelMissing. */
const AT = 540;

const withoutTargetLabels =
  (added: Readonly<Record<string, string>>, ...names: readonly string[]) =>
  (scrape: Scrape): Scrape =>
    isKubeStateMetrics(scrape)
      ? {
          ...scrape,
          labels: {
            ...Object.fromEntries(Object.entries(scrape.labels).filter(([name]) => !names.includes(name))),
            ...added,
          },
        }
      : scrape;

/** The pods of another shard: other names, other addresses. */
const elsewhere = (labels: Readonly<Record<string, string>>) =>
  labels['pod'] === undefined
    ? labels
    : Object.fromEntries(
        Object.entries(labels).map(([name, value]) => [
          name,
          name === 'pod' ? `other-${value}` : value.replace(/^10\.1\./, '10.9.').replace(/^fd00:b:/, 'fd00:9:'),
        ]),
      );

/** Ways in which nobody knows the pods, each with the cause that the alert must name. */
const FAULTS: readonly {
  readonly name: string;
  readonly cause: string;
  readonly broken: (scrapes: readonly Scrape[]) => readonly Scrape[];
}[] = [
  {
    name: 'no honor_labels',
    cause: 'honor_labels',
    broken: (scrapes) => labelsNotHonoured(scrapes, isKubeStateMetrics),
  },
  {
    name: 'no honor_labels, and exported labels are dropped',
    cause: 'honor_labels',
    broken: (scrapes) =>
      relabelled(scrapes, isKubeStateMetrics, ({ labels: { namespace: _namespace, pod: _pod, ...labels } }) => labels),
  },
  {
    name: 'no honor_labels, and the target has a node but no pod',
    cause: 'honor_labels',
    broken: (scrapes) =>
      labelsNotHonoured(scrapes, isKubeStateMetrics).map(
        withoutTargetLabels({ node: NODES.a.name }, 'namespace', 'pod'),
      ),
  },
  {
    name: 'one namespace only',
    cause: 'one_namespace',
    broken: (scrapes) =>
      relabelled(scrapes, isKubeStateMetrics, ({ labels }) =>
        ['watch', undefined].includes(labels['namespace']) ? labels : undefined,
      ),
  },
  {
    name: 'the pods of another shard, and all nodes',
    cause: 'other_pods',
    broken: (scrapes) => relabelled(scrapes, isKubeStateMetrics, ({ labels }) => elsewhere(labels)),
  },
  {
    name: 'nodes but no pods',
    cause: 'no_pods',
    broken: (scrapes) =>
      relabelled(scrapes, isKubeStateMetrics, ({ labels }) => (labels['pod'] === undefined ? labels : undefined)),
  },
  {
    name: 'no cluster label on kube-state-metrics',
    cause: 'cluster_label',
    broken: (scrapes) => scrapes.map(withoutTargetLabels({}, 'cluster')),
  },
  {
    name: 'no kube-state-metrics',
    cause: 'no_kube_state_metrics',
    broken: (scrapes) => scrapes.filter((scrape) => !isKubeStateMetrics(scrape)),
  },
];

const WAITS = {
  TrafficUnattributed: { for: '1m' },
  TrafficLost: { for: '1m' },
  FlowSourceSilent: { for: '1m' },
  IdentitySourceSilent: { for: '3m' },
};

/** The alerts that fire, all of them. */
const firing = (...expected: readonly Readonly<Record<string, string>>[]): ExpressionTest => ({
  expr: 'ALERTS{alertstate="firing"}',
  eval_time: `${AT}s`,
  exp_samples: expected.map((labels) => ({
    labels: seriesText('ALERTS', { alertstate: 'firing', severity: 'warning', cluster: HOSTILE.name, ...labels }),
    value: 1,
  })),
});

async function expectStory(
  id: SourceId,
  scrapes: readonly Scrape[],
  checks: readonly Check[],
  ...tests: readonly ExpressionTest[]
): Promise<void> {
  const generated = generate({ ...givenFor({ id }), alerts: WAITS });
  await testRules(
    [generated.file(RULES.zoneTraffic), generated.file(PIPELINE)],
    [
      {
        name: id,
        interval: `${STEP}s`,
        input_series: samplesOf(scrapes, { step: STEP, duration: AT }).map(promtoolSeries),
        promql_expr_test: [...checks.flatMap((check) => expressionTests(generated.config, check)), ...tests],
      },
    ],
  );
}

/** The endpoints stay: they are what was measured. */
const measured = (unit: string): ExpressionTest => ({
  expr: `group by (cluster) (source_endpoint:${unit}:rate5m and on (cluster) (cluster:${unit}_identity:usable == 0))`,
  eval_time: `${AT}s`,
  exp_samples: [{ labels: `{cluster="${HOSTILE.name}"}`, value: 1 }],
});

describe.each(FAULTS)('$name', ({ cause, broken }) => {
  test('all but the endpoints is withheld, and one alert names the cause', async () => {
    const scrapes = broken(steadyScrapes({ id: 'retina-hubble' }, HOSTILE));
    const alert = { alertname: 'IdentitySourceSilent', unit: 'network_flows', cause };
    const none = [120, 240, AT].map((at) => ({ at, truth: {} }));
    await expectStory('retina-hubble', scrapes, none, measured('network_flows'), firing(alert));
  });

  test('a source with zones but no workloads of its own is withheld, too', async () => {
    const scrapes = broken(steadyScrapes({ id: 'retina-standard' }, HOSTILE));
    const units = ['network_packets', 'network_bytes'];
    const alerts = units.map((unit) => ({ alertname: 'IdentitySourceSilent', unit, cause }));
    await expectStory('retina-standard', scrapes, [{ at: AT, truth: {} }], ...units.map(measured), firing(...alerts));
  });
});

test.each(['obi', 'netobserv', 'kubezonnet'] as const)('%s needs no pods: nothing is withheld', async (id) => {
  const setup = { id };
  const scrapes = steadyScrapes(setup, HOSTILE).filter((scrape) => !isKubeStateMetrics(scrape));
  const untold = { ...setup, options: { known: { nodes: [], pods: [], services: [] } } };
  // The senders that kubezonnet names have no workload.
  const alerts =
    id === 'kubezonnet'
      ? [{ alertname: 'IdentitySourceSilent', unit: 'network_bytes', cause: 'no_kube_state_metrics' }]
      : [];
  await expectStory(id, scrapes, [truthAt(untold, AT, HOSTILE)], {
    ...firing(...alerts),
    expr: 'ALERTS{alertstate="firing", alertname="IdentitySourceSilent"}',
  });
});

test('netobserv without zones: the cause is its own', async () => {
  const scrapes = steadyScrapes({ id: 'netobserv', options: { zones: false } }, HOSTILE);
  const alerts = ['network_packets', 'network_bytes'].map((unit) => ({
    alertname: 'IdentitySourceSilent',
    unit,
    cause: 'no_zones',
  }));
  await expectStory('netobserv', scrapes, [{ at: AT, truth: {} }], firing(...alerts));
});

test('two kube-state-metrics, one of them without honor_labels: its series do not count', async () => {
  const setup = { id: 'retina-hubble' } as const;
  const scrapes = steadyScrapes(setup, HOSTILE);
  const second = scrapes.find(isKubeStateMetrics);
  if (second === undefined) throw new Error('no kube-state-metrics');
  const other: Scrape = {
    ...second,
    honorLabels: false,
    labels: { ...second.labels, instance: 'second', pod: 'second', node: NODES.b.name },
  };
  await expectStory(setup.id, [...scrapes, other], [truthAt(setup, AT, HOSTILE)], {
    ...firing(),
    expr: 'ALERTS{alertname="IdentitySourceSilent"}',
  });
});

test('a cold start: traffic that comes before identities is withheld, not unknown', async () => {
  const setup = { id: 'retina-hubble' } as const;
  const scrapes = steadyScrapes(setup, HOSTILE).map((scrape) =>
    isKubeStateMetrics(scrape) ? { ...scrape, from: 270 } : scrape,
  );
  const before = [60, 120, 180, 240].map((at) => ({ at, truth: {} }));
  // One evaluation later, as promtool evaluates groups in any order.
  await expectStory(setup.id, scrapes, [...before, truthAt(setup, 360, HOSTILE)], {
    expr: 'max_over_time(cluster:network_flows_unattributed:ratio_rate5m{reason=~"gone|external"}[9m]) > 0.9',
    eval_time: `${AT}s`,
    exp_samples: [],
  });
});

test('one of two clusters is withheld', async () => {
  const setup = { id: 'retina-hubble' } as const;
  const two = { ...HOSTILE, name: 'two' };
  const scrapes = steadyScrapes(setup, HOSTILE, two);
  const broken = labelsNotHonoured(
    scrapes,
    (scrape) => isKubeStateMetrics(scrape) && scrape.labels['cluster'] === HOSTILE.name,
  );
  await expectStory(
    setup.id,
    broken,
    [STEADY, AT].map((at) => truthAt(setup, at, two)),
    {
      ...firing({ alertname: 'IdentitySourceSilent', unit: 'network_flows', cause: 'honor_labels' }),
      expr: 'ALERTS{alertstate="firing",alertname!~"TrafficUnattributed"}',
    },
  );
});
