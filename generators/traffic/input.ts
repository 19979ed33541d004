import { duration, labels, type Matchers, parseMatchers, promql, type Query, selector } from '../promql/index.ts';
import { type CLUSTER, clusterLabels, type RULES } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import type { Flows } from './settings.ts';
import { endLabels, type FlowSource, type Selection, SIDES, type Unit, UNIT_LABELS } from './source.ts';

/** The settings that decide what of a source is read. */
type Wanted = Pick<Flows, 'select' | 'units'>;

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

/** Ids of the chosen sources; none where traffic is left out. */
export const chosenSources = ({ source }: Pick<Flows, 'source'>): readonly string[] =>
  [source].flat().filter((id) => id !== 'none');

/** Whether one of these sources is chosen. */
export const readsFrom = ({ flows }: { readonly flows: Pick<Flows, 'source'> }, ...ids: readonly string[]): boolean =>
  chosenSources(flows).some((id) => ids.includes(id));

/** What flows.select says about one source. */
export const selectionFor = ({ select }: Pick<Flows, 'select'>, id: string): string =>
  typeof select === 'string' ? select : (select[id] ?? 'default');

/** The name of the selection in force; undefined where the configuration gives matchers of its own. */
export function selectionName(flows: Pick<Flows, 'select'>, source: FlowSource): string | undefined {
  const wanted = selectionFor(flows, source.id);
  if (wanted === 'default') return Object.keys(source.selections)[0];
  return Object.hasOwn(source.selections, wanted) ? wanted : undefined;
}

/** The selection in force. @throws TypeError for a selection that the configuration's check should have refused. */
function selectionOf(flows: Wanted, source: FlowSource): Selection {
  const name = selectionName(flows, source);
  const [first] = Object.values(source.selections);
  const matchers = parseMatchers(selectionFor(flows, source.id));
  const found = name === undefined ? matchers && first && { ...first, matchers } : source.selections[name];
  if (found === undefined) throw new TypeError(`${source.id} has no selection ${selectionFor(flows, source.id)}`);
  return found;
}

/** The counters of a source that the configuration asks for, one for each unit. */
export function inputsOf(flows: Wanted, source: FlowSource): readonly FlowInput[] {
  const { metrics, matchers } = selectionOf(flows, source);
  // Matchers of one's own, and selections without an opposite, are compared with what the other end counts by default.
  const [usual = ''] = Object.keys(source.selections);
  const name = selectionName(flows, source) ?? usual;
  const opposite = source.selections[source.opposite?.[name] ?? source.opposite?.[usual] ?? ''];
  return (Object.keys(UNIT_LABELS) as Unit[]).flatMap((unit): FlowInput[] => {
    const metric = metrics[unit];
    if (metric === undefined || !flows.units.some((wanted) => unit === `network_${wanted}`)) return [];
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
}

/** The input that dashboards show: bytes where a source counts them. */
export const primaryInput = (inputs: readonly FlowInput[]): FlowInput | undefined =>
  inputs.find(({ unit }) => unit === 'network_bytes') ?? inputs[0];

/** The counted series of an input, as a selector; `where` narrows them further. */
export const countedSeries = (
  { metric, matchers }: Pick<FlowInput, 'metric' | 'matchers'>,
  where: Matchers = {},
): Query => selector(metric, { ...matchers, ...where });

/**
 * The rate of an input, one series for each pair of ends and observation. Where both ends report under the same names, a node may
 * report a pair in several series (by direction of the call, say): they add up, and the larger report of each pair counts.
 */
export function flowRate(
  config: Slice<{ cluster: typeof CLUSTER; rules: typeof RULES }>,
  input: FlowInput,
  where: Matchers = {},
): Query {
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

/**
 * The labels of a source that the rules read: they name both ends and the observer, or select what counts. What a source is told
 * to export is derived from this list, so that the two cannot drift apart.
 */
export function labelsRead(flows: Wanted, source: FlowSource): readonly string[] {
  const matched = inputsOf(flows, source).flatMap(({ matchers, opposite }) => [
    ...Object.keys(matchers),
    ...Object.keys(opposite?.matchers ?? {}),
  ]);
  const ends = SIDES.flatMap((side) => endLabels(source, side));
  return [...new Set([...ends, ...(source.reporter === undefined ? [] : [source.reporter]), ...matched])];
}

/** The counters of a source that the rules read, with their units: those that count, and their view from the other end. */
export const metricsRead = (
  flows: Wanted,
  source: FlowSource,
): readonly { readonly unit: Unit; readonly metric: string }[] =>
  inputsOf(flows, source)
    .flatMap(({ unit, metric, opposite }) =>
      [metric, opposite?.metric ?? metric].map((name) => ({ unit, metric: name })),
    )
    .filter(({ metric }, index, all) => all.findIndex((other) => other.metric === metric) === index);

/** Every label that a source may be read by, whatever is selected; the cluster label must be none of them. */
export const sourceLabels = (source: FlowSource): readonly string[] => [
  ...new Set([
    ...SIDES.flatMap((side) => endLabels(source, side)),
    ...(source.reporter === undefined ? [] : [source.reporter]),
    ...Object.values(source.selections).flatMap(({ matchers }) => Object.keys(matchers)),
  ]),
];
