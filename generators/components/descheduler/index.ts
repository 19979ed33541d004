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
      "older charts have a policy of the API v1alpha1, which Helm would mix with this one's v1alpha2",
    ),
    ...problemIf(
      isCronJob && metrics === true,
      'descheduler.metrics',
      true,
      'false or null, as a CronJob ends before anyone scrapes it (kind: Deployment stays)',
    ),
    ...problemIf(isCronJob && replicas > 1, 'descheduler.replicas', replicas, '1, as a CronJob runs one pod'),
    ...problemIf(
      dryRun && replicas > 1,
      'descheduler.replicas',
      replicas,
      '1, as several elect a leader, which the descheduler refuses with dryRun',
    ),
    ...problemIf(
      namespaces.include.length > 0 && namespaces.exclude.length > 0,
      'descheduler.namespaces',
      namespaces,
      'include or exclude, not both',
    ),
    ...(/^0*[hms]?(0+[ms])*$/.test(interval)
      ? [zeroDuration('descheduler.interval', interval, ', as it would run once and end')]
      : []),
    // The descheduler has it from 0.32.0 on; the chart, the permission to read PodDisruptionBudgets.
    ...problemIf(
      protect.includes('PodsWithoutPDB') && !atLeast(version, '0.32.2'),
      'descheduler.protect',
      protect,
      `no PodsWithoutPDB, as the chart ${version} does not allow for it`,
    ),
  ];
});

/** The descheduler, which restores what topology spread constraints ask for. */
export const descheduler = component({
  id: 'descheduler',
  settings: SETTINGS,
  reads: READS,
  checks: [installable],
  enabled: ({ descheduler: { enabled } }) => enabled || 'descheduler.enabled is false',
  demands: [{ output: 'helm-values', setting: 'descheduler.enabled', when: ({ descheduler: { enabled } }) => enabled }],
  helmValues: (config) => [deschedulerValues(config)],
});
