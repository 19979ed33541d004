import { isManaged } from '../../control-plane/index.ts';
import { component } from '../contract.ts';
import { kubeadmPatches } from './kubeadm.ts';
import { controlPlaneJobs, controlPlaneMonitors } from './scrape.ts';
import { READS } from './settings.ts';
import { stackControlPlane } from './values.ts';

/**
 * The processes of the control plane: scraped by the monitors of kube-prometheus-stack, by jobs through the API server on EKS, and by jobs of a
 * collector. Where nobody else runs it, patches for kubeadm and kind make it reachable.
 */
export const controlPlane = component({
  id: 'control-plane',
  settings: {},
  reads: READS,
  enabled: ({ controlPlane: { enabled } }) => enabled || 'controlPlane.enabled is false',
  exports: {
    'apiserver_*': 'the API servers',
    // The API server measures its requests to etcd, and etcd itself: the names are disjoint.
    'etcd_request_*': 'the API servers',
    'etcd_*': 'etcd',
    'scheduler_*': 'kube-scheduler',
    'workqueue_*': 'kube-controller-manager',
  },
  stackValues: (config) => (config.controlPlane.enabled ? stackControlPlane(config) : {}),
  scrapeJobs: controlPlaneJobs,
  manifests: (config) => [...kubeadmPatches(config), ...controlPlaneMonitors(config)],
  skipped: (config) =>
    config.controlPlane.enabled &&
    config.monitors.enabled &&
    !config.targets.includes('kube-prometheus-stack') &&
    !isManaged(config)
      ? [
          {
            kind: 'monitors of scheduler, controllers and etcd',
            reason:
              'a PodMonitor cannot read the token of the service account: kube-prometheus-stack has ServiceMonitors for them',
          },
        ]
      : [],
});
