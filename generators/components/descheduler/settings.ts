import { CHART_VERSION, LINE } from '../../schema/formats.ts';
import { SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { NAMESPACE_LISTS, podNamespace, POSITIVE } from '../../shared/settings.ts';

/** Settings of the descheduler. */
export const DESCHEDULER = {
  ...SECTION,
  description: 'The descheduler, which moves pods back where their topology spread constraints want them.',
  properties: {
    enabled: { type: 'boolean', default: false, description: 'Whether values for it are written.' },
    version: { ...CHART_VERSION, default: '0.36.0', description: 'Version of the chart descheduler; 0.30.0 or newer.' },
    namespace: podNamespace('kube-system'),
    kind: {
      enum: ['Deployment', 'CronJob'],
      default: 'Deployment',
      description: 'What it runs as; a CronJob has no metrics.',
    },
    schedule: {
      requires: { 'descheduler.kind': ['CronJob'] },
      ...LINE,
      pattern: '^\\S+( \\S+){4}$',
      expected: 'a schedule of cron with five fields such as */10 * * * *, in quotes',
      default: '*/10 * * * *',
      description: 'When it runs, of a CronJob.',
    },
    interval: {
      requires: { 'descheduler.kind': ['Deployment'] },
      type: 'string',
      pattern: '^([0-9]+h)?([0-9]+m)?([0-9]+s)?$',
      minLength: 2,
      expected: 'a duration in hours, minutes and seconds such as 10m',
      default: '10m',
      description: 'How often it looks, of a Deployment.',
    },
    replicas: {
      requires: { 'descheduler.kind': ['Deployment'] },
      ...POSITIVE,
      default: 1,
      description: 'Pods of a Deployment; more than one elect a leader.',
    },
    metrics: {
      requires: { 'descheduler.kind': ['Deployment'] },
      type: ['boolean', 'null'],
      default: null,
      description: 'Whether its metrics are scraped by a ServiceMonitor; null: where it is a Deployment.',
    },
    dryRun: { type: 'boolean', default: false, description: 'Only log what would be evicted.' },
    constraints: {
      type: 'array',
      items: { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
      default: ['DoNotSchedule'],
      minItems: 1,
      uniqueItems: true,
      description: 'Which constraints count, by their whenUnsatisfiable.',
    },
    nodeFit: { type: 'boolean', default: true, description: 'Evict only what fits on another node.' },
    minReplicas: { ...POSITIVE, default: 2, description: 'Leave workloads with fewer replicas alone.' },
    maxEvictionsPerNode: { ...POSITIVE, default: 5, description: 'Evictions on one node in one round.' },
    maxEvictionsPerNamespace: { ...POSITIVE, default: 10, description: 'Evictions in one namespace in one round.' },
    protect: {
      type: 'array',
      items: { enum: ['PodsWithPVC', 'PodsWithoutPDB'] },
      default: ['PodsWithPVC'],
      uniqueItems: true,
      description: 'Pods that are never evicted, beside those that the descheduler protects by itself.',
    },
    evictPodsWithLocalStorage: {
      type: 'boolean',
      default: true,
      description: 'Whether pods with an emptyDir may be evicted; nearly all have one.',
    },
    namespaces: {
      ...SECTION,
      description: 'Namespaces whose pods it may evict; by default all. Give one of the two lists.',
      properties: NAMESPACE_LISTS,
    },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { descheduler: DESCHEDULER };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS };
export type DeschedulerConfig = Slice<typeof SETTINGS & typeof READS>;
