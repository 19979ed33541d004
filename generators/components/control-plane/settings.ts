import { CONTROL_PLANE } from '../../control-plane/index.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { CLUSTER, KUBERNETES, MONITORS, PACKAGING, SCRAPE, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/** Sections that it reads. It has none of its own: the domain says what is recorded, and so what is scraped. */
export const READS = {
  controlPlane: CONTROL_PLANE,
  cloud: CLOUD,
  kubernetes: KUBERNETES,
  cluster: CLUSTER,
  scrape: SCRAPE,
  monitors: MONITORS,
  packaging: PACKAGING,
  targets: TARGETS,
};
export type ControlPlaneConfig = Slice<typeof READS>;

/** Keys of kube-prometheus-stack for what only a control plane of one's own shows. */
export const OWN = ['kubeControllerManager', 'kubeScheduler', 'kubeEtcd'] as const;

/** Paths of lists that the chart evaluates as templates. */
export const TEMPLATED_MONITORS = ['kubeApiServer', ...OWN].map((key) => [key, 'serviceMonitor', 'relabelings']);
