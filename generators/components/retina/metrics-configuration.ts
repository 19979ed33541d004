import type { RetinaConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { labelsRead, metricsRead, SIDES, type Side } from '../../traffic/index.ts';
import { retinaStandard } from './sources.ts';
import { applyCommand } from '../../shared/apply.ts';

/** A name that no namespace has: with an empty list, no namespace is of interest to Retina. */
const NO_NAMESPACE = 'azimuth-leaves-out-none';

function namespaces({ retina: { namespaces: given } }: RetinaConfig): Tree {
  if (given.include.length > 0) return { include: given.include };
  if (given.exclude.length > 0) return { exclude: given.exclude };
  return because(
    'All namespaces. Retina wants exactly one of include and exclude, and with an empty list no namespace is of interest: so one is left out ' +
      'that does not exist. To measure some only, set retina.namespaces.',
    { exclude: [NO_NAMESPACE] },
  );
}

/** What Retina calls the labels of one side: their names without the side; both labels of a workload have one name. */
const context = (read: readonly string[], side: Side): readonly string[] => {
  const names = read.filter((label) => label.startsWith(`${side}_`)).map((label) => label.slice(side.length + 1));
  return [...new Set(names.map((name) => name.replace(/^workload_(kind|name)$/, 'workload')))];
};

/**
 * What Retina exports in standard mode: its forwarded bytes and packets, each with the labels that the rules read. The label
 * `direction` is always there.
 * Upstream: microsoft/retina, crd/api/v1alpha1/metricsconfiguration_types.go and pkg/module/metrics.
 */
export function metricsConfiguration(config: RetinaConfig): Manifest {
  const source = retinaStandard(config);
  const read = labelsRead(config.flows, source);
  const [sourceLabels, destinationLabels] = SIDES.map((side) => context(read, side));
  const contextOptions = metricsRead(config.flows, source).map(({ metric }) => ({
    metricName: metric.replace(/^networkobservability_adv_/, ''),
    sourceLabels,
    destinationLabels,
    additionalLabels: read.includes('is_reply') ? ['is_reply'] : undefined,
    ttl: atLeast(config.retina.version, 'v1.1.0')
      ? because('Series of pods that are gone; by default they stay until the agent restarts.', '1h')
      : undefined,
  }));
  return {
    name: 'metrics-configuration',
    header:
      'What Retina exports in standard mode, with exactly the labels that the rules read. One for the cluster: agents take one ' +
      'MetricsConfiguration only. Apply it after the chart (helm-values/retina.yaml).\n' +
      applyCommand(config, 'manifests/metrics-configuration.yaml'),
    content: {
      apiVersion: 'retina.sh/v1alpha1',
      kind: 'MetricsConfiguration',
      metadata: { name: 'azimuth' },
      spec: { contextOptions, namespaces: namespaces(config) },
    },
  };
}
