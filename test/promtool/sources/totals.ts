import type { Cluster } from '../../../bench/model.ts';
import { REPORTS } from '../../support/expected-traffic.ts';
import type { ExpressionTest } from '../../support/rule-test.ts';
import { rounded } from './expectations.ts';
import { observedBy, type Setup } from './harness.ts';

/** Each side alone has all traffic of a cluster: of its values, pairs read those of one side only. `at` is in seconds. */
export const endsAt = (setup: Setup, at: number, cluster: Cluster): ExpressionTest[] =>
  Object.entries(observedBy(setup, cluster)).flatMap(([unit, traffic]) =>
    (REPORTS[setup.id].includes('destinations') ? ['source', 'destination'] : ['source']).map((side) => {
      const total = traffic.reduce((sum, { rate }) => sum + rate, 0);
      return {
        expr: `round(sum(${side}_endpoint:${unit}:rate5m), 0.001)`,
        eval_time: `${at}s`,
        exp_samples: [{ labels: '{}', value: rounded(total, 3) }],
      };
    }),
  );

/** Both ends of what two agents of a cluster report say the same. `at`, in seconds, is when the double-count check runs. */
export const ratiosAt = (setup: Setup, at: number, cluster: Cluster): ExpressionTest[] =>
  (REPORTS[setup.id].includes('peer views') ? Object.keys(observedBy(setup, cluster)) : []).map((unit) => ({
    expr: `round(cluster:${unit}_initiator_over_receiver:ratio_rate5m, 0.000001)`,
    eval_time: `${at}s`,
    exp_samples: [{ labels: `{cluster="${cluster.name}"}`, value: 1 }],
  }));
