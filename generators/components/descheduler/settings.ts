import { DESCHEDULER_ENABLED, DESCHEDULER_KIND, DESCHEDULER_METRICS } from '../../routing/settings.ts';
import { CHART_VERSION, LINE } from '../../schema/formats.ts';
import { count, flag, inUnit, list, namespace, section, value, when } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { NAMESPACE_LISTS } from '../../shared/settings.ts';

const DEPLOYMENT = { 'descheduler.kind': ['Deployment'] };

/** Settings of the descheduler. */
export const DESCHEDULER = section('The descheduler, which restores topology spread by evicting pods.', {
  enabled: DESCHEDULER_ENABLED,
  version: value(CHART_VERSION, '0.36.0', 'Version of the chart descheduler; 0.30.0 or newer.'),
  namespace: namespace('kube-system', 'its pods'),
  kind: DESCHEDULER_KIND,
  schedule: when(
    { 'descheduler.kind': ['CronJob'] },
    value(
      {
        ...LINE,
        pattern: '^\\S+( \\S+){4}$',
        expected: 'a cron schedule with five fields such as */10 * * * *, in quotes',
      },
      '*/10 * * * *',
      'Schedule of a CronJob.',
    ),
  ),
  interval: when(
    DEPLOYMENT,
    value(
      {
        type: 'string',
        pattern: '^([0-9]+h)?([0-9]+m)?([0-9]+s)?$',
        minLength: 2,
        expected: 'a duration in hours, minutes and seconds such as 10m',
      },
      '10m',
      'Time between two rounds of a Deployment.',
    ),
  ),
  replicas: when(DEPLOYMENT, inUnit('pods', count(1, 'Replicas of a Deployment; more than one elect a leader.'))),
  metrics: DESCHEDULER_METRICS,
  dryRun: flag(false, 'Only log which pods would be evicted.'),
  constraints: list(
    { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
    ['DoNotSchedule'],
    'Constraints to restore, by their whenUnsatisfiable.',
    { minItems: 1 },
  ),
  nodeFit: flag(true, 'Evict only pods that fit on another node.'),
  minReplicas: inUnit('replicas', count(2, 'Ignore workloads with fewer replicas.')),
  maxEvictionsPerNode: inUnit('evictions per round', count(5, 'Maximum evictions per node and round.')),
  maxEvictionsPerNamespace: inUnit('evictions per round', count(10, 'Maximum evictions per namespace and round.')),
  protect: list(
    { enum: ['PodsWithPVC', 'PodsWithoutPDB'] },
    ['PodsWithPVC'],
    'Pods never to evict, in addition to those that the descheduler always protects.',
  ),
  evictPodsWithLocalStorage: flag(true, 'Whether pods with an emptyDir may be evicted; most pods have one.'),
  namespaces: section('Namespaces whose pods it may evict; all by default. Set one of the two lists.', NAMESPACE_LISTS),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { descheduler: DESCHEDULER };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS };
export type DeschedulerConfig = Slice<typeof SETTINGS & typeof READS>;
