import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { ONE, TWO } from './edges-input.ts';
import { ABSENT, constant, during, holding, type Turn } from './pipeline-input.ts';
import { describeTiers, expectAllTiers, type Firing, firingOf, SEEN, type Threshold } from './tier-edges.ts';

const FILE = 'rules/prometheus/flow-pipeline.rules.yaml';
const generated = generate();
const rules = generated.file(FILE);
const expectFiring = firingOf(rules);

const HUBBLE = 'networkobservability-hubble';
const AGENT: Labels = { source: 'retina-hubble', agent: 'retina-agent' };

/** The pod of the agent on a node is throttled in so many of its ten periods a second; on another node it never is. */
const throttled: Threshold['series'] = (...turns) =>
  ['n1', 'n2'].flatMap((node) => {
    const labels = { ...ONE, node, namespace: 'kube-system', pod: `retina-agent-${node}` };
    const minutes = turns.reduce((sum, [count]) => sum + count, 0);
    return [
      constant('pod:cpu_periods:rate5m', labels, 10, minutes),
      holding(
        'pod:cpu_throttled_periods:rate5m',
        labels,
        during(...turns.map(([count, level]): Turn => [count, node === 'n1' ? Number(level) * 10 : 0])),
      ),
    ];
  });

const THROTTLED: Threshold = {
  alert: 'FlowAgentThrottled',
  where: { ...ONE, ...AGENT, node: 'n1' },
  series: throttled,
  tiers: [['warning', 0.25, 0.2501, 15]],
};

describeTiers(rules, [THROTTLED]);

test('these are all tiers, but those with tests of their own', () => {
  expectAllTiers(generated, 'flow-pipeline', [THROTTLED], ['FlowAgentDown warning', 'FlowSeriesChurn warning']);
});

