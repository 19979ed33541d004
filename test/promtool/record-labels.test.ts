import { describe, expect, jest, test } from '@jest/globals';
import { EXPORTER_IDS, inTurn } from '../../bench/exporters.ts';
import type { Cluster } from '../../bench/model.ts';
import { generateCluster, VARIED } from '../../bench/generate.ts';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import { routedServices } from '../../bench/model/routing.ts';
import { SOURCE_IDS } from '../../bench/sources/index.ts';
import type { TargetOptions } from '../../bench/targets.ts';
import { scrapesOf } from '../../bench/timeline.ts';
import { isRecording, type RecordingRule } from '../../generators/model/rules.ts';
import { CILIUM_CONFIG, STACK_CILIUM } from '../e2e/cilium-state.ts';
import { PARTS as PARTS_OF_CONTROL_PLANE, underLoad } from '../e2e/control-plane.ts';
import { generate } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText, testRules } from '../support/rule-test.ts';

jest.setTimeout(120_000);

const STEP = 30;
/** The window is full, and every rule has seen the records of the others. */
const AT = 360;

/** A cluster that has a bit of everything that rules read. */
const PLAIN = generateCluster({ ...VARIED, seed: 3, nodes: 4, pods: 14, usage: true, pipeline: true });

const CLUSTER: Cluster = {
  ...underLoad(PLAIN),
  /** The Services of its clients, and one of every kind of routing beside. */
  services: [...(PLAIN.services ?? []), ...routedServices(PLAIN)],
  cilium: {
    ...STACK_CILIUM,
    agent: (node, index) => ({ ...STACK_CILIUM.agent(node, index), hubbleLost: { observer_events_queue: 20 } }),
  },
};

/** The jobs of the generated scrape configuration, by those of the synthetic cluster. */
const JOBS: Readonly<Record<string, string>> = {
  hubble: 'networkobservability-hubble',
  'retina-standard': 'retina-pods',
  'kubelet-pods': 'kubelet',
};

/** A configuration, and what is scraped for it. */
interface Part {
  readonly name: string;
  readonly given: object;
  readonly targets: TargetOptions;
}

const TRAFFIC = {
  ethtool: { exporter: 'none' },
  workloads: { resources: false },
  dns: { enabled: false },
  cilium: { health: 'never' },
  controlPlane: { enabled: false },
  routing: { records: false },
};

/** Flows of each source alone, then all else, as each rule takes its time. */
const PARTS: readonly Part[] = [
  ...SOURCE_IDS.map((id) => ({
    name: id,
    given: { ...TRAFFIC, flows: { source: id, granularity: 'pod' } },
    targets: { sources: [id], exporters: () => [] },
  })),
  {
    name: 'all exporters, workloads and DNS',
    given: {
      flows: { source: 'none' },
      ethtool: { exporter: EXPORTER_IDS },
      workloads: { resources: true },
      controlPlane: { enabled: false },
      routing: { records: false },
    },
    targets: { sources: [], exporters: inTurn(EXPORTER_IDS), dns: true },
  },
  {
    name: 'routing',
    given: { ...TRAFFIC, flows: { source: 'retina-hubble' }, routing: { records: true } },
    targets: { sources: ['retina-hubble'], exporters: () => [] },
  },
  {
    name: 'who asks DNS',
    given: { ...TRAFFIC, flows: { source: 'retina-hubble' }, dns: { enabled: true } },
    targets: { sources: ['retina-hubble'], exporters: () => [], dns: true },
  },
  {
    name: 'the health of Cilium',
    given: { ...TRAFFIC, flows: { source: 'none' }, cilium: CILIUM_CONFIG },
    targets: { sources: ['cilium-hubble'], exporters: () => [] },
  },
  {
    name: 'the control plane',
    given: { ...TRAFFIC, flows: { source: 'none' }, controlPlane: { managed: false } },
    targets: { sources: [], exporters: () => [], controlPlane: PARTS_OF_CONTROL_PLANE },
  },
];

