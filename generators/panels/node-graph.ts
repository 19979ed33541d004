import { EdgeOptionsBuilder, NodeOptionsBuilder, PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel, PanelTarget } from '../model/dashboard.ts';
import { columnsBy } from './table.ts';

/** What Prometheus answers to one query as one frame, with a field for each value of the label `stat`. */
const frameOf = (refId: string): readonly DataTransformerConfig[] =>
  columnsBy('stat').map((step) => ({ ...step, filter: { id: 'byRefId', options: refId } }));

/**
 * A graph of nodes and edges. The query `nodes` answers with the labels `id`, `title` and `subtitle`, the query `edges` with `id`, `source`
 * and `target`, which must be nodes; the label `stat` names the field of a value, such as `mainstat`. Renaming columns would not do, as the
 * panel reads the names of fields and not those that are shown.
 * Upstream: Grafana, public/app/plugins/panel/nodeGraph/utils.ts.
 */
export const nodeGraph = (options: {
  readonly title: string;
  readonly description: string;
  readonly targets: readonly PanelTarget[];
  /** Units of the first numbers of nodes and edges, of the second of nodes, and of the second of edges: the panel writes them as they are. */
  readonly unit: string;
  readonly nodeUnit?: string;
  readonly edgeUnit?: string;
  /** Text where there are no edges. */
  readonly noValue: string;
}): Panel => ({
  title: options.title,
  description: options.description,
  targets: options.targets,
  build: () => {
    const nodes = new NodeOptionsBuilder().mainStatUnit(options.unit);
    const edges = new EdgeOptionsBuilder().mainStatUnit(options.unit);
    if (options.nodeUnit !== undefined) nodes.secondaryStatUnit(options.nodeUnit);
    if (options.edgeUnit !== undefined) edges.secondaryStatUnit(options.edgeUnit);
    const panel = new PanelBuilder().noValue(options.noValue).nodes(nodes).edges(edges);
    for (const step of ['nodes', 'edges'].flatMap(frameOf)) panel.withTransformation(step);
    return panel;
  },
});