describe('FlowAgentDown', () => {
  const MINUTES = 80;
  const node = (place: Labels, name: string, ...turns: readonly Turn[]) =>
    ['a', 'b'].map((instance) =>
      holding(
        'kube_node_info',
        { ...place, node: name, job: 'kube-state-metrics', instance },
        during(...(turns.length > 0 ? turns : [[MINUTES, 1] as const])),
      ),
    );
  const up = (place: Labels, name: string, turns: readonly Turn[], more: Labels = {}) =>
    holding('up', { ...place, node: name, instance: name, job: HUBBLE, ...more }, during(...turns));
  /** Another agent of the cluster, which always answers. */
  const other = (place: Labels) => [...node(place, 'n0'), up(place, 'n0', [[MINUTES, 1]])];
  const at = (place: Labels, name = 'n1'): Labels => ({ ...place, ...AGENT, node: name });
  const expectDown = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('FlowAgentDown', 'warning', series, firing);

  test('fires after a quarter of an hour, and goes on until the agent has answered for half of one, and five minutes more', async () => {
    const agent = up(ONE, 'n1', [
      [20, 1],
      [20, 0],
      [40, 1],
    ]);
    // At minute 40 the window of a quarter of an hour holds no answer; eight of its fifteen minutes do at minute 48.
    await expectDown(
      [...other(ONE), ...node(ONE, 'n1'), agent],
      [20 + SEEN + 14],
      [20 + SEEN + 15, at(ONE)],
      [40 + SEEN + 7 + 4, at(ONE)],
      // Prometheus 2 and 3 disagree about the minute.
      [40 + SEEN + 7 + 7],
    );
  });

  test('does not fire when it is one minute short, nor for a rollout that takes a node at a time', async () => {
    const short = up(ONE, 'n1', [
      [20, 1],
      [14, 0],
      [46, 1],
    ]);
    const rollout = Array.from({ length: 12 }, (_, index) => [
      ...node(TWO, `n${index}`),
      up(TWO, `n${index}`, [
        [20 + 2 * index, 1],
        [2, ABSENT],
        [MINUTES - 22 - 2 * index, 1],
      ]),
    ]).flat();
    // Eight minutes more until it counts as up again: but for that it was down for 14.
    await expectDown([...other(ONE), ...node(ONE, 'n1'), short], [20 + SEEN + 14], [34]);
    await expectDown(rollout, ...Array.from({ length: 8 }, (_, index): readonly [number] => [20 + 5 * index]));
  });

  test('fires for an agent that is not there, and for one that answers now and then', async () => {
    const crashing = up(
      ONE,
      'n2',
      Array.from({ length: MINUTES / 5 }, (_, index): Turn => [5, index % 3 === 2 ? 1 : 0]),
    );
    await expectDown(
      [...other(ONE), ...node(ONE, 'n1'), ...node(ONE, 'n2'), crashing],
      // Known from the first minute on; in the first minutes the agent that crashes had no time to answer.
      [15],
      [16, at(ONE), at(ONE, 'n2')],
      [60, at(ONE), at(ONE, 'n2')],
    );
  });

  test('is silent where no agent answers, where nodes have none by design, and for a node that joins or goes', async () => {
    const series = [
      // All agents of a cluster are down: FlowSourceSilent says so.
      ...['n1', 'n2'].flatMap((name) => [...node(TWO, name), up(TWO, name, [[MINUTES, 0]])]),
      ...other(ONE),
      ...node(ONE, 'fargate-ip-10-0-0-1'),
      holding('kube_node_info', { ...ONE, node: 'win', os_image: 'Windows Server 2022' }, during([MINUTES, 1])),
      // A node that joins, whose agent starts within 10 minutes.
      ...node(ONE, 'new', [30, ABSENT], [50, 1]),
      up(ONE, 'new', [
        [40, ABSENT],
        [40, 1],
      ]),
      // One that goes: its agent before itself.
      ...node(ONE, 'old', [50, 1], [30, ABSENT]),
      up(ONE, 'old', [
        [45, 1],
        [35, ABSENT],
      ]),
    ];
    await expectDown(series, [20], [40], [45], [60], [75]);
  });

  test('counts ports, replicas of Prometheus and clusters for themselves', async () => {
    const series = [
      ...other(ONE),
      // One port of two does not answer.
      ...node(ONE, 'n1'),
      up(ONE, 'n1', [[MINUTES, 1]]),
      up(ONE, 'n1', [[MINUTES, 0]], { job: 'retina-pods' }),
      // One replica of Prometheus does not reach what the other reaches.
      ...node(ONE, 'n2'),
      up(ONE, 'n2', [[MINUTES, 1]]),
      up(ONE, 'n2', [[MINUTES, 0]], { prometheus_replica: 'b' }),
      // The same names in a cluster without a label.
      ...other({}),
      ...node({}, 'n1'),
    ];
    await expectDown(series, [30, at(ONE), at({})]);
  });

  test('is about the server of a source whose agents export nothing, too', async () => {
    const kubezonnet = generate({ flows: { source: 'kubezonnet' } }).file(FILE);
    const server = (place: Labels, ...turns: readonly Turn[]) =>
      holding('up', { ...place, job: 'kubezonnet', instance: '10.0.0.1:8080' }, during(...turns));
    const expectServer = firingOf(kubezonnet);
    await expectServer(
      'FlowAgentDown',
      'warning',
      [server(ONE, [20, 1], [30, 0], [10, 1]), server(TWO, [20, 1], [10, 0], [30, 1])],
      [
        [20 + SEEN + 14],
        [20 + SEEN + 15, { ...ONE, source: 'kubezonnet', agent: 'kubezonnet-server' }],
        [50 + SEEN + 4, { ...ONE, source: 'kubezonnet', agent: 'kubezonnet-server' }],
        [50 + SEEN + 5],
      ],
    );
  });

  describe('of a source with a server as well as an agent on each node', () => {
    /** Two nodes; n2 has no agent. */
    const oneMissing = (place: Labels) => [...node(place, 'n1'), ...node(place, 'n2')];

    test('kubezonnet, beside another source whose agents are all down', async () => {
      const expectKubezonnet = firingOf(generate({ flows: { source: ['kubezonnet', 'retina-hubble'] } }).file(FILE));
      const source: Labels = { source: 'kubezonnet' };
      const [without, server] = [
        { ...source, agent: 'kubezonnet-agent', node: 'n2' },
        { ...source, agent: 'kubezonnet-server' },
      ];
      const pod = (place: Labels) =>
        constant(
          'pod:cpu_usage_cores:rate5m',
          { ...place, node: 'n1', namespace: 'kubezonnet', pod: 'kubezonnet-agent-a' },
          0.01,
          MINUTES,
        );
      const answers = (place: Labels, level: number) =>
        holding('up', { ...place, job: 'kubezonnet', instance: '10.0.0.1:8080' }, during([MINUTES, level]));
      await expectKubezonnet(
        'FlowAgentDown',
        'warning',
        [
          ...oneMissing(ONE),
          pod(ONE),
          answers(ONE, 1),
          // FlowSourceSilent says that of a source whose agents are all down.
          up(ONE, 'n1', [[MINUTES, 0]]),
          up(ONE, 'n2', [[MINUTES, 0]]),
          ...oneMissing(TWO),
          pod(TWO),
          answers(TWO, 0),
        ],
        [[SEEN + 14], [40, { ...ONE, ...without }, { ...TWO, ...without }, { ...TWO, ...server }]],
      );
    });

    test('netobserv', async () => {
      const expectNetobserv = firingOf(generate({ flows: { source: 'netobserv' } }).file(FILE));
      const agent = { source: 'netobserv', agent: 'netobserv-ebpf-agent' };
      const pipeline = { source: 'netobserv', agent: 'flowlogs-pipeline' };
      const answers = (place: Labels, job: string, name: string, ...turns: readonly Turn[]) =>
        up(place, name, turns, { job });
      await expectNetobserv(
        'FlowAgentDown',
        'warning',
        [
          ...oneMissing(ONE),
          answers(ONE, 'netobserv-agent', 'n1', [MINUTES, 1]),
          answers(ONE, 'netobserv', 'n1', [MINUTES, 1]),
          // FlowSourceSilent says that no agent of the other cluster answers. One of its two pipelines is down for a while.
          ...oneMissing(TWO),
          answers(TWO, 'netobserv-agent', 'n1', [MINUTES, 0]),
          answers(TWO, 'netobserv', 'n1', [MINUTES, 1]),
          answers(TWO, 'netobserv', 'n2', [20, 1], [30, 0], [30, 1]),
        ],
        [
          [30, { ...ONE, ...agent, node: 'n2' }],
          [20 + SEEN + 14, { ...ONE, ...agent, node: 'n2' }],
          [20 + SEEN + 15, { ...ONE, ...agent, node: 'n2' }, { ...TWO, ...pipeline, node: 'n2' }],
          [50 + SEEN + 4, { ...ONE, ...agent, node: 'n2' }, { ...TWO, ...pipeline, node: 'n2' }],
          [50 + SEEN + 5, { ...ONE, ...agent, node: 'n2' }],
        ],
      );
    });
  });

  test('is about an agent that answered, where several exporters share the nodes', async () => {
    const exporters = { flows: { source: 'none' }, ethtool: { exporter: ['network-flow-monitor', 'node-exporter'] } };
    const monitor = (name: string, ...turns: readonly Turn[]) => up(ONE, name, turns, { job: 'network-flow-monitor' });
    const n2 = { ...ONE, source: 'network-flow-monitor', agent: 'aws-network-flow-monitor-agent', node: 'n2' };
    const expectMonitor = firingOf(generate(exporters).file(FILE));
    await expectMonitor(
      'FlowAgentDown',
      'warning',
      [
        // The node n3 has the other exporter.
        ...['n1', 'n2', 'n3'].flatMap((name) => node(ONE, name)),
        monitor('n1', [MINUTES, 1]),
        monitor('n2', [20, 1], [30, 0], [30, 1]),
      ],
      [[20 + SEEN + 14], [20 + SEEN + 15, n2], [50 + SEEN + 4, n2], [50 + SEEN + 5]],
    );
  });
});

