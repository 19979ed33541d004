import { CONTROL_PLANE } from '../../control-plane/index.ts';
import { WORKLOADS } from '../../identity/index.ts';
import { CLUSTER, MONITORS, PACKAGING, SCRAPE, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/** Sections that it reads. It has none of its own: the kubelet is there wherever Kubernetes is. */
export const READS = {
  workloads: WORKLOADS,
  controlPlane: CONTROL_PLANE,
  cluster: CLUSTER,
  scrape: SCRAPE,
  monitors: MONITORS,
  packaging: PACKAGING,
  targets: TARGETS,
};
export type KubeletConfig = Slice<typeof READS>;

/** Lists of relabelling steps of the chart's ServiceMonitor, one for each page of the kubelet. */
export const PAGES = ['relabelings', 'cAdvisorRelabelings', 'probesRelabelings', 'resourceRelabelings'] as const;

/** Paths of those lists, which the chart evaluates as templates. */
export const TEMPLATED = PAGES.map((page) => ['kubelet', 'serviceMonitor', page]);
