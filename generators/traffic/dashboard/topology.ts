import type { Panel, PanelTarget } from '../../model/dashboard.ts';
import { nodeGraph } from '../../panels/node-graph.ts';
import { latest } from '../../panels/shared.ts';
import {
  aggregate,
  copied,
  either,
  labelReplace,
  promql,
  type Query,
  quotedList,
  withLabel,
} from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { costNames, sideLabels, trafficNames } from '../records/names.ts';
import { type Side, SIDES } from '../source.ts';
import { chosenZoneCost, chosenZonePairs, withEndIn } from './chosen.ts';
import { costText, currencyOf, monthly, noMoney } from './money.ts';
import { NONE_ACROSS, type PanelSpecs } from './panel-spec.ts';

/** Labels that the queries use inside: the fields of the panel, and their names. */
export const TOPOLOGY_LABELS: readonly string[] = ['id', 'title', 'subtitle', 'target', 'color', 'stat'];

/** The panel shows numbers as they are: traffic is brought to a unit of a size that people read. */
const SCALES = {
  network_flows: { by: 1, unit: 'flows/s' },
  network_packets: { by: 1000, unit: 'k packets/s' },
  network_bytes: { by: 1_000_000, unit: 'MB/s' },
} as const;

/** Edges of the graph of workloads; more are a tangle. */
const EDGES = 20;
const THICKEST = 8;

/** The region in the name of a zone: us-east-1a of AWS, europe-west1-b of Google Cloud, westeurope-1 of Azure. */
const REGION = '(.+-[0-9]+)[a-z]|(.+-[a-z]+[0-9]+)-[a-z]|([a-z]+[0-9]?)-[0-9]';

const CROSS_ZONE = { locality: 'cross_zone' };

/** The colour of edges, as the panel takes no names of colours. */
const ORANGE = '#FF9830';

const labelJoin = (query: Query, to: string, separator: string, ...from: readonly string[]): Query =>
  promql`label_join(${query}, ${quotedList(to, separator, ...from)})`;

/** One figure of nodes or edges. The panel's fields are named by the label `stat`. */
const stat = (query: Query, name: 'mainstat' | 'secondarystat' | 'thickness'): Query => withLabel(query, 'stat', name);

/** Thickness by the share of the largest edge, from 1 up. */
const thickness = (edges: Query): Query => promql`1 + ${THICKEST - 1} * ${edges} / on () group_left () max(${edges})`;

/** The edges of a graph whose ends are in `source` and `target`. */
function edgeTarget(
  ends: (query: Query) => Query,
  traffic: Query,
  scale: number,
  cost: Query | undefined,
): PanelTarget {
  const by = ['id', 'source', 'target', 'color'];
  const edge = (query: Query): Query =>
    aggregate('sum', by, withLabel(labelJoin(ends(query), 'id', ' → ', 'source', 'target'), 'color', ORANGE));
  return {
    ...latest(
      either(
        stat(promql`${edge(traffic)} / ${scale}`, 'mainstat'),
        stat(thickness(edge(traffic)), 'thickness'),
        ...(cost === undefined ? [] : [stat(monthly(edge(cost)), 'secondarystat')]),
      ),
      '',
    ),
    refId: 'edges',
  };
}

/** Zones in the label `id` as nodes. */
const zoneNode = (query: Query): Query =>
  aggregate(
    'sum',
    ['id', 'title', 'subtitle'],
    labelReplace(copied(query, { id: 'title' }), 'subtitle', '$1$2$3', 'id', REGION),
  );

/** Each pair of zones under both of its ends. */
const byEachZone = (query: Query): Query =>
  either(...SIDES.map((side) => withLabel(copied(query, { [`${side}_zone`]: 'id' }), 'stat', side)));

/** Zones as nodes: what crosses their border, and what stays inside. */
function zoneTargets(config: TrafficConfig, input: FlowInput, scale: number): readonly PanelTarget[] {
  const crossing = chosenZonePairs(config, input, CROSS_ZONE);
  const inside = chosenZonePairs(config, input, { locality: 'same_zone' });
  const cost = noMoney(config, input) === undefined ? chosenZoneCost(config) : undefined;
  return [
    {
      ...latest(
        either(
          stat(promql`${zoneNode(byEachZone(crossing))} / ${scale}`, 'mainstat'),
          stat(promql`${zoneNode(copied(inside, { source_zone: 'id' }))} / ${scale}`, 'secondarystat'),
        ),
        '',
      ),
      refId: 'nodes',
    },
    edgeTarget((query) => copied(query, { source_zone: 'source', destination_zone: 'target' }), crossing, scale, cost),
  ];
}

/** Workloads in their zones as nodes: the largest directions across zones. */
function workloadTargets(config: TrafficConfig, input: FlowInput, scale: number): readonly PanelTarget[] {
  const fields = ['namespace', 'workload', 'zone'];
  const ends = SIDES.flatMap((side) => sideLabels(side, fields));
  const traffic = aggregate('sum', ends, withEndIn(config, trafficNames(config, input).workloadPair, CROSS_ZONE));
  const largest = promql`
    topk(${EDGES},
      ${traffic}
    )`;
  const id = (query: Query, side: Side, to: string): Query => labelJoin(query, to, '/', ...sideLabels(side, fields));
  const node = (side: Side): Query =>
    withLabel(
      labelJoin(
        copied(id(largest, side, 'id'), { [`${side}_workload`]: 'title' }),
        'subtitle',
        ' · ',
        `${side}_namespace`,
        `${side}_zone`,
      ),
      'stat',
      side,
    );
  const cost =
    noMoney(config, input) === undefined
      ? promql`${aggregate('sum', ends, withEndIn(config, costNames(config).workloadPair))} and ${largest}`
      : undefined;
  const nodes = aggregate('sum', ['id', 'title', 'subtitle'], either(...SIDES.map(node)));
  return [
    { ...latest(stat(promql`${nodes} / ${scale}`, 'mainstat'), ''), refId: 'nodes' },
    edgeTarget((query) => id(id(query, 'source', 'source'), 'destination', 'target'), largest, scale, cost),
  ];
}

/** Who talks to whom across zones, as a graph. */
export function topologyPanels(config: TrafficConfig, input: FlowInput) {
  const { by, unit } = SCALES[input.unit];
  const priced = noMoney(config, input) === undefined;
  const money = priced ? `, and ${currencyOf(config)} a month: ${costText(config)}` : '.';
  const graph = (title: string, description: string, targets: readonly PanelTarget[], inside: boolean): Panel =>
    nodeGraph({
      title,
      description: `${description} Edges: traffic in ${unit}${money}`,
      targets,
      unit,
      ...(inside && { nodeUnit: `${unit} inside` }),
      ...(priced && { edgeUnit: `${currencyOf(config)}/month` }),
      noValue: NONE_ACROSS,
    });
  return {
    'zone-topology': {
      width: 12,
      height: 12,
      needs: ['peers'],
      panel: () =>
        graph(
          'Zones',
          'Zones of the chosen namespaces, and what crosses between them. A zone shows what crosses its border and, below, what stays inside; under its name, its region as far as the name tells.',
          zoneTargets(config, input, by),
          true,
        ),
    },
    'workload-topology': {
      width: 12,
      height: 12,
      needs: ['peers', 'workloads'],
      panel: () =>
        graph(
          `The ${EDGES} largest directions across zones`,
          `Workloads in their zones, as ends of the ${EDGES} largest directions of the chosen namespaces. A workload shows what it sends and receives of them.`,
          workloadTargets(config, input, by),
          false,
        ),
    },
  } satisfies PanelSpecs;
}
