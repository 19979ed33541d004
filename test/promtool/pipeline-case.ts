import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { ABSENT, constant, holding, type Level } from './pipeline-input.ts';

/** One alert: what makes it fire, in terms of one quantity that the records or exporters tell. */
export interface AlertCase {
  readonly alert: string;
  /** Minutes until it fires, and minutes for which it goes on afterwards. */
  readonly pending: number;
  readonly keep: number;
  /** Evaluations that see what happened in one minute: a level is seen once, growth as long as it is in the window. */
  readonly memory: number;
  /** Levels at which nothing is wrong, the threshold itself among them; and levels at which something is, from the smallest step above it on. */
  readonly well: readonly [Level, ...Level[]];
  readonly ill: readonly [Level, ...Level[]];
  /** The input of a place whose quantity has these levels, minute by minute. */
  readonly series: (place: Labels, levels: readonly Level[]) => InputSeries[];
  /** Labels of the alert, for a place. */
  readonly labels: (place: Labels) => Labels;
  /** Whether it leaves series without the cluster label to ClusterLabelMissing. */
  readonly anchored?: true;
  /** A changed threshold that the first ill level does not reach, with a level that does. */
  readonly changed?: { readonly threshold: number; readonly ill: Level };
}

export const UNIT = 'network_flows';
export const ofUnit = (place: Labels): Labels => ({ ...place, unit: UNIT });
export const sent = `source_endpoint:${UNIT}:rate5m`;
/** 100 flows per second, of two pods. */
export const flows = (place: Labels, minutes: number): InputSeries[] => [
  constant(sent, { ...place, namespace: 'shop', pod: 'cart-1' }, 60, minutes),
  constant(sent, { ...place, namespace: 'shop', pod: 'cart-2' }, 40, minutes),
];

/** A share is spread over the reasons that count as faults; what is outside the cluster never does. */
export const unattributed = (place: Labels, levels: readonly Level[]): InputSeries[] =>
  [
    { reason: 'gone', share: (level: number) => level / 4 },
    { reason: 'unplaced', share: (level: number) => level / 4 },
    { reason: 'service_ip', share: (level: number) => level / 4 },
    { reason: 'no_zone_label', share: (level: number) => level / 8 },
    { reason: 'invalid_zone', share: (level: number) => level / 8 },
    { reason: 'outside', share: () => 0.5 },
    { reason: 'no_peer', share: () => 0.2 },
  ].map(({ reason, share }) =>
    holding(
      `cluster:${UNIT}_unattributed:ratio_rate5m`,
      { ...place, reason },
      levels.map((level) => (level === ABSENT ? level : share(level))),
    ),
  );

export const agent = (place: Labels) => ({
  ...place,
  instance: 'ip-10-0-1-2',
  source: 'retina-hubble',
  type: 'kernel',
});
export const ruler = (place: Labels): Labels => ({
  ...place,
  instance: 'prometheus-0',
  rule_group: '/etc/prometheus/rules/zone-traffic.yaml;azimuth-network-flows',
});
/** The same with a label that alerts drop. */
export const scraped = (by: (place: Labels) => Labels, place: Labels): Labels => ({ ...by(place), job: 'one' });
