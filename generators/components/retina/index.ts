import { because, type Tree } from '../../model/tree.ts';
import { checkOf, problem } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { isChosen } from '../../shared/flows.ts';
import { fixedPort, instance, keepContainer, node, scrapeJob } from '../../shared/scrape.ts';
import { atLeast } from '../../shared/version.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component, type ScrapeJob } from '../contract.ts';
import { kinds, metricsConfiguration } from './metrics-configuration.ts';
import { AGENT_JOB, HUBBLE_JOB, READS, SETTINGS, type RetinaConfig } from './settings.ts';
import { retinaHubble, retinaStandard } from './sources.ts';
import { retinaHubbleValues } from './values-hubble.ts';
import { retinaValues } from './values-standard.ts';

/** Port of the agent's own metrics in both modes. Upstream: Retina, deploy, retinaPort. */
const AGENT_PORT = 10_093;

const check = checkOf<RetinaConfig>();

/** Upstream: Retina, deploy/{hubble,standard}: both charts use the same name for the agent's DaemonSet and the same retinaPort. */
const oneMode = check(['flows.source'], (config) =>
  problemIf(
    readsFrom(config, 'retina-hubble') && readsFrom(config, 'retina-standard'),
    'flows.source',
    config.flows.source,
    'either retina-hubble or retina-standard, as both charts install a DaemonSet retina-agent that listens on host port 10093; ' +
      'for bytes in addition to retina-hubble, add netobserv, obi or beyla',
  ),
);

/** A MetricsConfiguration takes exactly one list, and older agents ignore the second. */
const namespaces = check(['flows.source', 'retina.namespaces', 'retina.version'], (config) => {
  const { version, namespaces: given } = config.retina;
  if (!readsFrom(config, 'retina-standard') || given.exclude.length === 0) return [];
  if (given.include.length > 0) return [problem('retina.namespaces', given, 'include or exclude, not both')];
  const expected = `retina.version v1.2.0 or newer, as ${version} ignores it`;
  return problemIf(!atLeast(version, '1.2.0'), 'retina.namespaces.exclude', given.exclude, expected);
});

/**
 * From v1.0.0 on, a report includes the packets since the previous report of the connection. Upstream: Retina,
 * pkg/module/metrics/forward.go.
 */
const bytes = check(['flows.source', 'retina.version'], (config) =>
  problemIf(
    readsFrom(config, 'retina-standard') && !atLeast(config.retina.version, '1.0.0'),
    'retina.version',
    config.retina.version,
    'v1.0.0 or newer for retina-standard, as older releases lose bytes with high aggregation and count them twice with low',
  ),
);

/**
 * A job on Retina agents with this container; the `address` steps set the port in `__address__`. Windows agents have the same label, in both
 * charts. Upstream: Retina, deploy/{hubble,standard}, templates of the DaemonSets.
 */
const job = (config: RetinaConfig, name: string, container: string, address: readonly Tree[]): ScrapeJob =>
  scrapeJob(config, name, {
    label: 'k8s-app=retina',
    namespace: config.retina.namespace,
    steps: [keepContainer(container), ...address, instance, node],
  });

/** Flows: the Hubble metrics of every Retina agent on Linux; there is no Hubble on Windows. Upstream: Retina, cmd/hubble_linux.go. */
const hubbleJob = (config: RetinaConfig): ScrapeJob =>
  job(
    config,
    HUBBLE_JOB,
    'retina',
    fixedPort(config.retina.hubblePort, 'Agents use the host network and declare one port; Hubble listens on another.'),
  );

/** Retina's own metrics, losses among them, at the port from the pod annotation; pods of Windows agents have no annotation, and declare that port. */
const agentJob = (config: RetinaConfig): ScrapeJob =>
  job(config, AGENT_JOB, 'retina|retinawin', [
    because(
      'Address and annotation are joined by ";" so that both groups match. Joined by ":" with a one-group ' +
        'pattern, the port would never be set.',
      {
        source_labels: ['__address__', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
        separator: ';',
        regex: '([^:]+)(?::\\d+)?;(\\d+)',
        replacement: '$1:$2',
        target_label: '__address__',
      },
    ),
  ]);

/** Retina, with the Hubble control plane or in standard mode. */
export const retina = component({
  id: 'retina',
  settings: SETTINGS,
  reads: READS,
  checks: [oneMode, namespaces, bytes],
  enabled: (config) => isChosen(config, 'retina-hubble', 'retina-standard'),
  flowSources: {
    'retina-hubble': { reads: ['retina.version', 'retina.namespace'], adapter: retinaHubble },
    'retina-standard': { reads: ['retina.version', 'retina.namespace'], adapter: retinaStandard },
  },
  exports: {
    'hubble_*': 'Hubble in the Retina agents',
    'networkobservability_*': 'the Retina agents',
    'controlplane_networkobservability_*': 'the Retina agents',
  },
  hostPorts: (config) => [
    { port: AGENT_PORT, owner: 'the Retina agent' },
    ...(readsFrom(config, 'retina-hubble')
      ? [{ port: config.retina.hubblePort, owner: 'retina.hubblePort', setting: 'retina.hubblePort' }]
      : []),
  ],
  helmValues: (config) => [
    ...(readsFrom(config, 'retina-hubble') ? [retinaHubbleValues(config)] : []),
    ...(readsFrom(config, 'retina-standard') ? [retinaValues(config)] : []),
  ],
  scrapeJobs: (config) => [
    ...(readsFrom(config, 'retina-hubble') ? [hubbleJob(config)] : []),
    // In standard mode, the agent's own metrics include the flows.
    agentJob(config),
  ],
  manifests: (config) => (readsFrom(config, 'retina-standard') ? [metricsConfiguration(config)] : []),
  kinds,
});
