import { barGauge, timeSeries } from '../../panels/charts.ts';
import { COLOURS, latest, overTime, rows } from '../../panels/shared.ts';
import { matrix } from '../../panels/table.ts';
import { aggregate, either, labelReplace, labels, promql, type Query } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { INTERNET, STORAGE, trafficNames, ZONE_LABELS } from '../records/names.ts';
import { chosenZonePairs, withEndIn } from './chosen.ts';
import { grafanaUnit, NONE_ACROSS, OR_NO_IDENTITY, type PanelSpecs } from './panel-spec.ts';
import { withheldLine } from './overview.ts';
import { inLocality, localityTitle } from './variables.ts';

/** Labels that the matrix uses inside. */
export const MATRIX_LABELS: readonly string[] = ['order'];

/**
 * Pairs of zones with their place in the matrix in the label `order`: first the diagonal by name, with the internet and "unknown" as its last, then the others.
 * As each row and each column appears on the diagonal first, both have its order, whatever zones are called.
 */
export function orderedZonePairs(pairs: Query): Query {
  const [from = '', to = ''] = ZONE_LABELS;
  const onDiagonal = (own: string, other: string): Query =>
    labelReplace(aggregate('group', [own], pairs), other, '$1', own, '(.*)');
  const zones = either(onDiagonal(from, to), onDiagonal(to, from));
  const diagonal = either(promql`${pairs} and ${zones}`, promql`0 * ${zones}`);
  const named = labelReplace(diagonal, 'order', 'a$1', from, '(.*)');
  const beyond = labelReplace(named, 'order', 'b$1', from, `(${INTERNET}|${STORAGE})`);
  return either(labelReplace(beyond, 'order', 'c', from, 'unknown'), promql`${pairs} unless ${zones}`);
}

/** The pairs of zones, and those of workloads at a glance. */
export function pairPanels(config: TrafficConfig, input: FlowInput) {
  const { workloadPair } = trafficNames(config, input);
  const unit = grafanaUnit(input);
  const ends = ['source_namespace', 'source_workload', 'destination_namespace', 'destination_workload'];
  return {
    'top-pairs': {
      width: 12,
      height: 8,
      needs: ['workloads'],
      panel: () =>
        barGauge({
          title: 'Top cross-zone workload pairs',
          description: `The workload pairs with the most cross-zone traffic now in the selected namespaces, in ${input.unitLabel}. Each direction is a bar of its own.`,
          target: latest(
            promql`
          topk(5,
            sum by (${labels(...ends)}) (
              ${withEndIn(config, workloadPair, { locality: 'cross_zone' })}
            )
          )`,
            '{{source_namespace}}/{{source_workload}} → {{destination_namespace}}/{{destination_workload}}',
          ),
          unit,
          colour: COLOURS.cross_zone,
          noValue: NONE_ACROSS,
        }),
    },
    'zone-pairs': {
      width: 24,
      height: 8,
      panel: () =>
        timeSeries({
          title: `Traffic by zone pair (${localityTitle(input)})`,
          description: `Traffic from one zone to another, or within one, of the chosen localities and namespaces, stacked to its total, in ${input.unitLabel}.`,
          targets: [
            overTime(chosenZonePairs(config, input, inLocality(input)), '{{source_zone}} → {{destination_zone}}'),
            ...withheldLine(config, input),
          ],
          unit,
          stacked: true,
          legend: 'table',
        }),
    },
    matrix: {
      width: 12,
      height: 8,
      needs: ['peers'],
      panel: () =>
        matrix({
          title: 'Zone × zone',
          description: `Traffic from the zone of the row to the zone of the column now, in ${input.unitLabel}. The diagonal is traffic within one zone. Ends beyond the cluster stand under their region, as internet or as storage (flows.external).`,
          target: rows(orderedZonePairs(chosenZonePairs(config, input))),
          row: 'source_zone',
          column: 'destination_zone',
          order: 'order',
          unit,
          corner: 'from \\ to',
          noValue: `no traffic${OR_NO_IDENTITY}`,
        }),
    },
  } satisfies PanelSpecs;
}
