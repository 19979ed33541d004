import { barGauge } from '../../../panels/charts.ts';
import { COLOURS, latest, rows } from '../../../panels/shared.ts';
import { clusterColumn, table } from '../../../panels/table.ts';
import { either, promql, withLabel } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { EXTERNAL_FIELDS } from '../../records/cost-external.ts';
import { MONTH_NAMES } from '../../records/names.ts';
import { cell, type IsBuilt, linkTo } from '../links.ts';
import { by, type CostPanel, currencyUnit, day, last } from './shown.ts';
import { money } from './columns.ts';

const { hour, month } = MONTH_NAMES;

/** What leaves the region: how much beside what crosses zones, by whom and to where. */
export function externalPanels(config: TrafficConfig, isBuilt: IsBuilt): readonly CostPanel[] {
  const kept = [...clusterLabels(config), ...EXTERNAL_FIELDS];
  return [
    {
      key: 'classes',
      width: 8,
      height: 9,
      needs: ['leaving'],
      panel: () =>
        barGauge({
          title: 'This month by class',
          description:
            'What traffic has cost since the first of the month (UTC): across zones, to other regions, to the internet, and through NAT gateways on top. The other panels and the budget are about cross_zone alone.',
          target: latest(
            either(
              withLabel(promql`sum(${last(config, month.cluster)})`, 'class', 'cross_zone'),
              by(['class'], last(config, month.external)),
            ),
            '{{class}}',
          ),
          unit: currencyUnit(crossZonePrice(config).currency),
          colour: COLOURS.cross_zone,
          noValue: 'no data',
        }),
    },
    {
      key: 'leaving',
      width: 16,
      height: 9,
      needs: ['leaving'],
      panel: () =>
        table({
          title: 'What leaves the region',
          description:
            'The 50 workloads and ends beyond the cluster that have cost most this month, by class. A NAT gateway is charged where flows.external says through: nat, for what is sent and received; the other classes for what is sent.',
          targets: [
            rows(promql`topk(50, ${by(kept, last(config, month.external))})`),
            rows(by(kept, day(config, hour.external))),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'namespace', title: 'Namespace' },
            {
              field: 'workload',
              title: 'Workload',
              ...linkTo(config, isBuilt, 'zone-workload', 'All traffic of ${__value.text}', {
                namespace: cell('Namespace'),
                workload: cell('Workload'),
              }),
            },
            { field: 'external', title: 'With' },
            { field: 'external_zone', title: 'Place', width: 110 },
            { field: 'class', title: 'Class', width: 110 },
            money(config, 'Value #A', 'This month'),
            money(config, 'Value #B', 'Last 24 hours'),
          ],
          sortBy: 'This month',
          noValue: 'nothing leaves the region',
        }),
    },
  ];
}
