import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, labels, not, promql } from '../../promql/index.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { controlPlaneNames } from './names.ts';
import { gauged, labelled, quantiles, rule, summedRate } from './shared.ts';

/** Requests of the level exempt never wait. */
const QUEUING = { priority_level: not('exempt') };

/** Records how API priority and fairness shares the API servers: who waits, who is refused, and how full each level is. */
export function fairnessRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const level = { labels: ['priority_level'], cardinality: 'one for each priority level' };
  const server = labelled(config, 'instance', 'priority_level');
  const taken = gauged(config, 'apiserver_flowcontrol_current_executing_seats', { where: QUEUING });
  return [
    rule(config, {
      ...level,
      record: names.queued,
      expr: aggregate(
        'sum',
        labelled(config, 'priority_level'),
        gauged(config, 'apiserver_flowcontrol_current_inqueue_requests', { where: QUEUING }),
      ),
      unit: 'requests',
      comment: 'Requests that wait in a queue at the moment of the scrape.',
    }),
    rule(config, {
      record: names.rejected,
      expr: summedRate(config, 'apiserver_flowcontrol_rejected_requests_total', ['priority_level', 'reason']),
      labels: ['priority_level', 'reason'],
      unit: 'requests/s',
      cardinality: 'one for each priority level and reason',
      comment: 'Requests refused with 429: the queue was full, or they waited too long (time-out).',
    }),
    rule(config, {
      record: names.waited,
      expr: quantiles(config, 'apiserver_flowcontrol_request_wait_duration_seconds', ['priority_level'], ['0.99'], {
        where: QUEUING,
      }),
      labels: ['priority_level', 'quantile'],
      unit: 'seconds',
      cardinality: level.cardinality,
      comment:
        'One request in a hundred waits this long or longer for a seat. The latency of requests leaves this out.',
    }),
    rule(config, {
      ...level,
      record: names.seatsUsed,
      expr: promql`
        max by (${labels(...labelled(config, 'priority_level'))}) (
          ${aggregate('sum', server, taken)}
          / on (${labels(...server)})
          (${gauged(config, 'apiserver_flowcontrol_current_limit_seats')} > 0)
        )`,
      unit: 'ratio',
      comment:
        'Seats that are taken, of those that a level has now with what it borrowed, on its fullest API server. At 1 requests wait.',
    }),
  ];
}
