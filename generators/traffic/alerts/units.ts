import type { Config } from '../../settings/index.ts';
import { either, withLabel, type Query } from '../../promql/index.ts';
import { flowInputs, type FlowInput } from '../input.ts';

/** The dashboard that alerts on traffic lead to. */
export const ON_DASHBOARD = { uid: 'zone-traffic', variables: [] };

/** A condition over every unit that the inputs count, with the label `unit`; inputs without an answer are passed over. */
export const overUnits = (config: Config, condition: (input: FlowInput) => Query | undefined): Query =>
  either(
    ...flowInputs(config).flatMap((input) => {
      const query = condition(input);
      return query === undefined ? [] : [withLabel(query, 'unit', input.unit)];
    }),
  );

/** Why there is no alert on traffic at all; undefined where there is traffic. */
export const withoutFlows = (config: Config): string | undefined =>
  flowInputs(config).length === 0 ? 'flows.source is none' : undefined;
