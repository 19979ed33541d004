import { LABEL_KEY } from '../schema/formats.ts';
import { inUnit, list, section, value, when } from '../schema/settings.ts';

/** A budget for what traffic between zones costs, and whom the cost is shown for. */
export const COST = when(
  'records of cost',
  section('A budget for traffic between zones, and whom its cost is shown for.', {
    budgetPerMonth: inUnit(
      'cloud.price.currency per month',
      value(
        { type: ['number', 'null'], exclusiveMinimum: 0, expected: 'a number greater than 0, or null' },
        null,
        'What traffic between zones may cost in a calendar month (UTC), for each cluster. null: no budget, and no alerts on it.',
      ),
    ),
    groupBy: list(
      LABEL_KEY,
      [],
      'Labels of namespaces by which cost is summed as well, such as team. kube-state-metrics must export them (our values allow them).',
      { maxItems: 5 },
    ),
  }),
);
