import { describe, expect, test } from '@jest/globals';
import { groupBy } from '../../../bench/group.ts';
import { keyOfLabels, type Labels } from '../../../bench/model.ts';
import { samplesOf } from '../../../bench/samples.ts';
import { scrapesOf } from '../../../bench/timeline.ts';
import type { WrittenSeries } from '../../../bench/remote-write.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { createFeed } from '../../../demo/feed.ts';
import { type DemoTarget, demoTargets } from '../../../demo/feed/targets.ts';
import { makeStory, PLOT } from '../../../demo/story.ts';
import { EXPORTERS, readingsOf } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';

// A multiple of the interval after the story's start, so that scrapes lie on it.
const NOW = 1_768_478_400;
const STEP = 30;

const fedBy = (given: object, until: number): readonly WrittenSeries[] => {
  const { config } = generate(given);
  const story = makeStory(NOW, config);
  return createFeed(story, config, STEP).until(story.start + until);
};
const named = (series: readonly WrittenSeries[], name: string, where: Labels = {}): readonly WrittenSeries[] =>
  series.filter(({ labels }) =>
    Object.entries({ __name__: name, ...where }).every(([label, value]) => labels[label] === value),
  );

describe('the feed', () => {
  test('gives what scrapes of the timeline give, under the labels of the generated scrape jobs', () => {
    const { config } = generate();
    const story = makeStory(NOW, config);
    const duration = 900;
    const pages: Readonly<Record<string, string>> = { kubelet: '/metrics/cadvisor', 'kubelet-pods': '/metrics' };
    // Prometheus does not store these.
    const isDropped = (metric: string, { le = '' }: Labels): boolean =>
      /^(?:etcd_request|apiserver_request_sli)_duration_seconds_bucket$/.test(metric) &&
      /^(?:0[.][2468]|1[.]25|1[.]5|[2346]|15|20|45)$/.test(le);
    const first = story.timeline.filter(({ from }) => from <= duration);
    const scrapes = scrapesOf(first, {
      kubeStateMetricsReplicas: 1,
      aggregation: 'low',
      dns: true,
      rules: true,
      controlPlane: ['api-servers', 'kubelets', 'queues'],
    }).map((scrape) => {
      const { node, pod, instance = '' } = scrape.labels;
      const job = {
        hubble: 'networkobservability-hubble',
        ethtool: 'ethtool-exporter',
        'kubelet-pods': 'kubelet',
      }[scrape.labels['job'] ?? ''];
      const own = scrape.labels['job'] === 'coredns' ? pod : node;
      const page = pages[scrape.labels['job'] ?? ''];
      const path = page === undefined ? {} : { metrics_path: page };
      const place = node === undefined ? { instance } : { instance: own ?? '', node, ...path };
      const families = scrape.families.map((one) => ({
        ...one,
        series: one.series.filter(({ metric, labels }) => !isDropped(metric, labels)),
      }));
      return {
        ...scrape,
        families,
        labels: { job: job ?? scrape.labels['job'] ?? '', ...place, cluster: 'production' },
      };
    });
    const wanted = new Map(
      samplesOf(scrapes, { step: STEP, duration, whole: true }).map(({ labels, values }) => [
        keyOfLabels(labels),
        values,
      ]),
    );
    const given = createFeed(story, config, STEP).until(story.start + duration);
    const reported = ['up', 'scrape_samples_scraped', 'scrape_series_added'];
    const fed = given.filter(({ labels }) => !reported.includes(labels['__name__'] ?? ''));
    const sorted = (keys: Iterable<string>): string => [...keys].toSorted((x, y) => (x < y ? -1 : 1)).join('\n');
    expect(sorted(fed.map(({ labels }) => keyOfLabels(labels))) === sorted(wanted.keys())).toBe(true);
    // A counter that bends may be off by one: the simulator adds a millionth at every bend.
    const off = fed.flatMap(({ labels, samples }) => {
      const values = wanted.get(keyOfLabels(labels)) ?? [];
      return samples.flatMap(({ value, milliseconds }) => {
        const expected = values[(milliseconds / 1000 - story.start) / STEP];
        const isClose = typeof value === 'number' && typeof expected === 'number' && Math.abs(value - expected) <= 1;
        return isClose ? [] : [{ labels, value, expected }];
      });
    });
    expect(off).toEqual([]);
    expect(fed.every(({ samples }) => samples.length === duration / STEP + 1)).toBe(true);
    // Four jobs on each node, kube-state-metrics, CoreDNS, two API servers, scheduler and controllers, and Prometheus.
    // What each scrape found is told as well, and that nothing of it is new but for the first.
    for (const name of reported) expect(named(given, name)).toHaveLength(4 * 9 + 1 + 3 + 2 + 2 + 1);
    const found = new Map(given.map(({ labels }) => [`${labels['job']} ${labels['instance']}`, 0]));
    for (const { labels } of fed) {
      const key = `${labels['job']} ${labels['instance']}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    const hubble = named(given, 'scrape_samples_scraped', { job: 'networkobservability-hubble' });
    expect(hubble.map(({ samples }) => samples[0]?.value)).toEqual(
      hubble.map(({ labels }) => found.get(`${labels['job']} ${labels['instance']}`)),
    );
    const added = named(given, 'scrape_series_added', { job: 'networkobservability-hubble' });
    expect(added.map(({ samples }) => samples.map(({ value }) => value))).toEqual(
      hubble.map(({ samples }) => samples.map(({ value }, index) => (index === 0 ? value : 0))),
    );
  });

  test('goes on where it was, however often it is asked', () => {
    const { config } = generate();
    const story = makeStory(NOW, config);
    const [whole, pieces] = [createFeed(story, config, STEP), createFeed(story, config, STEP)];
    const asText = (series: readonly WrittenSeries[]): string[] => {
      const byLabels = groupBy(series, ({ labels }) => keyOfLabels(labels));
      return [...byLabels].map(([key, parts]) => key + JSON.stringify(parts.flatMap(({ samples }) => samples)));
    };
    const parts = [17, 100, 100, 450, 600].flatMap((seconds) => pieces.until(story.start + seconds));
    expect(asText(parts).join('\n') === asText(whole.until(story.start + 600)).join('\n')).toBe(true);
  }, 20_000);

  test('marks the series of a pod that is gone as ended, once, and never lets a counter fall', () => {
    const { config } = generate();
    const story = makeStory(NOW, config);
    const feed = createFeed(story, config, STEP);
    feed.until(NOW + PLOT.move.at - 60);
    const series = feed.until(NOW + PLOT.move.at + 60);
    const ended = series.filter(
      ({ labels, samples }) =>
        // Flags are those of a sender, wherever its packets pass: the agent at the other end sees no more of them.
        labels['__name__'] !== 'hubble_tcp_flags_total' && samples.some(({ value }) => value === 'stale'),
    );
    const old = story.timeline[0]?.cluster.pods.find(({ workload }) => workload.name === 'indexer');
    expect(named(ended, 'kube_pod_info').map(({ labels }) => labels['uid'])).toEqual([old?.uid]);
    for (const { labels, samples } of ended) {
      expect(Object.values(labels)).toContain(old?.name);
      expect(samples.findIndex(({ value }) => value === 'stale')).toBe(samples.length - 1);
      expect(samples.at(-1)?.milliseconds).toBe((NOW + PLOT.move.at) * 1000);
    }
    const counters = [...named(series, 'hubble_flows_processed_total'), ...named(series, 'node_net_ethtool')];
    const falling = counters.filter(({ labels, samples }) => {
      if (labels['type'] === 'conntrack_allowance_available') return false;
      const values = samples.flatMap(({ value }) => (value === 'stale' ? [] : [value]));
      return values.some((value, index) => value < (values[index - 1] ?? 0));
    });
    expect(falling).toEqual([]);
  }, 20_000);

  test('keeps a counter of allowances that stands still at what it reached', () => {
    const { config } = generate();
    const story = makeStory(NOW, config);
    const feed = createFeed(story, config, STEP);
    feed.until(NOW + PLOT.restore.from);
    const over = { type: 'bw_in_allowance_exceeded' };
    const values = named(feed.until(NOW + PLOT.restore.until + 1800), 'node_net_ethtool', over).flatMap(
      ({ samples }) => {
        const last = samples.at(-1)?.value;
        return typeof last === 'number' && last > 0 ? [samples.map(({ value }) => Number(value))] : [];
      },
    );
    expect(values).toHaveLength(1);
    expect(values[0]?.at(-1)).toBe(Math.max(...(values[0] ?? [])));
  }, 20_000);
});

describe('targets that change', () => {
  const { config } = generate();
  const story = makeStory(NOW, config);
  const [first] = story.timeline;
  if (first === undefined) throw new RangeError('no stage');
  const { cluster } = first;
  const all = demoTargets(cluster, config).filter(({ labels }) => labels['job'] === 'ethtool-exporter');
  const [ours] = all;
  const node = ours?.labels['node'] ?? '';
  /** Ten steps, in three stages: as it is, something else, and as it is again. */
  const fedWith = (middle: readonly DemoTarget[], after: readonly DemoTarget[] = all): readonly WrittenSeries[] => {
    const targets = [all, middle, after];
    const timeline = targets.map((_, index) => ({ from: index * 4 * STEP, cluster, index }));
    const feed = createFeed({ start: NOW, fedFrom: NOW, timeline }, config, STEP, ({ index }) => targets[index] ?? []);
    return feed.until(NOW + 11 * STEP);
  };
  const changed = (change: Partial<DemoTarget>): readonly DemoTarget[] =>
    all.map((target) => (target === ours ? { ...target, ...change } : target));
  const packets = (series: readonly WrittenSeries[]) =>
    named(series, 'node_net_ethtool', { node, type: 'rx_packets' }).flatMap(({ samples }) =>
      samples.map(({ value }) => value),
    );
  const up = (series: readonly WrittenSeries[]) =>
    named(series, 'up', { node }).flatMap(({ samples }) => samples.map(({ value }) => value));

  test('have no series while they are down, but for up, and go on from where their counters would be', () => {
    const [steady, series] = [packets(fedWith(all)), fedWith(changed({ isDown: true }))];
    expect(steady).toHaveLength(12);
    expect(up(series)).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(packets(series)).toEqual([...steady.slice(0, 4), 'stale', ...steady.slice(8)]);
  });

  test('count from 0 after a restart, once', () => {
    const steady = packets(fedWith(all)).map(Number);
    const restarted = changed({ restarts: 1 });
    const grown = (steps: number): number => (steady[steps] ?? 0) - (steady[0] ?? 0);
    expect(packets(fedWith(restarted, restarted))).toEqual([
      ...steady.slice(0, 4),
      ...Array.from({ length: 8 }, (_, steps) => grown(steps)),
    ]);
  });

  test('end when they are gone, and begin when they come', () => {
    const series = fedWith(all.filter((target) => target !== ours));
    expect(up(series)).toEqual([1, 1, 1, 1, 'stale', 1, 1, 1, 1]);
    expect(packets(series)).toHaveLength(9);
  });
});

describe('the labels of the feed', () => {
  test('leave the cluster out, or call it otherwise, as configured', () => {
    expect(fedBy({ cluster: { label: null } }, 30).filter(({ labels }) => 'cluster' in labels)).toEqual([]);
    const renamed = fedBy({ cluster: { label: 'k8s', name: 'blue' } }, 30);
    expect(renamed.filter(({ labels }) => labels['k8s'] !== 'blue' || 'cluster' in labels)).toEqual([]);
  });

  test('give the zone under the configured node label', () => {
    const series = fedBy({ zones: { nodeLabel: 'example.com/failureZone' } }, 0);
    const zones = named(series, 'kube_node_labels').map(({ labels }) => labels['label_example_com_failure_zone']);
    expect(new Set(zones)).toEqual(new Set(['ap-northeast-2a', 'ap-northeast-2b', 'ap-northeast-2c']));
  });

  test('give the name of the zone beside its ID', () => {
    const series = fedBy({ zones: { nodeLabel: 'topology.k8s.aws/zone-id' } }, 0);
    const [first] = named(series, 'kube_node_labels');
    expect(first?.labels).toMatchObject({
      label_topology_k8s_aws_zone_id: 'ap-northeast-2a',
      label_topology_kubernetes_io_zone: 'ap-northeast-2a',
    });
  });

  test.each([
    [['retina-standard'], ['networkobservability_adv_forward_bytes'], 'hubble_flows_processed_total'],
    [['retina-hubble', 'netobserv'], ['hubble_flows_processed_total', 'netobserv_workload_ingress_bytes_total'], ''],
    ['obi', ['obi_network_flow_bytes_total'], 'hubble_flows_processed_total'],
    ['netobserv', ['netobserv_workload_ingress_bytes_total'], 'hubble_flows_processed_total'],
    ['kubezonnet', ['pod_cross_zone_network_traffic_bytes_total'], 'hubble_flows_processed_total'],
    ['none', ['kube_pod_info', 'node_net_ethtool'], 'hubble_flows_processed_total'],
  ])('follow the source %j', (source, wanted, not) => {
    const series = fedBy({ flows: { source } }, 0);
    for (const name of wanted) expect(named(series, name).length).toBeGreaterThan(0);
    expect(named(series, not)).toEqual([]);
  });

  const ofExporters: Readonly<Record<string, { readonly metric: string; readonly job: string }>> = {
    showmax: { metric: 'node_net_ethtool', job: 'ethtool-exporter' },
    'node-exporter': { metric: 'node_ethtool_pps_allowance_exceeded', job: 'ethtool-node-exporter' },
    'network-flow-monitor': { metric: 'pps_allowance_exceeded', job: 'network-flow-monitor' },
    'cloudwatch-agent': { metric: 'ethtool_pps_allowance_exceeded', job: 'cloudwatch-agent' },
  };

  test.each(EXPORTERS)(
    'have the ENA allowances as %s names them and nobody else, at the job of its series',
    (exporter) => {
      const series = fedBy({ flows: { source: 'none' }, ethtool: { exporter } }, 0);
      const [first] = named(series, ofExporters[exporter]?.metric ?? '');
      expect(first?.labels).toMatchObject({ job: ofExporters[exporter]?.job, cluster: 'production' });
      const others = Object.entries(ofExporters).filter(([id]) => id !== exporter);
      expect(others.flatMap(([, { metric }]) => named(series, metric))).toEqual([]);
    },
  );

  test('have the ENA allowances of several exporters, of each node by one of them', () => {
    const exporters = {
      'network-flow-monitor': ['network-flow-monitor', 'pps_allowance_exceeded'],
      showmax: ['ethtool-exporter', 'node_net_ethtool'],
    } as const;
    const series = fedBy({ ethtool: { exporter: Object.keys(exporters) } }, 0);
    const nodes = Object.values(exporters).map(([job, name]) => {
      const found = named(series, name);
      expect(new Set(found.map(({ labels }) => labels['job']))).toEqual(new Set([job]));
      return new Set(found.map(({ labels }) => labels['node']));
    });
    const [first = new Set(), second = new Set()] = nodes;
    expect(first.size).toBeGreaterThan(0);
    expect(second.size).toBeGreaterThan(0);
    expect([...first].filter((node) => second.has(node))).toEqual([]);
    const all = named(fedBy({}, 0), 'node_net_ethtool').map(({ labels }) => labels['node']);
    expect(new Set([...first, ...second])).toEqual(new Set(all));
  });

  test('have no ENA allowances without their exporter', () => {
    expect(named(fedBy({ ethtool: { exporter: 'none' } }, 0), 'node_net_ethtool')).toEqual([]);
  });
});

describe('every label that rules read of the ends of flows is fed', () => {
  test.each([
    ...SOURCE_IDS.map((source) => ({ flows: { source } })),
    { flows: { source: 'obi' }, obi: { addresses: true } },
    { flows: { source: 'beyla' }, beyla: { addresses: true } },
  ])('%j', (given) => {
    const { config } = generate(given);
    const fed = new Set(fedBy(given, 60).flatMap(({ labels }) => Object.keys(labels)));
    const read = readingsOf(config).sources.flatMap(({ ends }) =>
      Object.values(ends).flatMap((end) => Object.values(end)),
    );
    expect(read.length).toBeGreaterThan(1);
    expect(read.filter((label) => !fed.has(label))).toEqual([]);
  });
});
