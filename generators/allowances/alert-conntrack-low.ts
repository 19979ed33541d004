import { promql } from '../promql/index.ts';
import { conntrackHeadroom } from './records.ts';
import type { AlertSpec } from '../alerts/spec.ts';
import { onNode } from '../alerts/texts.ts';

/** Warns before ConntrackAllowanceExceeded: little is left of what the instance can track. */
export const conntrackAllowanceLow: AlertSpec = {
  alert: 'ConntrackAllowanceLow',
  ratio: true,
  sustained: false,
  tier: { severity: 'warning', threshold: 0.1, for: '5m', keepFiringFor: '15m' },
  summary: 'A node can soon track no more connections.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)} can track only {{ $value | humanizePercentage }} of the connections that it could track at its ` +
    'best in the last 7 days. When nothing is left, new connections fail. First: look for a pod on this node that opens ' +
    'connections without closing them, and move load away while there is time.',
  expr: (_config, threshold) => promql`${conntrackHeadroom()} < ${threshold}`,
  comment:
    'The maximum of an instance type is not exported; the most that was available within a week stands in for it. A node that ' +
    'is never idle has a smaller stand-in and warns later.',
  dashboard: { uid: 'node-allowances', variables: ['node'] },
};
