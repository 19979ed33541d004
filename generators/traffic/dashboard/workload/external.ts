import { inCluster, rows } from '../../../panels/shared.ts';
import { clusterColumn, table } from '../../../panels/table.ts';
import { aggregate, promql, selector } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { costNames } from '../../records/names.ts';
import { currencyOf, currencyUnit, monthly, noMoney } from '../money.ts';
import type { PanelSpecs } from '../panel-spec.ts';
import { CHOSEN } from './series.ts';

/** What the workload pays for traffic with ends beyond the cluster. */
export const externalPanels = (config: TrafficConfig, input: FlowInput) =>
  ({
    leaving: {
      width: 24,
      height: 7,
      needs: ['leaving'],
      panel: () =>
        table({
          title: 'What leaves the region from $namespace/$workload',
          description: `What its traffic with ends beyond the cluster costs in ${currencyOf(config)} in a month of 730 hours at the present rate, by class: to the internet and other regions what it sends, through NAT gateways what it sends and receives.`,
          targets: [
            rows(
              promql`
              topk(20,
                ${aggregate(
                  'sum',
                  [...clusterLabels(config), 'external', 'external_zone', 'class'],
                  monthly(selector(costNames(config).external, { ...inCluster(config), ...CHOSEN })),
                )}
              )`,
            ),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'external', title: 'With' },
            { field: 'external_zone', title: 'Place' },
            { field: 'class', title: 'Class' },
            {
              field: 'Value',
              title: 'Cost a month',
              unit: noMoney(config, input) === undefined ? currencyUnit(config) : 'none',
              decimals: 2,
            },
          ],
          sortBy: 'Cost a month',
          noValue: 'nothing leaves the region',
        }),
    },
  }) satisfies PanelSpecs;
