import type { Cluster, Connection, Node } from '../../../bench/model.ts';
import { type Scenario, type Setup, STEADY, steadyScrapes, truthAt } from './harness.ts';
import { CONNECTIONS, HOSTILE, NODES } from './hostile-cluster.ts';

/** Nothing happens to these clusters. */
export const steady =
  (...clusters: readonly Cluster[]) =>
  (setup: Setup): Scenario => ({
    scrapes: steadyScrapes(setup, ...clusters),
    checks: [truthAt(setup, STEADY, ...clusters)],
  });

/** The hostile cluster with these connections only. */
export const only = (...connections: readonly Connection[]): Cluster => ({ ...HOSTILE, connections });

/** The hostile cluster on these nodes. */
export const placed = (nodes: readonly Node[], name = HOSTILE.name): Cluster => ({ ...HOSTILE, name, nodes });

const { a, b, c, x } = NODES;

/** Two clusters with the same names, in other zones and with other traffic. */
export const CLUSTERS: readonly Cluster[] = [
  HOSTILE,
  {
    ...placed([{ ...a, zone: 'zone-b' }, { ...b, zone: '' }, { ...c, providerId: 'aws:///zone-a/i-3' }, x], 'two'),
    connections: CONNECTIONS.filter((_, index) => index % 3 !== 0),
  },
];
