import { generate, RULES } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { ABSENT, constant, during, holding } from './pipeline-input.ts';

/** Input beside the one quantity of `AlertCase`, and where the alert fires at these minutes, nowhere else. */
export interface Edge {
  readonly name: string;
  readonly series: readonly InputSeries[];
  readonly firing: readonly (readonly [minute: number, ...where: Labels[]])[];
  /** What the alert's text counts at a minute, for everywhere that it fires. */
  readonly counted?: readonly [minute: number, ...found: (readonly [Labels, number])[]];
}

export const MINUTES = 60;
export const ONE: Labels = { cluster: 'one' };
export const TWO: Labels = { cluster: 'two' };

export const always = (name: string, labels: Labels, level = 1) => constant(name, labels, level, MINUTES);
/** Holds 1 for so many minutes, and then ends. Its last sample is half a minute before the last of them is over. */
export const ending = (name: string, labels: Labels, minutes: number) =>
  holding(name, labels, during([minutes, 1], [MINUTES - minutes, ABSENT]));
/** The last minute that sees a series which `ending` gave so many minutes, through a window of so many. */
export const lastSeen = (minutes: number, window: number) => minutes - 1 + window;

/** A flow source with alerts that no other one has in these words. */
export interface EdgeSource {
  readonly source: string;
  readonly units: readonly string[];
  /** What says that pods are known: what is remembered of them, pods that are there now, or both. */
  readonly known: 'remembered' | 'now' | 'both';
  /** Whether it reports both ends of what it sees. */
  readonly bothEnds: boolean;
  /** Its own labels of the zones of both ends, where it has any. */
  readonly zones?: readonly [source: string, destination: string];
  /** Whether pods are known by what it reports alone. */
  readonly native?: true;
}

export const SOURCES: readonly EdgeSource[] = [
  { source: 'retina-hubble', units: ['network_flows'], known: 'both', bothEnds: true },
  {
    source: 'retina-standard',
    units: ['network_packets', 'network_bytes'],
    known: 'both',
    bothEnds: true,
    zones: ['source_zone', 'destination_zone'],
  },
  {
    source: 'obi',
    units: ['network_packets', 'network_bytes'],
    known: 'remembered',
    bothEnds: true,
    zones: ['src_zone', 'dst_zone'],
  },
  {
    source: 'netobserv',
    units: ['network_packets', 'network_bytes'],
    known: 'remembered',
    bothEnds: true,
    zones: ['SrcK8S_Zone', 'DstK8S_Zone'],
    native: true,
  },
  { source: 'kubezonnet', units: ['network_bytes'], known: 'now', bothEnds: false },
];

/** Input in the terms of a flow source. */
export interface EdgeInput extends EdgeSource {
  /** Two series that differ in every label by which any rule of the source groups, but for those that are given. */
  readonly twins: (name: string, labels: Labels, level?: number) => readonly InputSeries[];
  /** Twins of an end of traffic, in each unit. */
  readonly ends: (end: 'source' | 'destination', labels: Labels, level?: number) => readonly InputSeries[];
  /** A pod that sends, in each unit. */
  readonly sender: (place: Labels, pod?: string, level?: number) => readonly InputSeries[];
  /** Series of each unit. */
  readonly each: <T>(series: (unit: string) => readonly T[]) => readonly T[];
  /** Labels of alerts, in each unit. */
  readonly of: (...places: readonly Labels[]) => readonly Labels[];
}

/** @param given the rest of the configuration. */
export function edgeInput(from: EdgeSource, given: object): EdgeInput {
  const rules = generate({ ...given, flows: { source: from.source } }).file(RULES.zoneTraffic);
  const grouped = new Set([...rules.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/)));
  const twins: EdgeInput['twins'] = (name, labels, level) =>
    ['a', 'b'].flatMap((value) => {
      const others = Object.fromEntries(['instance', ...grouped].map((label) => [label, value]));
      return always(name, { ...others, cluster: '', ...labels }, level);
    });
  const each: EdgeInput['each'] = (series) => from.units.flatMap(series);
  return {
    ...from,
    twins,
    each,
    ends: (end, labels, level) => each((unit) => twins(`${end}_endpoint:${unit}:rate5m`, labels, level)),
    sender: (place, pod = 'cart', level = 1) =>
      each((unit) => [always(`source_endpoint:${unit}:rate5m`, { ...place, namespace: 'shop', pod }, level)]),
    of: (...places) => each((unit) => places.map((place) => ({ ...place, unit }))),
  };
}
