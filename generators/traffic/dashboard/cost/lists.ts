import { WORKLOAD_FIELDS } from '../../../identity/index.ts';
import { inCluster, rows } from '../../../panels/shared.ts';
import { clusterColumn, table } from '../../../panels/table.ts';
import { promql, selector } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { costNames, MONTH_NAMES } from '../../records/names.ts';
import { by, type CostPanel, last } from './shown.ts';
import { NOTHING } from './columns.ts';

const { month } = MONTH_NAMES;

/** What leaves the dashboard, and what it rests on. */
export function listPanels(config: TrafficConfig): readonly CostPanel[] {
  const { currency } = crossZonePrice(config);
  return [
    {
      key: 'export',
      width: 24,
      height: 10,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'For a spreadsheet: this month by workload and billed direction',
          description: `One query and plain columns, up to 1000 rows: Inspect, Data, Download CSV. Cost is in ${currency}.`,
          targets: [
            rows(
              promql`topk(1000, ${by([...clusterLabels(config), ...WORKLOAD_FIELDS, 'direction'], last(config, month.workload))})`,
            ),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'namespace', title: 'Namespace' },
            { field: 'workload_type', title: 'Kind' },
            { field: 'workload', title: 'Workload' },
            { field: 'direction', title: 'Direction' },
            { field: 'Value', title: `Cost (${currency})`, decimals: 4 },
          ],
          sortBy: `Cost (${currency})`,
          noValue: NOTHING,
        }),
    },
    {
      key: 'prices',
      width: 24,
      height: 6,
      panel: () =>
        table({
          title: 'Prices',
          description:
            'What a gigabyte costs, and when that was checked. cross_zone is charged at both ends, cross_region and internet to the sender, nat to whatever goes through a NAT gateway. cloud.price changes them.',
          targets: [
            rows(
              promql`max by (class, direction, currency, as_of) (${selector(costNames(config).price, inCluster(config))})`,
            ),
          ],
          columns: [
            { field: 'class', title: 'Traffic' },
            { field: 'direction', title: 'Billed' },
            { field: 'Value', title: 'Price of a GB', decimals: 4 },
            { field: 'currency', title: 'Currency' },
            { field: 'as_of', title: 'As of' },
          ],
          sortBy: 'Price of a GB',
          noValue: 'no data',
        }),
    },
  ];
}
