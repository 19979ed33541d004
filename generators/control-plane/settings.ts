import type { DomainConfig } from '../domain.ts';
import { flag, section, value, when } from '../schema/settings.ts';
import { CLOUD } from '../settings/cloud.ts';
import { CLUSTER, RULES } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import type { Slice } from '../settings/section.ts';

const ON = { 'controlPlane.enabled': true };

/** Rules, dashboard and alerts on the control plane, and how it is scraped. */
export const CONTROL_PLANE = section(
  'The control plane under load: API server, etcd, scheduler, controllers and kubelets, and how many pods fit on a node.',
  {
    enabled: flag(true, 'Whether to record the control plane. false also leaves its scraping as it is.'),
    managed: when(
      ON,
      value(
        { type: ['boolean', 'null'], expected: 'true, false or null' },
        null,
        'Whether a provider runs the control plane: then nothing but the API server can be scraped, and on EKS scheduler and controllers through it. ' +
          'null: true unless cloud.provider is none.',
      ),
    ),
    alerts: when(
      ON,
      flag(
        false,
        'Whether to alert on the control plane: APIServerLatencyHigh, APIServerRequestsQueued, EtcdSlow and NodePodsNearLimit. ' +
          'kube-prometheus-stack has alerts of its own for most of it.',
      ),
    ),
    podCidr: when(
      ON,
      flag(
        true,
        'Whether pods get their addresses from the pod CIDR of their node, where it has one. false with IPAM that does not use it, such as cluster-pool of Cilium.',
      ),
    ),
    runs: when(
      ON,
      flag(
        true,
        'Whether to record runs of kube-burner by their UUID, which its namespaces have as a label. kube-state-metrics must export that label.',
      ),
    ),
  },
);

export const SETTINGS = { controlPlane: CONTROL_PLANE };

/** Sections of others that the domain reads. */
export const READS = {
  cloud: CLOUD,
  cluster: CLUSTER,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The part of the configuration that rules and dashboards of the control plane read. */
export type ControlPlaneConfig = DomainConfig<typeof SETTINGS & typeof READS>;

/** The sections that say what of the control plane can be scraped. */
export type Shown = Slice<{ controlPlane: typeof CONTROL_PLANE; cloud: typeof CLOUD }>;

/** Whether a provider runs the control plane. */
export const isManaged = ({ controlPlane: { managed }, cloud }: Shown): boolean => managed ?? cloud.provider !== 'none';

/**
 * Why scheduler and controllers cannot be scraped; undefined if they can. EKS passes their metrics on through the API server since 1.28; GKE and AKS
 * write theirs to the monitoring of the provider only. Upstream: docs.aws.amazon.com/eks/latest/userguide/view-raw-metrics.html,
 * cloud.google.com/kubernetes-engine/docs/how-to/control-plane-metrics, learn.microsoft.com/azure/aks/control-plane-metrics-monitor.
 */
export const noQueues = (config: Shown): string | undefined =>
  isManaged(config) && config.cloud.provider !== 'aws'
    ? 'the control plane is managed (controlPlane.managed), and only EKS shows scheduler and controllers'
    : undefined;

/** Why members of etcd cannot be scraped; undefined if they can. No provider shows them; the API server says how slow they are. */
export const noMembers = (config: Shown): string | undefined =>
  isManaged(config)
    ? 'the control plane is managed (controlPlane.managed), so no member of etcd can be scraped'
    : undefined;

/** The jobs as kube-prometheus-stack names them; ours have the same names. */
export const JOBS = {
  apiServer: 'apiserver',
  scheduler: 'kube-scheduler',
  controllerManager: 'kube-controller-manager',
  etcd: 'kube-etcd',
  kubelet: 'kubelet',
} as const;
