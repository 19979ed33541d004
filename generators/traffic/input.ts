import { clusterLabels } from '../settings/cluster-labels.ts';
import type { SourceName } from './settings-flows.ts';
import type { Config } from '../settings/index.ts';
import { duration, labels, parseMatchers, promql, selector, type Matchers, type Query } from '../promql/index.ts';
import { endLabels, SIDES, UNIT_LABELS, type FlowSource, type Selection, type Unit } from './source.ts';
import { flowSources } from '../sources/index.ts';

/** What the rules of one unit read: a counter of a source, and the observations of it that count. */
export interface FlowInput {
  readonly source: FlowSource;
  readonly unit: Unit;
  /** The unit per second, as texts show it. */
  readonly unitLabel: string;
  readonly metric: string;
  readonly matchers: Matchers;
  /** The other end's view of the same packets, where the source has one. */
  readonly opposite?: { readonly metric: string; readonly matchers: Matchers };
}

/** What flows.select says about one source. */
export const selectionFor = ({ flows }: Config, id: SourceName): string =>
  typeof flows.select === 'string' ? flows.select : (flows.select[id] ?? 'default');

/** The name of the selection in force; undefined where the configuration gives matchers of its own. */
export function selectionName(config: Config, source: FlowSource): string | undefined {
  const wanted = selectionFor(config, source.id);
  if (wanted === 'default') return Object.keys(source.selections)[0];
  return Object.hasOwn(source.selections, wanted) ? wanted : undefined;
}

/** The selection in force. @throws TypeError for a selection that the configuration's check should have refused. */
function selectionOf(config: Config, source: FlowSource): Selection {
  const name = selectionName(config, source);
  const [first] = Object.values(source.selections);
  const matchers = parseMatchers(selectionFor(config, source.id));
  const found = name === undefined ? matchers && first && { ...first, matchers } : source.selections[name];
  if (found === undefined) throw new TypeError(`${source.id} has no selection ${selectionFor(config, source.id)}`);
  return found;
}

/** The counters that the configuration asks for, each with the source that has it. */
export const flowInputs = (config: Config): readonly FlowInput[] =>
  flowSources(config).flatMap((source) => {
    const { metrics, matchers } = selectionOf(config, source);
    const name = selectionName(config, source);
    // Matchers of one's own, and selections without an opposite, are compared with what the other end counts by default.
    const [usual = ''] = Object.keys(source.selections);
    const opposite = source.selections[source.opposite?.[name ?? usual] ?? source.opposite?.[usual] ?? ''];
    return (Object.keys(UNIT_LABELS) as Unit[]).flatMap((unit): FlowInput[] => {
      const metric = metrics[unit];
      if (metric === undefined || !config.flows.units.some((wanted) => unit === `network_${wanted}`)) return [];
      const other = opposite?.metrics[unit];
      return [
        {
          source,
          unit,
          unitLabel: UNIT_LABELS[unit],
          metric,
          matchers,
          ...(opposite !== undefined && other !== undefined && { opposite: { ...opposite, metric: other } }),
        },
      ];
    });
  });

/** The input that dashboards show: bytes where a source counts them. */
export const primaryInput = (config: Config): FlowInput | undefined => {
  const inputs = flowInputs(config);
  return inputs.find(({ unit }) => unit === 'network_bytes') ?? inputs[0];
};

/** The counted series of an input, as a selector; `where` narrows them further. */
export const countedSeries = (
  { metric, matchers }: Pick<FlowInput, 'metric' | 'matchers'>,
  where: Matchers = {},
): Query => selector(metric, { ...matchers, ...where });

/**
 * The rate of an input, one series for each pair of ends and observation. Where both ends report under the same names, a node may
 * report a pair in several series (by direction of the call, say): they add up, and the larger report of each pair counts.
 */
export function flowRate(config: Config, input: FlowInput, where: Matchers = {}): Query {
  const rate = promql`rate(${countedSeries(input, where)}[${duration(config.rules.window)}])`;
  const { source } = input;
  if (source.reporter === undefined) return rate;
  const pair = [...clusterLabels(config), ...SIDES.flatMap((side) => endLabels(source, side))];
  return promql`
    max by (${labels(...pair)}) (
      sum by (${labels(...pair, source.reporter)}) (
        ${rate}
      )
    )`;
}
