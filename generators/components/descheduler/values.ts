import type { DeschedulerConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { helmCommand } from '../../shared/apply.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { monitorClusterSteps, monitorLabels } from '../../shared/scrape.ts';

/** The release in which lists of protections took the place of one setting for each. */
const PROTECTIONS = '0.34.0';

/** Whether the metrics are scraped: of a CronJob nothing stays that could be. */
const isScraped = ({ descheduler: { metrics, kind } }: DeschedulerConfig): boolean => metrics ?? kind === 'Deployment';

const EMPTY_DIR = 'An emptyDir counts as local storage: protected, hardly any workload could be moved.';
const VOLUMES = 'A volume of a zone holds its pod there: evicting it would only restart it.';

/** Which pods are spared, in the words of the release. Mixing old and new words is refused by the descheduler. */
function protections({ descheduler }: DeschedulerConfig): { readonly [key: string]: Tree | undefined } {
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
  const { include, exclude } = namespaces;
  return {
    name: 'azimuth-topology-spread',
    pluginConfig: [
      {
        name: 'DefaultEvictor',
        args: {
          nodeFit: because('A pod that fits nowhere else would come back to where it was, or stay pending.', nodeFit),
          minReplicas: because('A workload of one pod has nothing to spread, and would be down.', minReplicas),
          ...protections(config),
        },
      },
      {
        name: 'RemovePodsViolatingTopologySpreadConstraint',
        args: {
          constraints: because(
            'Of what spread constraints ask for. Scaling down ignores them, and zone-aware routing then sends uneven load.',
            constraints,
          ),
          topologyBalanceNodeFit: because('Balance only between places where the pod fits.', nodeFit),
          namespaces: include.length > 0 ? { include } : exclude.length > 0 ? { exclude } : undefined,
        },
      },
    ],
    plugins: { balance: { enabled: ['RemovePodsViolatingTopologySpreadConstraint'] } },
  };
}

/** What it runs as, and how it is scraped there. */
function workload(config: DeschedulerConfig): { readonly [key: string]: Tree | undefined } {
  const { kind, schedule, interval, replicas } = config.descheduler;
  if (kind === 'CronJob') {
    return {
      kind: because('Ends after each round, and nothing of its metrics with it is ever scraped.', kind),
      schedule: because('One move changes the next: a round every two minutes, the default, is restless.', schedule),
    };
  }
  const scraped = isScraped(config);
  const steps = monitorClusterSteps(config);
  return {
    kind: because('Stays, so that descheduler_pods_evicted_total can be scraped.', kind),
    deschedulingInterval: interval,
    replicas,
    leaderElection: replicas > 1 ? because('Only one of them evicts.', { enabled: true }) : undefined,
    service: { enabled: scraped },
    serviceMonitor: scraped
      ? {
          enabled: because('Needs the service above.', true),
          additionalLabels: monitorLabels(config),
          interval: config.scrape.interval,
          // The chart passes them through its templates.
          relabelings: steps === undefined ? undefined : escapedForHelm(steps),
        }
      : { enabled: false },
  };
}

/**
 * Values for the descheduler, with one profile: it moves pods that violate their topology spread constraints, and does nothing else.
 * Upstream: kubernetes-sigs/descheduler, charts/descheduler, pkg/framework/plugins.
 */
export function deschedulerValues(config: DeschedulerConfig): HelmValues {
  const { version, namespace, dryRun, maxEvictionsPerNode, maxEvictionsPerNamespace } = config.descheduler;
  return {
    chart: 'descheduler',
    templated: [['serviceMonitor', 'relabelings']],
    header:
      `Values for the chart descheduler, version ${version}: it restores what topology spread constraints ask for, and nothing else. It ` +
      'evicts pods, which restarts them: set descheduler.dryRun first and read its log.\n' +
      helmCommand({
        chart: 'descheduler',
        repository: 'https://kubernetes-sigs.github.io/descheduler/',
        version,
        namespace,
      }),
    values: {
      ...workload(config),
      cmdOptions: dryRun ? because('Only logs what it would evict.', { 'dry-run': true }) : undefined,
      deschedulerPolicyAPIVersion: 'descheduler/v1alpha2',
      deschedulerPolicy: {
        maxNoOfPodsToEvictPerNode: because('Each eviction is a restart: a few in each round.', maxEvictionsPerNode),
        maxNoOfPodsToEvictPerNamespace: maxEvictionsPerNamespace,
        profiles: because(
          "This list replaces the chart's, which also evicts duplicates, pods that restart, and for taints, affinities and the use of nodes.",
          [profile(config)],
        ),
      },
    },
  };
}
