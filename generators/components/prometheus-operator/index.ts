import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { MONITORS, PACKAGING } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { applyCommand } from '../../shared/apply.ts';
import { inCamelCase, monitorLabels } from '../../shared/scrape.ts';
import { component } from '../contract.ts';
import { kinds } from './kinds.ts';

const SETTINGS = { monitors: MONITORS };
const READS = { packaging: PACKAGING };

type MonitorsConfig = Slice<typeof SETTINGS & typeof READS>;

/** The fields of a scrape job that a PodMonitor expresses differently. */
interface Job {
  readonly job_name: string;
  readonly scrape_interval: string;
  readonly honor_labels?: Tree;
  readonly kubernetes_sd_configs: readonly {
    readonly namespaces?: { readonly names: readonly string[] };
    readonly selectors: readonly { readonly label: string }[];
  }[];
  readonly relabel_configs: readonly Tree[];
}

/** A selector such as `app=a,tier=b`, as a mapping. */
const matchLabels = (selector: string): { readonly [label: string]: string } =>
  Object.fromEntries(
    selector.split(',').map((term): [string, string] => {
      const [label = '', value = ''] = term.split('=');
      return [label, value];
    }),
  );

/** Undoes the operator's own relabelling, so that the series equal those of the scrape job. */
const asTheJob = (name: string): readonly Tree[] => [
  because('The operator sets the job to the name of the PodMonitor.', { targetLabel: 'job', replacement: name }),
  because(
    'The operator adds these labels, which the series of the scrape job lack. Labels in the metrics themselves stay.',
    { action: 'labeldrop', regex: 'namespace|pod|container|endpoint' },
  ),
];

/**
 * A scrape job as a PodMonitor with the same pods, relabelling and series labels.
 * Upstream: prometheus-operator, pkg/prometheus/promcfg.go, generatePodMonitorConfig. An endpoint without a port keeps all ports of the
 * pods; our relabelling selects one.
 */
function podMonitor(config: MonitorsConfig, job: Job): Manifest {
  const { monitors } = config;
  const { job_name: name, kubernetes_sd_configs: discoveries, relabel_configs: steps } = job;
  const namespaces = discoveries.flatMap((discovery) => discovery.namespaces?.names ?? []);
  const selectors = discoveries.flatMap((discovery) => discovery.selectors.map(({ label }) => label));
  return {
    name: `monitors/${name}`,
    header:
      `The scrape job ${name} as a PodMonitor, for the Prometheus Operator. The values for kube-prometheus-stack then omit the job, as ` +
      'both would count everything twice.\n' +
      applyCommand(config, `manifests/monitors/${name}.yaml`),
    content: {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: {
        name: `azimuth-${name}`,
        namespace: monitors.namespace,
        labels: monitorLabels(
          config,
          'Prometheus selects monitors by these labels; that of kube-prometheus-stack by its release.',
        ),
      },
      spec: {
        namespaceSelector: namespaces.length === 0 ? { any: true } : { matchNames: namespaces },
        selector: { matchLabels: Object.assign({}, ...selectors.map(matchLabels)) as Tree },
        podMetricsEndpoints: [
          {
            interval: job.scrape_interval,
            honorLabels: job.honor_labels,
            relabelings: [...steps.map((step) => inCamelCase(step)), ...asTheJob(name)],
          },
        ],
      },
    },
  };
}

/** Scraping by the Prometheus Operator: our jobs as PodMonitors. The values for kube-prometheus-stack then omit them. */
export const prometheusOperator = component({
  id: 'prometheus-operator',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ monitors: { enabled } }) => enabled || 'monitors.enabled is false',
  demands: [{ output: 'manifests', setting: 'monitors.enabled', when: ({ monitors: { enabled } }) => enabled }],
  manifests: (config, { scrapeJobs }) =>
    scrapeJobs().flatMap((one) => (one.isMonitored === true ? [] : [podMonitor(config, one.job as unknown as Job)])),
  kinds,
});
