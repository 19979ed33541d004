import type { Config } from '../config/schema.ts';
import type { Panel } from '../model/dashboard.ts';
import { duration, join, labels, not, promql, selector, UniqueVector } from '../promql/index.ts';
import { countedFlows, endpointKey } from '../recordings/endpoints.ts';
import { clusterLabels, endpointIdentity } from '../recordings/names.ts';
import { SIDES, type FlowSource, type Side } from '../sources/flow-source.ts';
import { COLOURS } from './panels/colours.ts';
import { table } from './panels/table.ts';
import { rows } from './panels/targets.ts';
import { grafanaUnit } from './units.ts';
import { clusterColumn, inCluster } from './variables.ts';

/**
 * The only panel that reads raw flows: pod pairs are too many to record, so it asks for one namespace. It joins the recorded
 * endpoints, and drops pairs whose destination lies in the zone of the source.
 */
export function podPairs(config: Config, source: FlowSource): Panel {
  const ends = SIDES.flatMap((side) => [source.endpoints[side].namespace, source.endpoints[side].pod]);
  const pair = labels(...clusterLabels(config), ...ends);
  const flows = (side: Side) => {
    const where = { ...inCluster(config), [source.endpoints[side].namespace]: '$pods_namespace' };
    return promql`
      sum by (${pair}) (rate(${countedFlows(config, source, where)}[${duration(config.rules.window)}]))`;
  };
  const located = (side: Side) =>
    new UniqueVector(
      selector(endpointIdentity(side), { ...inCluster(config), [`${side}_zone`]: not('unknown') }),
      endpointKey(config, source, side),
    );
  const both = promql`
    ${flows('source')}
    or
    ${flows('destination')}`;
  const placed = join(join(both, located('source'), ['source_zone']), located('destination'), ['destination_zone']);
  const destinationKey = labels(...endpointKey(config, source, 'destination'), 'source_zone');
  return table({
    title: 'Pod pairs across zones in $pods_namespace',
    description: `The 50 pod pairs with the most cross-zone traffic, with an end in the namespace, in ${source.unitLabel} over ${config.rules.window}.`,
    targets: [
      rows(promql`
        topk(50,
          ${placed}
          unless on (${destinationKey})
          label_replace(
            ${located('destination').query},
            "source_zone", "$1", "destination_zone", "(.*)"
          )
        )`),
    ],
    columns: [
      ...clusterColumn(config),
      { field: source.endpoints.source.namespace, title: 'Source namespace' },
      { field: source.endpoints.source.pod, title: 'Source pod' },
      { field: 'source_zone', title: 'From zone' },
      { field: source.endpoints.destination.namespace, title: 'Destination namespace' },
      { field: source.endpoints.destination.pod, title: 'Destination pod' },
      { field: 'destination_zone', title: 'To zone' },
      {
        field: 'Value',
        title: 'Traffic',
        unit: grafanaUnit(source),
        cell: 'gauge',
        width: 200,
        steps: [[null, COLOURS.cross_zone]],
      },
    ],
    sortBy: 'Traffic',
    noValue: 'No pod of this namespace talks across zones',
  });
}
