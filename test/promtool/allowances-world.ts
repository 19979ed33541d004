import type { Random } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { ALLOWANCES, type Labels } from './allowances-input.ts';
import type { Exporter } from './exporter-fleet.ts';

type Allowance = (typeof ALLOWANCES)[number];

/** Minutes of the world; each is scraped at its half, and the rules run at the end. */
export const MINUTES = 12;

/** A network interface as a target of an exporter shows it. */
export interface Interface {
  readonly device: string;
  /** Packets over each allowance, in the units of `perMinute`. */
  readonly packets: Readonly<Record<Allowance, number>>;
  /** Connections left; undefined where the exporter does not say. */
  readonly left: number | undefined;
  /** Whether that number changes, once, in the first of the last five minutes. */
  readonly moves: boolean;
}

/** A scrape target of an exporter. */
export interface Target {
  readonly exporter: Exporter;
  readonly cluster: string;
  readonly job: string;
  readonly instance: string;
  /** The label `node`; empty where the scrape configuration does not set it. */
  readonly node: string;
  readonly interfaces: readonly Interface[];
  /** Minutes after which it is gone; to the end by default. */
  readonly until: number;
  /** What it shows of interfaces that are none of the instance. */
  readonly others: readonly string[];
  /** Whether it has statistics that are no allowance. */
  readonly hasOthers: boolean;
}

/** What each minute has of a number of packets: means of the last five, of the last four and of the last one all differ. */
export const perMinute = (units: number): readonly number[] =>
  [...Array.from({ length: MINUTES - 4 }, () => 1), 7, 3, 13, 2].map((times) => times * units);

/** A row of kube_node_info, scraped every half minute from a minute to another. */
export interface Row {
  readonly cluster: string;
  readonly node: string;
  readonly address: string;
  readonly instance?: string;
  readonly from?: number;
  readonly until?: number;
  /** A label that kube-state-metrics loses to its own target: what the row says is not of the node that it names. */
  readonly lost?: string;
}

/** Nodes of clusters with names and addresses in common. */
export const ROWS: readonly Row[] = [
  { cluster: 'c1', node: 'n1', address: '10.0.0.1' },
  { cluster: 'c1', node: 'n2', address: '10.0.0.2' },
  { cluster: 'c1', node: 'n2', address: 'fd00::2' },
  { cluster: 'c2', node: 'm1', address: '10.0.0.1' },
  { cluster: 'c2', node: 'n1', address: '10.0.0.91' },
  { cluster: 'c3', node: 'n1', address: '10.0.0.1' },
  { cluster: 'c3', node: 'n2', address: 'fd00::2' },
  { cluster: 'c4', node: 'n2', address: '10.0.0.2' },
  { cluster: 'c5', node: 'n2', address: '10.0.0.2' },
  // Without an address, and without a name: neither is the node of a target whose host is unknown.
  { cluster: 'c1', node: 'd', address: '' },
  { cluster: 'c1', node: '', address: '10.0.0.77' },
  ...['namespace', 'pod', 'node'].map((label) => ({
    cluster: 'c1',
    node: 'nx',
    address: '10.0.0.31',
    lost: `exported_${label}`,
  })),
  // An address that was that of another node in between; one of two replicas lost sight of the node.
  { cluster: 'c1', node: 'new', address: '10.0.0.5', from: 5 },
  { cluster: 'c1', node: 'new', address: '10.0.0.5', instance: 'ksm-2', from: 1, until: 2 },
  { cluster: 'c1', node: 'old', address: '10.0.0.5', from: 6, until: 8 },
  // A node whose name is the address that another had in between.
  { cluster: 'c1', node: '10.0.0.6', address: '10.0.0.60', from: 5 },
  { cluster: 'c1', node: 'old', address: '10.0.0.6', from: 6, until: 8 },
];

/** Rows as kube-state-metrics exports them. */
export const nodeInfo = (rows: readonly Row[]): readonly InputSeries[] =>
  rows.map(({ cluster, node, address, instance = 'ksm-1', from = 0, until = MINUTES, lost }) => ({
    series: seriesText('kube_node_info', {
      job: 'kube-state-metrics',
      cluster,
      node,
      instance,
      internal_ip: address,
      ...(lost === undefined ? {} : { [lost]: 'of-its-own' }),
    }),
    values: `_x${2 * from} 1x${2 * (until - from)} stale`,
  }));

