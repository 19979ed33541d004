import { CHART_VERSION, LINE } from '../../schema/formats.ts';
import { SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { NAMESPACE_LISTS, podNamespace, POSITIVE } from '../../shared/settings.ts';

/** The descheduler. */
export const DESCHEDULER = {
  ...SECTION,
  description: 'The descheduler, which restores topology spread by evicting pods.',
  properties: {
    enabled: { type: 'boolean', default: false, description: 'Whether to write its values.' },
    version: { ...CHART_VERSION, default: '0.36.0', description: 'Version of the chart descheduler; 0.30.0 or newer.' },
    namespace: podNamespace('kube-system'),
    kind: {
      enum: ['Deployment', 'CronJob'],
      default: 'Deployment',
      description: 'Workload kind; a CronJob exposes no metrics.',
    },
    schedule: {
      requires: { 'descheduler.kind': ['CronJob'] },
      ...LINE,
      pattern: '^\\S+( \\S+){4}$',
      expected: 'a cron schedule with five fields such as */10 * * * *, in quotes',
      default: '*/10 * * * *',
      description: 'Schedule of a CronJob.',
    },
    interval: {
      requires: { 'descheduler.kind': ['Deployment'] },
      type: 'string',
      pattern: '^([0-9]+h)?([0-9]+m)?([0-9]+s)?$',
      minLength: 2,
      expected: 'a duration in hours, minutes and seconds such as 10m',
      default: '10m',
      description: 'Time between two rounds of a Deployment.',
    },
    replicas: {
      requires: { 'descheduler.kind': ['Deployment'] },
      ...POSITIVE,
      default: 1,
      description: 'Replicas of a Deployment; more than one elect a leader.',
    },
    metrics: {
      requires: { 'descheduler.kind': ['Deployment'] },
      type: ['boolean', 'null'],
      default: null,
      description: 'Whether a ServiceMonitor scrapes its metrics; null: if it is a Deployment.',
    },
    dryRun: { type: 'boolean', default: false, description: 'Only log which pods would be evicted.' },
    constraints: {
      type: 'array',
      items: { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
      default: ['DoNotSchedule'],
      minItems: 1,
      uniqueItems: true,
      description: 'Constraints to restore, by their whenUnsatisfiable.',
    },
    nodeFit: { type: 'boolean', default: true, description: 'Evict only pods that fit on another node.' },
    minReplicas: { ...POSITIVE, default: 2, description: 'Ignore workloads with fewer replicas.' },
    maxEvictionsPerNode: { ...POSITIVE, default: 5, description: 'Maximum evictions per node and round.' },
    maxEvictionsPerNamespace: { ...POSITIVE, default: 10, description: 'Maximum evictions per namespace and round.' },
    protect: {
      type: 'array',
      items: { enum: ['PodsWithPVC', 'PodsWithoutPDB'] },
      default: ['PodsWithPVC'],
      uniqueItems: true,
      description: 'Pods never to evict, in addition to those that the descheduler always protects.',
    },
    evictPodsWithLocalStorage: {
      type: 'boolean',
      default: true,
      description: 'Whether pods with an emptyDir may be evicted; most pods have one.',
    },
    namespaces: {
      ...SECTION,
      description: 'Namespaces whose pods it may evict; all by default. Set one of the two lists.',
      properties: NAMESPACE_LISTS,
    },
  },
} as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { descheduler: DESCHEDULER };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS };
export type DeschedulerConfig = Slice<typeof SETTINGS & typeof READS>;
