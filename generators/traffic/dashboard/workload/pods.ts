import { COLOURS, inCluster, latest } from '../../../panels/shared.ts';
import { clusterColumn, columnsBy, table } from '../../../panels/table.ts';
import { aggregate, either, labels, promql, type Query, selector, withLabel } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { trafficNames } from '../../records/names.ts';
import { type Side, SIDES } from '../../source.ts';
import { grafanaUnit, namesPods, type PanelSpecs } from '../panel-spec.ts';
import { runningPods } from './series.ts';

/** As many pods are shown. */
const PODS = 100;

/** The pods of the workload: where they run and, where the source names pods, what each sends and receives. */
export const podPanels = (config: TrafficConfig, input: FlowInput) =>
  ({
    pods: {
      width: 24,
      height: 9,
      panel: () => {
        const names = trafficNames(config, input);
        const key = labels(...clusterLabels(config), 'namespace', 'pod');
        const row = [...clusterLabels(config), 'pod', 'node', 'zone'];
        const pods = promql`topk(${PODS}, ${aggregate('group', [...row, 'namespace'], runningPods(config))})`;
        const traffic = (side: Side): Query => promql`
          ${pods}
          * on (${key}) group_left ()
          sum by (${key}) (${selector(names.endpoint(side), { ...inCluster(config), namespace: '$namespace' })})`;
        const figure = (query: Query, name: string): Query => withLabel(aggregate('sum', row, query), 'way', name);
        const named = namesPods(input);
        const unit = grafanaUnit(input);
        return table({
          title: 'Pods of $namespace/$workload',
          description: named
            ? `Running pods, at most ${PODS}, with all that each sends and receives, in ${input.unitLabel}. A pod that carries far more than the others is where calls pile up.`
            : `Running pods, at most ${PODS}. ${input.source.id} does not name pods, so what each sends and receives is not known.`,
          targets: [
            latest(
              either(
                figure(pods, 'running'),
                ...(named ? SIDES.map((side) => figure(traffic(side), side === 'source' ? 'sent' : 'received')) : []),
              ),
              '',
            ),
          ],
          first: columnsBy('way'),
          columns: [
            ...clusterColumn(config),
            { field: 'pod', title: 'Pod' },
            { field: 'node', title: 'Node' },
            { field: 'zone', title: 'Zone' },
            ...(named
              ? [
                  {
                    field: 'sent',
                    title: 'Sent',
                    unit,
                    cell: 'gauge' as const,
                    width: 180,
                    steps: [[null, COLOURS.total]] as const,
                  },
                  {
                    field: 'received',
                    title: 'Received',
                    unit,
                    cell: 'gauge' as const,
                    width: 180,
                    steps: [[null, COLOURS.total]] as const,
                  },
                ]
              : [{ field: 'running', title: 'Running', unit: 'none', decimals: 0, width: 100 }]),
          ],
          sortBy: named ? 'Sent' : 'Pod',
          noValue: 'no running pods',
        });
      },
    },
  }) satisfies PanelSpecs;
