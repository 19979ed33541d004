import type { DataFrame, Field } from '@grafana/data';
import type { ReactElement } from 'react';
import { optionsOf } from './defaults.ts';
import { type Arranged, arranged, curve, type Edge, FULL_NODES, type Node, RADIUS } from './node-graph-layout.ts';
import type { PanelComponent, PanelProps } from './panel-props.ts';

/** With more edges than these, their numbers would cover each other: they show on hover, as Grafana has it for all. */
const LABELLED_EDGES = 8;

/** Characters of a text that fit beside a node; the rest shows on hover. */
const FITTING = 30;
const shortened = (text: string): string => (text.length > FITTING ? `${text.slice(0, FITTING - 1)}…` : text);

/** Height of a line of text. */
const LINE = 14;

const fieldOf = (frame: DataFrame, name: string): Field | undefined =>
  frame.fields.find((field) => field.name.toLowerCase() === name);

/** Grafana's own spelling of the numbers of this panel: two decimals, and the unit as it is. */
const figure = (frame: DataFrame, name: string, unit: string | undefined, row: number): string => {
  const value: unknown = fieldOf(frame, name)?.values[row];
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? `${value.toFixed(2)} ${unit ?? ''}`.trim() : '';
};

const textAt = (frame: DataFrame, name: string, row: number): string => String(fieldOf(frame, name)?.values[row] ?? '');

type Units = { readonly mainStatUnit?: string; readonly secondaryStatUnit?: string } | undefined;

const figures = (frame: DataFrame, units: Units, row: number): readonly string[] =>
  [
    figure(frame, 'mainstat', units?.mainStatUnit, row),
    figure(frame, 'secondarystat', units?.secondaryStatUnit, row),
  ].filter((text) => text !== '');

const isEdges = (frame: DataFrame): boolean => fieldOf(frame, 'source') !== undefined;

const rowsOf = (frames: readonly DataFrame[]) =>
  frames.flatMap((frame) => Array.from({ length: frame.length }, (_, row) => ({ frame, row })));

/** The nodes and the edges of the frames. As in Grafana, an end of an edge that is no node is an error. */
function graphOf({ panel, data }: PanelProps): { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] } {
  const options = optionsOf('nodeGraph', panel.options);
  const nodes = rowsOf(data.filter((frame) => !isEdges(frame))).map(({ frame, row }) => ({
    id: textAt(frame, 'id', row),
    title: textAt(frame, 'title', row),
    subtitle: textAt(frame, 'subtitle', row),
    figures: figures(frame, options.nodes, row),
  }));
  const edges = rowsOf(data.filter(isEdges)).map(({ frame, row }) => ({
    source: textAt(frame, 'source', row),
    target: textAt(frame, 'target', row),
    figures: figures(frame, options.edges, row),
    thickness: Number(fieldOf(frame, 'thickness')?.values[row] ?? 1),
    color: textAt(frame, 'color', row),
  }));
  const missing = edges
    .flatMap(({ source, target }) => [source, target])
    .find((id) => !nodes.some((node) => node.id === id));
  if (missing !== undefined) throw new Error(`node graph: an edge names the node "${missing}", which does not exist`);
  return { nodes, edges };
}

function EdgeLine({
  edge,
  graph,
  grey,
  text,
}: {
  edge: Edge;
  graph: Arranged;
  grey: string;
  text: string;
}): ReactElement {
  const { path, label } = curve(graph.at(edge.source), graph.at(edge.target));
  const color = edge.color === '' ? grey : edge.color;
  return (
    <g>
      <title>{`${edge.source} → ${edge.target}: ${edge.figures.join(', ')}`}</title>
      <path
        d={path}
        fill="none"
        stroke={color}
        strokeOpacity={0.8}
        strokeWidth={edge.thickness}
        markerEnd="url(#azimuth-arrow)"
      />
      {graph.edges <= LABELLED_EDGES &&
        edge.figures.map((line, index) => (
          <text key={line} x={label.x} y={label.y + index * LINE} fontSize={11} textAnchor="middle" fill={text}>
            {line}
          </text>
        ))}
    </g>
  );
}

function NodeCircle({ node, graph, props }: { node: Node; graph: Arranged; props: PanelProps }): ReactElement {
  const { colors } = props.theme;
  const { x, y, side } = graph.at(node.id);
  const texts = [node.title, node.subtitle, ...node.figures].filter((line) => line !== '');
  const lines = (graph.nodes > FULL_NODES ? texts.slice(0, 2) : texts).map(shortened);
  const { anchor, beside, below } = {
    left: { anchor: 'end', beside: -RADIUS - 6, below: -LINE / 2 },
    right: { anchor: 'start', beside: RADIUS + 6, below: -LINE / 2 },
    above: { anchor: 'middle', beside: 0, below: -RADIUS - 6 - (lines.length - 1) * LINE },
    below: { anchor: 'middle', beside: 0, below: RADIUS + LINE },
  }[side] as { anchor: 'start' | 'middle' | 'end'; beside: number; below: number };
  return (
    <g>
      <title>{`${node.title} ${node.subtitle}: ${node.figures.join(', ')}`}</title>
      <circle
        cx={x}
        cy={y}
        r={RADIUS}
        fill={colors.background.secondary}
        stroke={colors.success.main}
        strokeWidth={2}
      />
      {lines.map((line, index) => (
        <text
          key={`${index}-${line}`}
          x={x + beside}
          y={y + below + index * LINE}
          fontSize={index === 0 ? 13 : 11}
          textAnchor={anchor}
          fill={index === 0 ? colors.text.primary : colors.text.secondary}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

/**
 * A graph of nodes and edges. @grafana/ui has no component for it, as Grafana keeps it in its application: drawn here from the same frames, in a
 * layout of our own, on an ellipse. What Grafana refuses is refused.
 */
export const NodeGraph: PanelComponent = (props) => {
  const { nodes, edges } = graphOf(props);
  const graph = arranged(nodes, edges, props.width, props.height);
  const { colors } = props.theme;
  return (
    <svg
      width={props.width}
      height={props.height}
      role="img"
      aria-label={`${nodes.length} nodes, ${edges.length} edges`}
    >
      <defs>
        <marker
          id="azimuth-arrow"
          viewBox="0 0 10 10"
          refX={9}
          refY={5}
          markerWidth={9}
          markerHeight={9}
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0,0 L10,5 L0,10 z" fill={colors.text.secondary} />
        </marker>
      </defs>
      {edges.map((edge) => (
        <EdgeLine
          key={`${edge.source} ${edge.target}`}
          edge={edge}
          graph={graph}
          grey={colors.border.strong}
          text={colors.text.secondary}
        />
      ))}
      {nodes.map((node) => (
        <NodeCircle key={node.id} node={node} graph={graph} props={props} />
      ))}
    </svg>
  );
};
