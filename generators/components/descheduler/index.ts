import { checkOf, zeroDuration } from '../../settings/check.ts';
import { problemIf, tooOld } from '../../shared/checks.ts';
import { atLeast } from '../../shared/version.ts';
import { component } from '../contract.ts';
import { READS, SETTINGS, type DeschedulerConfig } from './settings.ts';
import { deschedulerValues } from './values.ts';

/** Upstream: kubernetes-sigs/descheduler, charts/descheduler. */
const installable = checkOf<DeschedulerConfig>()(['descheduler'], ({ descheduler: given }) => {
  const { enabled, version, kind, metrics, replicas, dryRun, namespaces, interval, protect } = given;
  if (!enabled) return [];
  const isCronJob = kind === 'CronJob';
  return [
    ...tooOld(
      'descheduler.version',
      version,
      '0.30.0',
      'older charts have a v1alpha1 policy, which Helm would merge with this v1alpha2 one',
    ),
    ...problemIf(
      isCronJob && metrics === true,
      'descheduler.metrics',
      true,
      'false or null, as a CronJob ends before it can be scraped (use kind: Deployment)',
    ),
    ...problemIf(isCronJob && replicas > 1, 'descheduler.replicas', replicas, '1, as a CronJob runs one pod'),
    ...problemIf(
      dryRun && replicas > 1,
      'descheduler.replicas',
      replicas,
      '1, as more need leader election, which the descheduler refuses with dryRun',
    ),
    ...problemIf(
      namespaces.include.length > 0 && namespaces.exclude.length > 0,
      'descheduler.namespaces',
      namespaces,
      'include or exclude, not both',
    ),
    ...(/^0*[hms]?(0+[ms])*$/.test(interval)
      ? [zeroDuration('descheduler.interval', interval, ', as it would run once and exit')]
      : []),
    // The descheduler has it since 0.32.0, but its chart grants read access to PodDisruptionBudgets only since 0.32.2.
    ...problemIf(
      protect.includes('PodsWithoutPDB') && !atLeast(version, '0.32.2'),
      'descheduler.protect',
      protect,
      `no PodsWithoutPDB, as the chart ${version} lacks the permission it needs`,
    ),
  ];
});

/** The descheduler, which restores topology spread. */
export const descheduler = component({
  id: 'descheduler',
  settings: SETTINGS,
  reads: READS,
  checks: [installable],
  enabled: ({ descheduler: { enabled } }) => enabled || 'descheduler.enabled is false',
  exports: { 'descheduler_*': 'the descheduler' },
  demands: [{ output: 'helm-values', setting: 'descheduler.enabled', when: ({ descheduler: { enabled } }) => enabled }],
  helmValues: (config) => [deschedulerValues(config)],
});
