import { barGauge } from '../../../panels/charts.ts';
import { COLOURS, latest, rows } from '../../../panels/shared.ts';
import { clusterColumn, type Column, table } from '../../../panels/table.ts';
import { either, promql } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { hasPairs, PAIR_FIELDS } from '../../records/cost-hours.ts';
import { EXTERNAL, MONTH_NAMES } from '../../records/names.ts';
import { cell, type IsBuilt, linkTo } from '../links.ts';
import { by, type CostPanel, currencyUnit, last } from './shown.ts';
import { money, NOTHING } from './columns.ts';

const { month } = MONTH_NAMES;

/** The two ends of a pair; a click on a workload shows all of its traffic. */
function pairColumns(config: TrafficConfig, isBuilt: IsBuilt): readonly Column[] {
  const end = (side: string, title: string): readonly Column[] => [
    { field: `${side}_namespace`, title: `${title} namespace` },
    {
      field: `${side}_workload`,
      title: `${title} workload`,
      ...linkTo(config, isBuilt, 'zone-workload', 'All traffic of ${__value.text}', {
        namespace: cell(`${title} namespace`),
        workload: cell(`${title} workload`),
      }),
    },
  ];
  return [...clusterColumn(config), ...end('source', 'From'), ...end('destination', 'To')];
}

/** Pairs of workloads, ends outside of the cluster, and what could be avoided. */
export function pairPanels(config: TrafficConfig, isBuilt: IsBuilt): readonly CostPanel[] {
  const cluster = clusterLabels(config);
  const pair = [...cluster, ...PAIR_FIELDS];
  const outside = promql`
    topk(20,
      ${by(
        pair,
        either(
          last(config, month.workloadPair, { source_namespace: EXTERNAL.namespace }),
          last(config, month.workloadPair, { destination_namespace: EXTERNAL.namespace }),
        ),
      )}
    )`;
  const columns = pairColumns(config, isBuilt);
  const sender = ['source_namespace', 'source_workload'];
  return [
    {
      key: 'external',
      width: hasPairs(config) && config.cost.groupBy.length > 0 ? 12 : 24,
      height: 8,
      needs: ['external'],
      panel: () =>
        table({
          title: 'With databases, caches and others outside of the cluster',
          description:
            'The 20 pairs with an end of flows.external that have cost most this month, where its zone is known.',
          targets: [rows(outside)],
          columns: [...columns, money(config, 'Value', 'This month')],
          sortBy: 'This month',
          noValue: 'nothing across zones',
        }),
    },
    {
      key: 'workload-pairs',
      width: 24,
      height: 10,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'By pair of workloads',
          description: 'The 50 pairs that have cost most this month, each direction on its own, at both ends.',
          targets: [rows(promql`topk(50, ${by(pair, last(config, month.workloadPair))})`)],
          columns: [...columns, money(config, 'Value', 'This month')],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
    {
      key: 'avoidable-pairs',
      width: 16,
      height: 9,
      needs: ['avoidable'],
      panel: () =>
        table({
          title: 'What could be avoided',
          description:
            'The 20 pairs with the most cost this month that zone-aware routing could save: both workloads run in the zone of the other. Begin with trafficDistribution on the Service of the one that is called.',
          targets: [rows(promql`topk(20, ${by(pair, last(config, month.avoidable))})`)],
          columns: [...columns, money(config, 'Value', 'Avoidable')],
          sortBy: 'Avoidable',
          noValue: 'nothing',
        }),
    },
    {
      key: 'avoidable-by-sender',
      width: 8,
      height: 9,
      needs: ['avoidable'],
      panel: () =>
        barGauge({
          title: 'Avoidable, by the workload that sends',
          description: 'The five workloads whose traffic could have cost most less this month.',
          target: latest(
            promql`topk(5, ${by(sender, last(config, month.avoidable))})`,
            '{{source_namespace}}/{{source_workload}}',
          ),
          unit: currencyUnit(crossZonePrice(config).currency),
          colour: COLOURS.cross_zone,
          noValue: 'nothing',
        }),
    },
  ];
}
