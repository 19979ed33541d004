import type { Cluster, Connection } from '../../../bench/model.ts';
import { type Scenario, type Setup, STEADY, steadyScrapes, truthAt } from './harness.ts';
import { HOSTILE } from './hostile-cluster.ts';

/** Nothing happens to these clusters. */
export const steady =
  (...clusters: readonly Cluster[]) =>
  (setup: Setup): Scenario => ({
    scrapes: steadyScrapes(setup, ...clusters),
    checks: [truthAt(setup, STEADY, ...clusters)],
  });

/** The hostile cluster with these connections only. */
export const only = (...connections: readonly Connection[]): Cluster => ({ ...HOSTILE, connections });