describe('FlowSeriesChurn', () => {
  /** Two agents that have so many series together, and create so many times as many in an hour. */
  const churning = (place: Labels, total: number, ...turns: readonly Turn[]) => {
    const minutes = turns.reduce((sum, [count]) => sum + count, 0);
    return ['n1', 'n2'].flatMap((node) => {
      const labels = { ...place, node, instance: node, job: HUBBLE };
      return [
        constant('scrape_samples_scraped', labels, total / 2, minutes),
        // One scrape a minute.
        holding(
          'scrape_series_added',
          labels,
          during(...turns.map(([count, level]): Turn => [count, (Number(level) * total) / 2 / 60])),
        ),
      ];
    });
  };
  const at = (place: Labels): Labels => ({ ...place, ...AGENT });
  const expectChurn = (series: readonly InputSeries[], ...firing: Firing) =>
    expectFiring('FlowSeriesChurn', 'warning', series, firing);
  /** Minutes after a change until five scrapes of a minute each are those of the new level. */
  const WINDOW = 5;

  test('fires above twice an hour, to the minute, and goes on to the minute', async () => {
    const twice = [20, 2] as const;
    await expectChurn(
      churning(ONE, 6000, twice, [50, 2.01], [40, 2]),
      [20 + SEEN + 29],
      [20 + SEEN + 30, at(ONE)],
      // The last window with a higher level ends four minutes later.
      [70 + SEEN + WINDOW - 1 + 14, at(ONE)],
      [70 + SEEN + WINDOW - 1 + 15],
    );
    await expectChurn(churning(ONE, 6000, [100, 2]), [60], [99]);
  });

  test('does not fire for a peak, however high, nor for what begins anew within half an hour', async () => {
    await expectChurn(
      [
        ...churning(ONE, 6000, [20, 0], [5, 90], [60, 0]),
        ...churning(TWO, 6000, [20, 0], [20, 9], [10, 0], [20, 9], [15, 0]),
      ],
      ...[30, 50, 60, 75].map((minute): readonly [number] => [minute]),
    );
  });

  test('takes few series for 5,000, and clusters and replicas of Prometheus for themselves', async () => {
    const few = churning(ONE, 500, [60, 19]);
    const enough = churning(TWO, 500, [60, 21]);
    const replica = enough.map(({ series, values }) => ({ series: series.replace('}', ', replica="b"}'), values }));
    await expectChurn([...few, ...enough, ...replica], [50, at(TWO)]);
  });
});