/** Where a target is: `job` undefined is ours for the exporter. */
interface Place {
  readonly cluster: string;
  readonly job?: string;
  readonly instance: string;
  readonly node?: string;
  readonly says?: 'counters' | 'no excess' | 'loopback' | 'another statistic';
  readonly until?: number;
  /** Whether it shows what does not count as well. */
  readonly noisy?: true;
}

const PLACES: readonly Place[] = [
  { cluster: 'c1', instance: 'n1', node: 'n1', noisy: true },
  { cluster: 'c1', instance: '10.0.0.2:9417' },
  // The label is right whatever the address is.
  { cluster: 'c1', instance: '10.0.0.1:9417', node: 'n2' },
  { cluster: 'c1', instance: '10.0.0.1:9417' },
  // An instance like the name of a node that is known by its label alone.
  { cluster: 'c1', instance: 'n3' },
  { cluster: 'c1', instance: '10.9.9.9:1', node: 'n3' },
  { cluster: 'c1', instance: '10.0.0.31:1' },
  { cluster: 'c1', instance: 'nx' },
  { cluster: 'c1', instance: '10.0.0.5:1' },
  { cluster: 'c1', instance: '10.0.0.6' },
  { cluster: 'c1', instance: '10.0.0.77:1' },
  { cluster: 'c1', instance: 'n4', says: 'loopback', noisy: true },
  { cluster: 'c1', instance: 'n5', says: 'another statistic', noisy: true },
  { cluster: 'c1', instance: 'n6', until: 8 },
  { cluster: 'c1', instance: 'n8', says: 'no excess' },
  // Another job beside ours: it counts nowhere.
  { cluster: 'c1', job: 'a', instance: 'n9', node: 'n9' },
  { cluster: 'c1', job: 'a', instance: '10.0.0.1:9100' },
  { cluster: 'c1', job: 'a', instance: 'n7' },
  { cluster: 'c2', instance: 'n1', node: 'n1' },
  { cluster: 'c2', instance: '10.0.0.2:9417' },
  { cluster: 'c2', instance: '10.0.0.1:9417' },
  { cluster: 'c2', instance: 'n3' },
  // Without ours, all others count.
  { cluster: 'c3', job: 'a', instance: 'n1:9100' },
  { cluster: 'c3', job: 'b', instance: 'n1:9100' },
  { cluster: 'c3', job: 'a', instance: '10.0.0.1:9100' },
  { cluster: 'c3', job: 'a', instance: '[fd00::2]' },
  { cluster: 'c3', job: 'b', instance: '[fd00::2]:9100' },
  { cluster: 'c3', job: 'a', instance: 'n9' },
  // Ours says nothing about connections here, and nothing for almost a window there.
  { cluster: 'c4', instance: 'n1', node: 'n1', says: 'counters' },
  { cluster: 'c4', job: 'a', instance: 'n2:1' },
  { cluster: 'c5', instance: 'n1', node: 'n1', until: 8 },
  { cluster: 'c5', job: 'a', instance: 'n2:1' },
];

/** What each of several exporters has to itself, and where it meets the one before. */
const meetingsOf = (exporters: readonly Exporter[]): readonly (readonly [Place, Exporter])[] =>
  exporters.flatMap((exporter, index): (readonly [Place, Exporter])[] => {
    const before = exporters[index - 1];
    const meeting = `m${index}`;
    return [
      // Two jobs have one node, and no other exporter has it.
      ...['a', 'b'].map((job) => [{ cluster: exporter.id, job, instance: job, node: 'n1' }, exporter] as const),
      [{ cluster: 'c6', instance: exporter.id }, exporter],
      // An instance like the name of a node that is known by its label alone.
      ...(before === undefined ? [] : [[{ cluster: 'c6', instance: meeting }, before] as const]),
      [{ cluster: 'c6', instance: '10.9.9.9:1', node: meeting }, exporter],
    ];
  });

