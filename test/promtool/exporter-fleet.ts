import type { Random } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import {
  type ALLOWANCES,
  exposed as exposedByShowmax,
  exposedByCloudWatchAgent,
  exposedByNodeExporter,
  growing,
  type Labels,
  scrapes,
  seriesOfFlowMonitor,
} from './allowances-input.ts';

/** Statistics of the driver; `received_packets` stands for all that no rule reads. */
export type Statistic =
  `${(typeof ALLOWANCES)[number]}_allowance_exceeded` | 'conntrack_allowance_available' | 'received_packets';

/** An exporter as this test knows it. The device of its series is its own. */
export interface Exporter {
  readonly id: string;
  readonly job: string;
  readonly device: string;
  readonly isDelta: boolean;
  /** Whether it exports the connections that are left. */
  readonly hasGauge: boolean;
  /** A statistic with a value for each minute: packets within it, or connections. */
  readonly says: (statistic: Statistic, labels: Labels, perMinute: readonly number[]) => InputSeries;
}

const isGauge = (statistic: Statistic): boolean => statistic.endsWith('_available');

const counter =
  (exposed: typeof exposedByShowmax): Exporter['says'] =>
  (statistic, labels, perMinute) =>
    exposed(statistic, labels, isGauge(statistic) ? scrapes(perMinute) : growing(perMinute));

export const EXPORTERS: readonly Exporter[] = [
  {
    id: 'showmax',
    job: 'ethtool-exporter',
    device: 'ens5',
    isDelta: false,
    hasGauge: true,
    says: counter(exposedByShowmax),
  },
  {
    id: 'node-exporter',
    job: 'ethtool-node-exporter',
    device: 'ens5',
    isDelta: false,
    hasGauge: true,
    says: counter(exposedByNodeExporter),
  },
  {
    id: 'cloudwatch-agent',
    job: 'cloudwatch-agent',
    device: 'ens5',
    isDelta: false,
    hasGauge: true,
    says: counter(exposedByCloudWatchAgent),
  },
  {
    id: 'network-flow-monitor',
    job: 'network-flow-monitor',
    device: 'eni-1',
    isDelta: true,
    hasGauge: false,
    says: (statistic, labels, perMinute) => ({
      series: seriesOfFlowMonitor(statistic, labels),
      values: scrapes(perMinute),
    }),
  },
];

/** An interface of a node whose name is known, as the records have it. */
export const known = (cluster: string, name: string, device: string): Labels => ({
  cluster,
  instance: name,
  node: name,
  device,
});

/** A scrape target of an exporter on a node, and what it says, steadily. */
export interface Target {
  readonly exporter: Exporter;
  readonly cluster: string;
  readonly node: string;
  readonly labels: Labels;
  readonly packets: number;
  readonly left: number;
}

/** What must be recorded of targets, as the documentation says it. */
export function truthOf(targets: readonly Target[], list: readonly Exporter[]) {
  const isOurs = ({ exporter, labels }: Target): boolean => labels['job'] === exporter.job && list.includes(exporter);
  /** Those that count among these: in each cluster ours where there are any, else all. */
  const counting = (all: readonly Target[]): readonly Target[] =>
    all.filter((one) => isOurs(one) || !all.some((other) => other.cluster === one.cluster && isOurs(other)));
  const read = targets.filter(({ exporter }) => list.includes(exporter));
  const places = [...new Set(read.map(({ cluster, node }) => `${cluster}/${node}`))].map((place) => place.split('/'));
  const on = (all: readonly Target[], cluster = '', node = ''): readonly Target[] =>
    all.filter((one) => one.cluster === cluster && one.node === node);

  const packets = places.flatMap(([cluster = '', node = '']): (readonly [Labels, number])[] => {
    const here = on(counting(read), cluster, node);
    const exporter = list.find((one) => here.some((target) => target.exporter === one));
    if (exporter === undefined) return [];
    const said = here.filter((target) => target.exporter === exporter).map((target) => target.packets);
    // Each target of a counter has all packets, each of a delta a part.
    const all = exporter.isDelta ? said.reduce((sum, each) => sum + each, 0) : Math.max(...said);
    return [[known(cluster, node, exporter.device), Number((all / 60).toFixed(6))]];
  });
  const withGauge = counting(read.filter(({ exporter }) => exporter.hasGauge));
  const left = places.flatMap(([cluster = '', node = '']): (readonly [Labels, number])[] => {
    const here = on(withGauge, cluster, node).map((target) => target.left);
    return here.length === 0 ? [] : [[{ cluster, instance: node, node }, Math.min(...here)]];
  });
  const counts = [...new Set(packets.map(([{ cluster = '' }]) => cluster))].map(
    (cluster) => [{ cluster }, packets.filter(([labels]) => labels['cluster'] === cluster).length] as const,
  );
  return { packets, left, counts };
}

const CLUSTERS = ['c1', 'c2', 'c3', 'c4'];

/** A fleet whose nodes have the same names in each cluster, and any exporters, scraped by our job, another one or both. */
export function fleetOf(random: Random): readonly Target[] {
  return CLUSTERS.flatMap((cluster) => {
    // Some clusters have none of our jobs.
    const jobs = random.pick([['ours'], ['ours', 'another'], ['another']]);
    return Array.from({ length: random.int(2, 4) }, (_, index) => `n${index}`).flatMap((node, index) =>
      EXPORTERS.filter(() => random.int(0, 1) === 0).flatMap((exporter) =>
        jobs
          .filter(() => random.int(0, 3) > 0)
          .map((job) => ({
            exporter,
            cluster,
            node,
            labels: {
              cluster,
              device: exporter.device,
              ...(job === 'ours' ? { job: exporter.job } : { job }),
              ...random.pick([{ instance: node, node }, { instance: `10.0.${index}.1:9000` }]),
            },
            packets: random.int(1, 500),
            left: random.int(1000, 9000),
          })),
      ),
    );
  });
}

/** The nodes of such a fleet as kube-state-metrics describes them. */
export const NODE_INFO: readonly InputSeries[] = CLUSTERS.flatMap((cluster) =>
  [0, 1, 2, 3].map((index) => ({
    series: seriesText('kube_node_info', { cluster, node: `n${index}`, internal_ip: `10.0.${index}.1`, job: 'ksm' }),
    values: '1x24',
  })),
);