describe('the texts', () => {
  const expectTexts = async (
    series: readonly InputSeries[],
    alert: string,
    minute: number,
    labels: Labels,
    said: RegExp,
  ) => {
    const rule = generated.bundle.ruleFiles
      .flatMap(({ groups }) => groups.flatMap((group) => group.rules))
      .find((one) => 'alert' in one && one.alert === alert);
    if (rule === undefined || !('alert' in rule)) throw new Error(`no alert ${alert}`);
    const filled = (text: string): string =>
      text
        .replaceAll(/\{\{ with \$labels\.(\w+) \}\}(.*?)\{\{ end \}\}/g, (_, name: string, inner: string) =>
          (labels[name] ?? '') === '' ? '' : inner.replaceAll(/\{\{ \.(?: \| urlquery)? \}\}/g, labels[name] ?? ''),
        )
        .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '')
        .replaceAll(/\{\{ \$value \| humanize(?:Percentage)? \}\}/g, VALUES[alert] ?? '');
    const annotations = Object.fromEntries(
      Object.entries(rule.annotations).map(([name, text]) => [name, filled(text)]),
    );
    expect(annotations['description']).toMatch(said);
    await testRules(
      [rules],
      [
        {
          name: alert,
          interval: INTERVAL,
          input_series: series,
          alert_rule_test: [
            {
              alertname: alert,
              eval_time: `${minute}m`,
              exp_alerts: [{ exp_labels: { ...labels, severity: 'warning' }, exp_annotations: annotations }],
            },
          ],
        },
      ],
    );
  };
  const VALUES: Readonly<Record<string, string>> = {
    FlowAgentDown: '1',
    FlowAgentThrottled: '50%',
    FlowSeriesChurn: '3',
  };

  test('name the node, what is wrong and what to do first', async () => {
    await expectTexts(
      throttled([40, 0.5]),
      'FlowAgentThrottled',
      30,
      { ...ONE, ...AGENT, node: 'n1' },
      /^Cluster one, node n1: retina-agent of retina-hubble was throttled in 50% of its CPU periods\..* First: /,
    );
    const labels = { ...ONE, node: 'n1', instance: 'n1', job: HUBBLE };
    await expectTexts(
      [constant('scrape_samples_scraped', labels, 6000, 60), constant('scrape_series_added', labels, 300, 60)],
      'FlowSeriesChurn',
      50,
      { ...ONE, ...AGENT },
      /^Cluster one, all retina-agent of retina-hubble create 3 times as many series in an hour as they have\..* First: /,
    );
    const node = (name: string) => constant('kube_node_info', { ...ONE, node: name }, 1, 40);
    await expectTexts(
      [node('n1'), node('n2'), constant('up', { ...labels, node: 'n2', instance: 'n2' }, 1, 40)],
      'FlowAgentDown',
      30,
      { ...ONE, ...AGENT, node: 'n1' },
      /^Cluster one, node n1: 1 agent is missing: retina-agent of retina-hubble does not answer.* kubectl get pods -A --field-selector spec\.nodeName=n1; /,
    );
  });
});
