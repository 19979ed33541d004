import type { AlertSpec } from '../../alerts/spec.ts';
import { either, type Query, withLabel } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import { type FlowInput, noTraffic } from '../input.ts';

/** An alert on traffic. */
export type Alert = AlertSpec<TrafficConfig>;

/** A tier of severity `warning`. */
export const warning = (threshold: number, pending: string, keepFiringFor = '0s') =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor }) as const;

/** A condition on every input, with its unit in the label `unit`. Inputs for which `condition` gives no query are skipped. */
export const overUnits = ({ inputs }: TrafficConfig, condition: (input: FlowInput) => Query | undefined): Query =>
  either(
    ...inputs.flatMap((input) => {
      const query = condition(input);
      return query === undefined ? [] : [withLabel(query, 'unit', input.unit)];
    }),
  );

/** Defines an alert on traffic: the common properties, unless `spec` has others. */
export const alert = (spec: Omit<Alert, keyof typeof COMMON> & Partial<Alert>): Alert => ({ ...COMMON, ...spec });

const COMMON = {
  ratio: false,
  sustained: false,
  without: noTraffic,
  dashboard: { uid: 'zone-traffic', variables: [] },
};
