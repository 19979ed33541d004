import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** Colours by meaning, the same on every dashboard: same zone calm, cross zone loud, unknown grey. */
export const COLOURS = {
  same_zone: 'green',
  cross_zone: 'orange',
  unknown: '#8e8e8e',
  total: 'blue',
  good: 'green',
  attention: 'yellow',
  warning: 'orange',
  bad: 'red',
} as const;

/** A colour from a value on; the first step has no value and starts below everything. */
export type Step = readonly [from: number | null, colour: string];

/** Thresholds in absolute values. */
export const thresholds = (steps: readonly Step[]) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps.map(([value, color]) => ({ value, color })));