/** Targets of these exporters: of a single one at all places, of several by chance. */
export function targetsOf(exporters: readonly Exporter[], random: Random): readonly Target[] {
  const [single, ...more] = exporters;
  if (single !== undefined && more.length === 0) return PLACES.map((place) => targetAt(place, single, random));
  // Clusters differ in what they have at all, and their nodes in what they have of it.
  const had = new Map(
    ['c1', 'c2', 'c3', 'c4', 'c5'].map((cluster) => {
      const some = random.int(0, 1) === 0 ? exporters : exporters.filter(() => random.int(0, 1) === 0);
      return [cluster, some.length === 0 ? exporters.slice(-1) : some];
    }),
  );
  const mixed = PLACES.flatMap((place) =>
    (had.get(place.cluster) ?? []).filter(() => random.int(1, 10) <= 6).map((exporter) => [place, exporter] as const),
  );
  return [...mixed, ...meetingsOf(exporters)].map(([place, exporter]) => targetAt(place, exporter, random));
}

function targetAt(place: Place, exporter: Exporter, random: Random): Target {
  const { cluster, job = exporter.job, node = '', until = MINUTES } = place;
  const isNoisy = place.noisy === true;
  return {
    exporter,
    cluster,
    job,
    // The CloudWatch agent is not scraped: its label node comes without an instance.
    instance: exporter.id === 'cloudwatch-agent' && node !== '' ? '' : place.instance,
    node,
    until,
    interfaces: interfacesOf(exporter, place, random),
    others: isNoisy && !exporter.isDelta && place.says !== 'another statistic' ? ['lo', 'veth0'] : [],
    hasOthers: isNoisy,
  };
}

function interfacesOf(exporter: Exporter, { says }: Place, random: Random): readonly Interface[] {
  if (says === 'another statistic') return [];
  const names = exporter.isDelta ? ['eni-1', 'eni-2'] : ['ens5', 'eth0'];
  const devices = random.pick([names, names.slice(0, 1), names.slice(1)]);
  const packets = () =>
    Object.fromEntries(
      ALLOWANCES.map((allowance) => [
        allowance,
        says === 'no excess' || random.int(0, 3) === 0 ? 0 : random.int(1, 60),
      ]),
    ) as Record<Allowance, number>;
  const hasGauge = exporter.hasGauge && says !== 'counters';
  const one = (device: string): Interface => ({
    device,
    packets: packets(),
    left: hasGauge ? random.int(100, 999) : undefined,
    moves: random.int(0, 2) === 0,
  });
  // The ID of an interface is never that of the loopback.
  return says === 'loopback' && !exporter.isDelta ? [] : devices.map(one);
}

const cut = ({ until }: Target, values: readonly number[]): readonly number[] => values.slice(0, until);
const ended = ({ until }: Target, series: InputSeries): InputSeries =>
  until < MINUTES ? { ...series, values: `${series.values} stale` } : series;

const MANY = 1e6;

/** The series of targets. */
export const seriesOf = (targets: readonly Target[]): readonly InputSeries[] =>
  targets.flatMap((target): readonly InputSeries[] => {
    const { exporter, cluster, job, instance, node, interfaces, others, hasOthers } = target;
    const on = (device: string): Labels => ({ cluster, job, instance, node, device });
    const shown = interfaces.flatMap(({ device, packets, left, moves }) => [
      ...ALLOWANCES.map((allowance) =>
        exporter.says(`${allowance}_allowance_exceeded`, on(device), cut(target, perMinute(packets[allowance]))),
      ),
      ...(left === undefined
        ? []
        : [exporter.says('conntrack_allowance_available', on(device), cut(target, leftOf(left, moves)))]),
    ]);
    const hidden = others.flatMap((device) => [
      ...ALLOWANCES.map((allowance) => exporter.says(`${allowance}_allowance_exceeded`, on(device), perMinute(MANY))),
      exporter.says('conntrack_allowance_available', on(device), leftOf(1, true)),
    ]);
    const another = hasOthers ? [exporter.says('received_packets', on('ens5'), perMinute(MANY))] : [];
    return [...shown.map((series) => ended(target, series)), ...hidden, ...another];
  });

/** Connections left, by minute. */
function leftOf(left: number, moves: boolean): readonly number[] {
  return Array.from({ length: MINUTES }, (_, minute) => (moves && minute < MINUTES - 4 ? left + 1 : left));
}