const inputOf = ({ targets }: Part): readonly InputSeries[] => {
  const scrapes = scrapesOf([{ from: 0, cluster: CLUSTER }], {
    kubeStateMetricsReplicas: 1,
    losses: () => 0.25,
    ...targets,
  }).map((scrape) => {
    const { job = '' } = scrape.labels;
    // Both pages of a kubelet have one job.
    const page = job === 'kubelet-pods' ? { metrics_path: '/metrics' } : {};
    return { ...scrape, labels: { ...scrape.labels, job: JOBS[job] ?? job, ...page } };
  });
  return [
    ...samplesOf(scrapes, { step: STEP, duration: AT }).map(promtoolSeries),
    ...scrapes.flatMap(({ labels }) =>
      ['up', 'scrape_samples_scraped', 'scrape_series_added'].map((metric) => ({
        series: seriesText(metric, labels),
        values: `1x${AT / STEP}`,
      })),
    ),
  ];
};

/** Records without series in this cluster, by their names. */
const EMPTY: readonly (readonly [RegExp, why: string])[] = [
  [/_pod_cidr:info|cluster_pod_cidr:/, 'no pod is outside of the addresses that are its own'],
  [/_of_nodes:/, 'no node is named by an address that is not its own'],
  [/:event_start$/, 'no event begins now'],
  [/:moved$/, 'the connections left stay the same'],
  [/container_restarts/, 'nothing restarts'],
  [/^cilium_node:agent:missing$/, 'every agent answers'],
  [/routing_changed|before_change/, 'no routing changes'],
  [/^workload_pair:network_cost:max1w$/, 'nothing is a day old'],
  [/undescribed/, 'kube-state-metrics describes every pod'],
  [/flow_agent_missing/, 'every node has an agent that works, or no agent does'],
  [/flow_agent:(?:cpu|memory)/, 'no pod has the name of the agents of the exporters'],
];

/** Labels that a source never fills. */
const UNFILLED: Readonly<Record<string, readonly string[]>> = {
  // It names workloads.
  netobserv: ['source_pod', 'destination_pod'],
  // It runs beside the pod that sends, and knows that one only.
  kubezonnet: ['source_reason', 'destination_pod', 'node'],
};

type Declared = Pick<RecordingRule, 'record' | 'labels'>;

const one = (expr: string): ExpressionTest => ({
  expr,
  eval_time: `${AT}s`,
  exp_samples: [{ labels: '{}', value: 1 }],
});

/** Without the labels that a record declares, its series are one group without any label; and each of them is somewhere. */
const questions = (declared: readonly Declared[], unfilled: readonly string[] = []): readonly ExpressionTest[] =>
  declared.flatMap(({ record, labels }) => {
    if (EMPTY.some(([name]) => name.test(record))) return [one(`absent(${record})`)];
    const filled = labels.filter((label) => !unfilled.includes(label));
    return [
      one(`group without (${labels.join(', ')}) (${record})`),
      ...filled.map((label) => one(`group(${record}{${label}!=""})`)),
    ];
  });

describe('every record has the labels that it declares, and no others', () => {
  test.each(PARTS)('$name', async (part) => {
    const generated = generate(part.given);
    const { bundle } = generated;
    const rules = bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).filter(isRecording);
    expect(rules.length).toBeGreaterThan(20);
    const files = bundle.ruleFiles.map(({ name }) => generated.file(`rules/prometheus/${name}.rules.yaml`));
    const scraped = { name: part.name, interval: `${STEP}s`, input_series: inputOf(part) };
    await testRules(files, [{ ...scraped, promql_expr_test: questions(rules, UNFILLED[part.name]) }]);
  });

  test.each([
    ['too many', ['a']],
    ['too few', ['a', 'b', 'c']],
  ])('one label %s is found', async (_, labels) => {
    const rules = 'groups: [{ name: g, rules: [{ record: one:two, expr: "sum by (a, b) (m)" }] }]';
    const input_series = ['1', '2'].map((b) => ({ series: `m{a="1", b="${b}", c="1"}`, values: '1x20' }));
    const asked = (declared: readonly string[]) =>
      testRules(
        [rules],
        [
          {
            name: 'n',
            interval: '30s',
            input_series,
            promql_expr_test: questions([{ record: 'one:two', labels: declared }]),
          },
        ],
      );
    await asked(['a', 'b']);
    await expect(asked(labels)).rejects.toThrow('FAILED');
  });
});
