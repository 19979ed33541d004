import { CHART_VERSION, KUBERNETES_NAME, LINE } from '../../schema/formats.ts';
import { choice, count, flag, inUnit, list, section, value, when } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';

const DEPLOYMENT = { 'descheduler.kind': ['Deployment'] };

/** Settings of the descheduler. */
export const DESCHEDULER = section(
  'The descheduler, which moves pods back where their topology spread constraints want them.',
  {
    enabled: flag(false, 'Whether values for it are written.'),
    version: value(CHART_VERSION, '0.36.0', 'Version of the chart descheduler; 0.30.0 or newer.'),
    namespace: value(KUBERNETES_NAME, 'kube-system', 'Namespace of its pods.'),
    kind: choice(['Deployment', 'CronJob'], 'Deployment', 'What it runs as; a CronJob has no metrics.'),
    schedule: when(
      { 'descheduler.kind': ['CronJob'] },
      value(
        {
          ...LINE,
          pattern: '^\\S+( \\S+){4}$',
          expected: 'a schedule of cron with five fields such as */10 * * * *, in quotes',
        },
        '*/10 * * * *',
        'When it runs, of a CronJob.',
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
        'How often it looks, of a Deployment.',
      ),
    ),
    replicas: when(DEPLOYMENT, inUnit('pods', count(1, 'Pods of a Deployment; more than one elect a leader.'))),
    metrics: when(
      DEPLOYMENT,
      value(
        { type: ['boolean', 'null'] },
        null,
        'Whether its metrics are scraped by a ServiceMonitor; null: where it is a Deployment.',
      ),
    ),
    dryRun: flag(false, 'Only log what would be evicted.'),
    constraints: list(
      { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
      ['DoNotSchedule'],
      'Which constraints count, by their whenUnsatisfiable.',
      { minItems: 1 },
    ),
    nodeFit: flag(true, 'Evict only what fits on another node.'),
    minReplicas: inUnit('replicas', count(2, 'Leave workloads with fewer replicas alone.')),
    maxEvictionsPerNode: inUnit('evictions per round', count(5, 'Evictions on one node in one round.')),
    maxEvictionsPerNamespace: inUnit('evictions per round', count(10, 'Evictions in one namespace in one round.')),
    protect: list(
      { enum: ['PodsWithPVC', 'PodsWithoutPDB'] },
      ['PodsWithPVC'],
      'Pods that are never evicted, beside those that the descheduler protects by itself.',
    ),
    evictPodsWithLocalStorage: flag(true, 'Whether pods with an emptyDir may be evicted; nearly all have one.'),
    namespaces: section('Namespaces whose pods it may evict; by default all. Give one of the two lists.', {
      include: list(KUBERNETES_NAME, [], 'Only these.'),
      exclude: list(KUBERNETES_NAME, [], 'All but these.'),
    }),
  },
);

/** Its sections of the configuration. */
export const SETTINGS = { descheduler: DESCHEDULER };

/** Sections of others that it reads. */
export const READS = { cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS };

/** The part of the configuration that the component sees. */
export type DeschedulerConfig = Slice<typeof SETTINGS & typeof READS>;
