import type { Values } from '../contract.ts';
import type { DeschedulerConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { helmCommand } from '../../shared/apply.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { monitorClusterSteps, monitorLabels } from '../../shared/scrape.ts';
import { chosenNamespaces } from '../../shared/settings.ts';

/** The release that replaced one setting per protection with lists. */
const PROTECTIONS = '0.34.0';

/** Whether the metrics are scraped; a CronJob ends too soon. */
const isScraped = ({ descheduler: { metrics, kind } }: DeschedulerConfig): boolean => metrics ?? kind === 'Deployment';

const EMPTY_DIR = 'An emptyDir counts as local storage; protecting it would exempt most workloads.';
const VOLUMES = 'A zonal volume ties its pod to the zone: an eviction would only restart it.';

/** Protected pods, in the keys of the release. The descheduler refuses a mix of old and new keys. */
function protections({ descheduler }: DeschedulerConfig): Values {
  const { version, protect, evictPodsWithLocalStorage: evicts } = descheduler;
  if (!atLeast(version, PROTECTIONS)) {
    return {
      evictLocalStoragePods: evicts ? because(EMPTY_DIR, true) : undefined,
      ignorePvcPods: protect.includes('PodsWithPVC') ? because(VOLUMES, true) : undefined,
      ignorePodsWithoutPDB: protect.includes('PodsWithoutPDB') ? true : undefined,
    };
  }
  return {
    podProtections: {
      defaultDisabled: evicts ? because(EMPTY_DIR, ['PodsWithLocalStorage']) : undefined,
      extraEnabled: protect.length === 0 ? undefined : because(VOLUMES, protect),
    },
  };
}

function profile(config: DeschedulerConfig): Tree {
  const { nodeFit, minReplicas, constraints, namespaces } = config.descheduler;
  return {
    name: 'azimuth-topology-spread',
    pluginConfig: [
      {
        name: 'DefaultEvictor',
        args: {
          nodeFit: because('A pod that fits nowhere else would return to its node, or stay pending.', nodeFit),
          minReplicas: because('A workload with one pod has nothing to spread, and would be down.', minReplicas),
          ...protections(config),
        },
      },
      {
        name: 'RemovePodsViolatingTopologySpreadConstraint',
        args: {
          constraints: because(
            'Scaling down ignores spread constraints, and zone-aware routing then causes uneven load.',
            constraints,
          ),
          topologyBalanceNodeFit: because('Balance only between domains where the pod fits.', nodeFit),
          namespaces: chosenNamespaces(namespaces),
        },
      },
    ],
    plugins: { balance: { enabled: ['RemovePodsViolatingTopologySpreadConstraint'] } },
  };
}

/** The workload kind and how it is scraped. */
function workload(config: DeschedulerConfig): Values {
  const { kind, schedule, interval, replicas } = config.descheduler;
  if (kind === 'CronJob') {
    return {
      kind: because('Ends after each round, so its metrics are never scraped.', kind),
      schedule: because(
        'Each round depends on the last one; the default of every two minutes causes too much churn.',
        schedule,
      ),
    };
  }
  const scraped = isScraped(config);
  const steps = monitorClusterSteps(config);
  return {
    kind: because('Keeps running, so descheduler_pods_evicted_total can be scraped.', kind),
    deschedulingInterval: interval,
    replicas,
    leaderElection: replicas > 1 ? because('Only the leader evicts.', { enabled: true }) : undefined,
    service: { enabled: scraped },
    serviceMonitor: scraped
      ? {
          enabled: because('Needs the service above.', true),
          additionalLabels: monitorLabels(config),
          interval: config.scrape.interval,
          // The chart renders these with tpl.
          relabelings: steps === undefined ? undefined : escapedForHelm(steps),
        }
      : { enabled: false },
  };
}

/**
 * Values for the descheduler with one profile, which only evicts pods that violate their topology spread constraints.
 * Upstream: kubernetes-sigs/descheduler, charts/descheduler, pkg/framework/plugins.
 */
export function deschedulerValues(config: DeschedulerConfig): HelmValues {
  const { version, namespace, dryRun, maxEvictionsPerNode, maxEvictionsPerNamespace } = config.descheduler;
  return {
    chart: 'descheduler',
    templated: [['serviceMonitor', 'relabelings']],
    header:
      `Values for the chart descheduler, version ${version}: it restores topology spread and does nothing else. It evicts pods, ` +
      'which restarts them: set descheduler.dryRun first and read its log.\n' +
      helmCommand({
        chart: 'descheduler',
        repository: 'https://kubernetes-sigs.github.io/descheduler/',
        version,
        namespace,
      }),
    values: {
      ...workload(config),
      cmdOptions: dryRun ? because('Only logs which pods it would evict.', { 'dry-run': true }) : undefined,
      deschedulerPolicyAPIVersion: 'descheduler/v1alpha2',
      deschedulerPolicy: {
        maxNoOfPodsToEvictPerNode: because('Each eviction is a restart, so only a few per round.', maxEvictionsPerNode),
        maxNoOfPodsToEvictPerNamespace: maxEvictionsPerNamespace,
        profiles: because(
          "This list replaces the chart's, which also evicts for duplicates, restarts, taints, affinities and node utilization.",
          [profile(config)],
        ),
      },
    },
  };
}
