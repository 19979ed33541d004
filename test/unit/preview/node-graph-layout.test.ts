import { describe, expect, test } from '@jest/globals';
import { arranged, curve, type Edge, type Node } from '../../../preview/app/panels/node-graph-layout.ts';

const node = (id: string): Node => ({ id, title: id, subtitle: '', figures: [] });
const edge = (source: string, target: string): Edge => ({ source, target, figures: [], thickness: 1, color: '' });

const NODES = ['a', 'b', 'c', 'd'].map(node);

describe('a graph of nodes', () => {
  test('has a place of its own for each node, inside of the panel', () => {
    const { at, nodes, edges } = arranged(NODES, [edge('a', 'b'), edge('b', 'a')], 800, 300);
    expect({ nodes, edges }).toEqual({ nodes: 4, edges: 2 });
    const places = NODES.map(({ id }) => at(id));
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(4);
    for (const { x, y } of places) {
      expect(x > 0 && x < 800).toBe(true);
      expect(y > 0 && y < 300).toBe(true);
    }
    expect(() => at('nobody')).toThrow('no node "nobody"');
  });

  test('has those that talk to each other side by side, whatever the order of the answer', () => {
    const edges = [edge('a', 'd'), edge('d', 'a')];
    const places = (nodes: readonly Node[]) => {
      const { at } = arranged(nodes, edges, 800, 440);
      return NODES.map(({ id }) => at(id));
    };
    expect(places(NODES)).toEqual(places(NODES.toReversed()));
    const [a, b, , d] = places(NODES) as { x: number; y: number }[];
    const distance = (one = { x: 0, y: 0 }, other = { x: 0, y: 0 }) => Math.hypot(one.x - other.x, one.y - other.y);
    // Next to each other on the ellipse, so "b" comes after "d".
    expect(distance(a, d)).toBeLessThan(distance(a, b));
  });

  test('draws the two directions of a pair apart, and nothing within one place', () => {
    const [from, to] = [
      { x: 0, y: 0, side: 'left' },
      { x: 100, y: 0, side: 'right' },
    ] as const;
    expect(curve(from, to).label.y).toBeLessThan(0);
    expect(curve(to, from).label.y).toBeGreaterThan(0);
    expect(curve(from, from)).toEqual({ path: '', label: { x: 0, y: 0 } });
  });
});
