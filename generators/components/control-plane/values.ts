import { isManaged } from '../../control-plane/index.ts';
import { because, type Tree } from '../../model/tree.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { monitorClusterSteps } from '../../shared/scrape.ts';
import type { Values } from '../contract.ts';
import { EKS_RULE, throughEks } from './scrape.ts';
import { type ControlPlaneConfig, OWN } from './settings.ts';

/**
 * Values for the monitors of kube-prometheus-stack, which are on by default: where a provider runs the control plane, all but that of the API
 * server find nothing, and the chart's alerts that they are down fire. Its drop of buckets stays: the rules read what remains.
 * Upstream: prometheus-community/helm-charts, charts/kube-prometheus-stack, values.yaml and templates/exporters.
 */
export function stackControlPlane(config: ControlPlaneConfig): Values {
  const steps = monitorClusterSteps(config);
  const labelled: Tree | undefined =
    steps === undefined ? undefined : { serviceMonitor: { relabelings: escapedForHelm([...steps]) } };
  const managed = isManaged(config);
  const own = OWN.map((key): [string, Tree | undefined] => [
    key,
    managed
      ? {
          enabled: because(
            key === 'kubeEtcd' || !throughEks(config)
              ? 'The provider runs it and shows no metrics of it (controlPlane.managed): a monitor would find nothing, and its alert would fire.'
              : 'EKS shows it through the API server only: a scrape job reads it there.',
            false,
          ),
        }
      : labelled,
  ]);
  return {
    kubeApiServer: labelled,
    ...Object.fromEntries(own),
    ...(throughEks(config) &&
      !config.monitors.enabled && {
        prometheus: {
          additionalRulesForClusterRole: because('EKS asks for it before it shows scheduler and controllers.', [
            EKS_RULE,
          ]),
        },
      }),
  };
}
