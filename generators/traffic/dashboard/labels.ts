import { TWO_WAYS_LABELS } from '../../panels/two-ways.ts';
import { CHOSEN_LABELS } from './chosen.ts';
import { MATRIX_LABELS } from './pairs.ts';
import { TOPOLOGY_LABELS } from './topology.ts';

/** Labels that the queries of the dashboards use inside. */
export const DASHBOARD_LABELS: readonly string[] = [
  ...new Set([...CHOSEN_LABELS, ...TWO_WAYS_LABELS, ...MATRIX_LABELS, ...TOPOLOGY_LABELS]),
];
