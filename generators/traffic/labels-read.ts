import type { Config } from '../settings/index.ts';
import { endLabels, SIDES, type FlowSource, type Unit } from './source.ts';
import { flowInputs, type FlowInput } from './input.ts';

const inputsOf = (config: Config, { id }: FlowSource): readonly FlowInput[] =>
  flowInputs(config).filter(({ source }) => source.id === id);

/**
 * The labels of a source that the rules read: they name both ends and the observer, or select what counts. What a source is told
 * to export is derived from this list, so that the two cannot drift apart.
 */
export function labelsRead(config: Config, source: FlowSource): readonly string[] {
  const matched = inputsOf(config, source).flatMap(({ matchers, opposite }) => [
    ...Object.keys(matchers),
    ...Object.keys(opposite?.matchers ?? {}),
  ]);
  const ends = SIDES.flatMap((side) => endLabels(source, side));
  return [...new Set([...ends, ...(source.reporter === undefined ? [] : [source.reporter]), ...matched])];
}

/** The counters of a source that the rules read, with their units: those that count, and their view from the other end. */
export const metricsRead = (
  config: Config,
  source: FlowSource,
): readonly { readonly unit: Unit; readonly metric: string }[] =>
  inputsOf(config, source)
    .flatMap(({ unit, metric, opposite }) =>
      [metric, opposite?.metric ?? metric].map((name) => ({ unit, metric: name })),
    )
    .filter(({ metric }, index, all) => all.findIndex((other) => other.metric === metric) === index);
