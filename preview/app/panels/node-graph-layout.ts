/** A node of a graph. */
export interface Node {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly figures: readonly string[];
}

/** An edge of a graph, from one node to another. */
export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly figures: readonly string[];
  readonly thickness: number;
  readonly color: string;
}

/** A place in pixels, and on which side of it there is room for text. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: 'left' | 'right' | 'above' | 'below';
}

/** A graph whose nodes have places. */
export interface Arranged {
  /** The place of a node. @throws Error for a node that does not exist. */
  readonly at: (id: string) => Place;
  /** The numbers of nodes and of edges. */
  readonly nodes: number;
  readonly edges: number;
}

/** Radius of a node in pixels. */
export const RADIUS = 12;

/** With more nodes than these, texts are short: numbers show on hover. */
export const FULL_NODES = 8;

/** Room for texts beside the ellipse, and above and below it. */
const MARGIN = { x: 190, full: 88, short: 48 };

/** Nodes in an order in which those that talk to each other are near: each is followed by its peers that have no place yet. */
function inOrder(nodes: readonly Node[], edges: readonly Edge[]): readonly string[] {
  const placed = new Set<string>();
  const visit = (id: string): void => {
    if (placed.has(id)) return;
    placed.add(id);
    for (const { source, target } of edges) {
      if (source === id) visit(target);
      else if (target === id) visit(source);
    }
  };
  for (const id of nodes.map((node) => node.id).toSorted()) visit(id);
  return [...placed];
}

/** Places the nodes on an ellipse that leaves room for their texts. The same graph has the same places. */
export function arranged(nodes: readonly Node[], edges: readonly Edge[], width: number, height: number): Arranged {
  const order = inOrder(nodes, edges);
  const vertical = nodes.length > FULL_NODES ? MARGIN.short : MARGIN.full;
  const [rx, ry] = [Math.max(20, width / 2 - MARGIN.x), Math.max(20, height / 2 - vertical)];
  const places = new Map(
    order.map((id, index): [string, Place] => {
      const angle = (2 * Math.PI * index) / order.length - Math.PI / 2;
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      const beside = x < -0.1 ? 'left' : 'right';
      const side = Math.abs(x) > 0.1 ? beside : y < 0 ? 'above' : 'below';
      return [id, { x: width / 2 + rx * x, y: height / 2 + ry * y, side }];
    }),
  );
  return {
    nodes: nodes.length,
    edges: edges.length,
    at: (id) => {
      const place = places.get(id);
      if (place === undefined) throw new Error(`node graph: no node "${id}"`);
      return place;
    },
  };
}

/** A third of the way along a bent line, where the texts of its two directions are apart. */
const along = (from: number, control: number, to: number): number => (4 * from + 4 * control + to) / 9;

const round = (value: number): string => value.toFixed(1);

/** A line from one place to another, bent to its left, so that the two directions of a pair lie side by side; and the place of its text. */
export function curve(from: Place, to: Place): { readonly path: string; readonly label: { x: number; y: number } } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  // Nothing to draw between two nodes in one place.
  if (length === 0) return { path: '', label: { x: from.x, y: from.y } };
  const bend = Math.min(60, length / 5);
  const [nx, ny] = [dy / length, -dx / length];
  const control = { x: (from.x + to.x) / 2 + nx * bend, y: (from.y + to.y) / 2 + ny * bend };
  // Lines end at the circles of the nodes.
  const start = { x: from.x + (dx / length) * RADIUS, y: from.y + (dy / length) * RADIUS };
  const end = { x: to.x - (dx / length) * (RADIUS + 3), y: to.y - (dy / length) * (RADIUS + 3) };
  return {
    path: `M${round(start.x)},${round(start.y)} Q${round(control.x)},${round(control.y)} ${round(end.x)},${round(end.y)}`,
    label: { x: along(from.x, control.x, to.x), y: along(from.y, control.y, to.y) },
  };
}
