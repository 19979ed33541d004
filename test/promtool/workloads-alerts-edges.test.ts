import { describe, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import type { Labels } from './allowances-input.ts';
import { ONE, TWO } from './edges-input.ts';
import { ABSENT, during, holding, type Turn } from './pipeline-input.ts';
import { describeTiers, expectAllTiers, firingOf, SEEN, type Threshold } from './tier-edges.ts';

const generated = generate();
const rules = generated.file('rules/prometheus/workload-resources.rules.yaml');
const expectFiring = firingOf(rules);

const WORKLOAD: Labels = { ...ONE, namespace: 'shop', workload_type: 'Deployment', workload: 'web' };
const THRESHOLDS: readonly Threshold[] = [
  {
    alert: 'WorkloadMemoryNearLimit',
    where: WORKLOAD,
    series: (...turns) => [holding('workload:memory_limit_used:max_ratio', WORKLOAD, during(...turns))],
    tiers: [['warning', 0.95, 0.9501, 15]],
  },
];

describeTiers(rules, THRESHOLDS);

test('these are all tiers, but that of the alert without a level', () => {
  expectAllTiers(generated, 'workload-resources', THRESHOLDS, ['ResourceSourceSilent warning']);
});

describe('ResourceSourceSilent', () => {
  const pods = (place: Labels, value: number, ...turns: readonly Turn[]) =>
    ['a', 'b'].map((pod) =>
      holding(
        'cluster_namespace_pod:active_workload:info',
        { ...place, namespace: 'shop', pod },
        during(...turns.map(([minutes, level]): Turn => [minutes, level === ABSENT ? ABSENT : value])),
      ),
    );

  test('fires after a quarter of an hour, whatever the value of its series, and ends at once', async () => {
    await expectFiring(
      'ResourceSourceSilent',
      'warning',
      [...pods(ONE, 1, [30, 1], [10, ABSENT]), ...pods(TWO, 0, [40, 1])],
      [[SEEN + 14], [SEEN + 15, ONE, TWO], [30, ONE, TWO], [30 + SEEN, TWO]],
    );
  });
});
