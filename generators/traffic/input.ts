import { conditionsOn, type Matchers, parseMatchers, type Query, selector } from '../promql/index.ts';
import { chosenNames } from '../settings/section.ts';
import type { Flows } from './settings.ts';
import {
  type Completion,
  endLabels,
  type FlowSource,
  type Selection,
  SIDES,
  type Unit,
  UNIT_LABELS,
} from './source.ts';

/** The settings that decide which counters of a source are read. */
type FlowSettings = Pick<Flows, 'select' | 'units'>;

/** Input of the rules of one unit: a counter of a source, and the matchers that select the observations that count. */
export interface FlowInput {
  readonly source: FlowSource;
  readonly unit: Unit;
  /** The unit per second, as texts show it. */
  readonly unitLabel: string;
  readonly metric: string;
  readonly matchers: Matchers;
  /** What the selection misses, in other series of the counter. */
  readonly completions: readonly Completion[];
  /** The peer view: the same packets as the other end counts them, if the source has both. */
  readonly peerView?: { readonly metric: string; readonly matchers: Matchers };
}

/** Ids of the chosen sources; empty where `flows.source` is none. */
export const chosenSources = ({ source }: Pick<Flows, 'source'>): readonly string[] => chosenNames(source);

/** Whether one of these sources is chosen. */
export const readsFrom = ({ flows }: { readonly flows: Pick<Flows, 'source'> }, ...ids: readonly string[]): boolean =>
  chosenSources(flows).some((id) => ids.includes(id));

/** The value of `flows.select` for one source. */
export const selectionFor = ({ select }: Pick<Flows, 'select'>, id: string): string =>
  typeof select === 'string' ? select : (select[id] ?? 'default');

/** The name of the selection in force; undefined where the configuration has matchers instead. */
export function selectionName(flows: Pick<Flows, 'select'>, source: FlowSource): string | undefined {
  const wanted = selectionFor(flows, source.id);
  if (wanted === 'default') return Object.keys(source.selections)[0];
  return Object.hasOwn(source.selections, wanted) ? wanted : undefined;
}

/** The selection in force. @throws TypeError for a selection that the checks of the configuration should have refused. */
function selectionOf(flows: FlowSettings, source: FlowSource): Selection {
  const name = selectionName(flows, source);
  const [first] = Object.values(source.selections);
  const matchers = parseMatchers(selectionFor(flows, source.id));
  // Nobody knows what matchers of the user's own miss.
  const found =
    name === undefined ? matchers && first && { metrics: first.metrics, matchers } : source.selections[name];
  if (found === undefined) throw new TypeError(`${source.id} has no selection ${selectionFor(flows, source.id)}`);
  return found;
}

/** The counters of a source that the configuration asks for, one for each unit. */
export function inputsOf(flows: FlowSettings, source: FlowSource): readonly FlowInput[] {
  const { metrics, matchers, completions = [] } = selectionOf(flows, source);
  // Custom matchers, and selections without a peer view, are compared with the default selection of the other end.
  const [byDefault = ''] = Object.keys(source.selections);
  const name = selectionName(flows, source) ?? byDefault;
  const peerView = source.selections[source.peerViews?.[name] ?? source.peerViews?.[byDefault] ?? ''];
  return (Object.keys(UNIT_LABELS) as Unit[]).flatMap((unit): FlowInput[] => {
    const metric = metrics[unit];
    if (metric === undefined || !flows.units.some((wanted) => unit === `network_${wanted}`)) return [];
    const other = peerView?.metrics[unit];
    return [
      {
        source,
        unit,
        unitLabel: UNIT_LABELS[unit],
        metric,
        matchers,
        completions,
        ...(peerView !== undefined &&
          other !== undefined && { peerView: { matchers: peerView.matchers, metric: other } }),
      },
    ];
  });
}

/** The input that the dashboard shows: bytes if they are recorded. */
export const primaryInput = (inputs: readonly FlowInput[]): FlowInput | undefined =>
  inputs.find(({ unit }) => unit === 'network_bytes') ?? inputs[0];

/** The reason why there are no inputs. */
export const NO_SOURCE = 'flows.source is none';

/** Why there are no records of traffic; undefined if there are. */
export const noTraffic = ({ inputs }: { readonly inputs: readonly FlowInput[] }): string | undefined =>
  inputs.length === 0 ? NO_SOURCE : undefined;

/** The selector of the counted series of an input; `where` adds matchers. */
export function countedSeries(
  { metric, matchers }: Pick<FlowInput, 'metric' | 'matchers'>,
  where: Matchers = {},
): Query {
  const both = Object.entries(where).map(([label, condition]) => [
    label,
    conditionsOn(matchers[label]).concat(conditionsOn(condition)),
  ]);
  return selector(metric, { ...matchers, ...Object.fromEntries(both) });
}

/** Whether the same packets are seen from both ends, by another selection or by another agent: what the double-count check needs. */
export const hasTwoViews = ({ source, peerView }: FlowInput): boolean =>
  peerView !== undefined || source.reporter !== undefined;

/** The labels that name both ends and the observer. */
const namingLabels = (source: FlowSource): readonly string[] => [
  ...SIDES.flatMap((side) => endLabels(source, side)),
  ...(source.reporter === undefined ? [] : [source.reporter]),
];

/**
 * The labels of a source that the rules read: they name both ends and the observer, or select what counts. The settings of the
 * source are derived from this list, so the source always exports what the rules read.
 */
export function labelsRead(flows: FlowSettings, source: FlowSource): readonly string[] {
  const matched = inputsOf(flows, source).flatMap(({ matchers, completions, peerView }) => [
    ...Object.keys(matchers),
    ...completions.flatMap((completion) => Object.keys(completion.matchers)),
    ...Object.keys(peerView?.matchers ?? {}),
  ]);
  return [...new Set([...namingLabels(source), ...matched])];
}

/** The counters of a source that the rules read, with their units: the counted ones and their peer views. */
export const metricsRead = (
  flows: FlowSettings,
  source: FlowSource,
): readonly { readonly unit: Unit; readonly metric: string }[] =>
  inputsOf(flows, source)
    .flatMap(({ unit, metric, peerView }) =>
      [metric, peerView?.metric ?? metric].map((name) => ({ unit, metric: name })),
    )
    .filter(({ metric }, index, all) => all.findIndex((other) => other.metric === metric) === index);

/** Every label of a source that any selection reads. The cluster label must not be one of them. */
export const sourceLabels = (source: FlowSource): readonly string[] => [
  ...new Set([
    ...namingLabels(source),
    ...(source.optionalLabels ?? []),
    ...Object.values(source.selections).flatMap(({ matchers, completions = [] }) =>
      [matchers, ...completions.map((completion) => completion.matchers)].flatMap(Object.keys),
    ),
  ]),
];
