import { COREDNS_JOB } from '../../dns/settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { keepPort, monitorSteps, node, scrapeJob } from '../../shared/scrape.ts';
import { component } from '../contract.ts';
import { type CoreDnsConfig, READS, SETTINGS } from './settings.ts';

/** Port of its metrics, declared by its pods. Upstream: CoreDNS, plugin/metrics; the add-on of EKS has no Service for it. */
const METRICS = 9153;

const instance: Tree = because('A pod name means more than an address.', {
  source_labels: ['__meta_kubernetes_pod_name'],
  target_label: 'instance',
});

const ON_NODE = because("Two replicas on one node share its network interface. The rules need the node's name.", node);

/** Whether the ServiceMonitor of kube-prometheus-stack scrapes it: only where that chart is installed. */
const byMonitor = ({ coreDns, targets }: CoreDnsConfig): boolean =>
  targets.includes('kube-prometheus-stack') && coreDns.scrape === 'monitor';

/**
 * Values for kube-prometheus-stack, which has a Service and a ServiceMonitor of its own for CoreDNS, on by default.
 * Upstream: prometheus-community/helm-charts, charts/kube-prometheus-stack, templates/exporters/core-dns.
 */
const stackCoreDns = (config: CoreDnsConfig): Tree =>
  byMonitor(config)
    ? {
        enabled: because(
          "The chart's own Service selects k8s-app=kube-dns and port 9153: the Service of the EKS add-on has no such port.",
          true,
        ),
        serviceMonitor: {
          interval: config.scrape.interval,
          relabelings: because('The node and the cluster, which the rules on DNS need.', [
            ...monitorSteps(config, [ON_NODE, instance]),
          ]),
        },
      }
    : { enabled: because('The job coredns or its PodMonitor scrapes it; two would store everything twice.', false) };

/** CoreDNS: scraped by kube-prometheus-stack's monitor, by a job or by a PodMonitor, with the same labels. */
export const coreDns = component({
  id: 'coredns',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ dns: { enabled } }) => enabled || 'dns.enabled is false',
  exports: { 'coredns_*': 'CoreDNS and NodeLocal DNSCache' },
  stackValues: (config) => (config.dns.enabled ? { coreDns: stackCoreDns(config) } : {}),
  scrapeJobs: (config) => [
    {
      get job() {
        const { namespace, app } = config.coreDns;
        const steps = [keepPort(METRICS), instance, ON_NODE];
        return scrapeJob(config, COREDNS_JOB, { label: `k8s-app=${app}`, namespace, steps }).job;
      },
      // A collector always needs the job.
      isMonitored: byMonitor(config),
    },
  ],
});
