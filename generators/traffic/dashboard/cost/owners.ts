import { COLOURS, rows } from '../../../panels/shared.ts';
import { clusterColumn, table } from '../../../panels/table.ts';
import { labels, promql } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import { MONTH_NAMES, ZONE_LABELS } from '../../records/names.ts';
import { by, type CostPanel, day, last, lastWeek } from './shown.ts';
import { money, NOTHING } from './columns.ts';

const { hour, month, week } = MONTH_NAMES;

/** Namespaces, groups, zones. */
export function ownerPanels(config: TrafficConfig): readonly CostPanel[] {
  const cluster = clusterLabels(config);
  const billed = (kept: readonly string[], record: string) => [
    rows(by([...cluster, ...kept], last(config, record))),
    rows(by([...cluster, ...kept], last(config, record, { direction: 'egress' }))),
    rows(by([...cluster, ...kept], last(config, record, { direction: 'ingress' }))),
  ];
  const billedColumns = [
    money(config, 'Value #A', 'This month'),
    money(config, 'Value #B', 'For sending', 110),
    money(config, 'Value #C', 'For receiving', 120),
  ];
  const namespace = [...cluster, 'namespace'];
  const ofWeek = by(namespace, last(config, week));
  const before = by(namespace, lastWeek(config, week));
  return [
    {
      key: 'namespaces',
      width: 12,
      height: 9,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'By namespace',
          description:
            'What each namespace is billed this month: its workloads for what they send to other zones, and for what they receive from them. The change is that of the last seven days against the seven before.',
          targets: [
            ...billed(['namespace'], month.workload),
            rows(promql`${ofWeek} / on (${labels(...namespace)}) (${before} > 0) - 1`),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'namespace', title: 'Namespace' },
            ...billedColumns,
            {
              field: 'Value #D',
              title: 'Week',
              unit: 'percentunit',
              decimals: 0,
              width: 90,
              cell: 'colour',
              steps: [
                [null, 'transparent'],
                [0.1, COLOURS.attention],
                [0.5, COLOURS.warning],
              ],
            },
          ],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
    {
      key: 'zone-pairs',
      width: 12,
      height: 9,
      panel: () =>
        table({
          title: 'By pair of zones',
          description:
            'What traffic from one zone to another has cost at both ends: this month, and in the last 24 hours.',
          targets: [
            rows(by([...cluster, ...ZONE_LABELS], last(config, month.zonePair))),
            rows(by([...cluster, ...ZONE_LABELS], day(config, hour.zonePair))),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'source_zone', title: 'From' },
            { field: 'destination_zone', title: 'To' },
            money(config, 'Value #A', 'This month'),
            money(config, 'Value #B', 'Last 24 hours'),
          ],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
    {
      key: 'groups',
      width: config.flows.external.length > 0 ? 12 : 24,
      height: 8,
      needs: ['groups'],
      panel: () =>
        table({
          title: `By ${config.cost.groupBy.join(', ')}`,
          description:
            'What the namespaces with each value of the labels in cost.groupBy are billed this month, as they are labelled now. Nodes and ends outside of the cluster are "unlabelled".',
          targets: billed(['group_by', 'group'], month.group),
          columns: [
            ...clusterColumn(config),
            { field: 'group_by', title: 'Label', width: 110 },
            { field: 'group', title: 'Value' },
            ...billedColumns,
          ],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
  ];
}
