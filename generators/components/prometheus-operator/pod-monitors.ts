import type { MonitorsConfig } from './settings.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { rewritten } from '../../model/tree.ts';
import type { ScrapeJob } from '../contract.ts';
import { applyCommand } from '../../shared/apply.ts';

/** A scrape job, as far as a PodMonitor has other words for it. */
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

/** The operator spells Prometheus' settings in camel case. */
const camelCase = (key: string): string => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A selector such as `app=a,tier=b`, as a mapping. */
const matchLabels = (selector: string): { readonly [label: string]: string } =>
  Object.fromEntries(
    selector.split(',').map((term): [string, string] => {
      const [label = '', value = ''] = term.split('=');
      return [label, value];
    }),
  );

/** What the operator does before our relabelling, taken back, so that the series are those of the scrape job. */
const asTheJob = (name: string): readonly Tree[] => [
  because('The operator names the job by the PodMonitor.', { targetLabel: 'job', replacement: name }),
  because(
    'The operator adds these; with them, series would differ from those of the scrape job. Of the metrics themselves they are kept.',
    { action: 'labeldrop', regex: 'namespace|pod|container|endpoint' },
  ),
];

/**
 * One scrape job as a PodMonitor: the same pods, the same relabelling, the same labels on the series.
 * Upstream: prometheus-operator, pkg/prometheus/promcfg.go, generatePodMonitorConfig. An endpoint without a port keeps all ports of the
 * pods; ours say themselves which one they keep.
 */
function podMonitor(config: MonitorsConfig, job: Job): Manifest {
  const { monitors } = config;
  const { job_name: name, kubernetes_sd_configs: discoveries, relabel_configs: steps } = job;
  const namespaces = discoveries.flatMap((discovery) => discovery.namespaces?.names ?? []);
  const selectors = discoveries.flatMap((discovery) => discovery.selectors.map(({ label }) => label));
  return {
    name: `monitors/${name}`,
    header:
      `The scrape job ${name} as a PodMonitor, for the Prometheus Operator. It replaces the job in the values for ` +
      'kube-prometheus-stack, which is left out of them: with both, everything would count twice.\n' +
      applyCommand(config, `manifests/monitors/${name}.yaml`),
    content: {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: {
        name: `azimuth-${name}`,
        namespace: monitors.namespace,
        labels:
          Object.keys(monitors.labels).length === 0
            ? undefined
            : because("Prometheus selects monitors by these: kube-prometheus-stack's by its release.", monitors.labels),
      },
      spec: {
        namespaceSelector: namespaces.length === 0 ? { any: true } : { matchNames: namespaces },
        selector: { matchLabels: Object.assign({}, ...selectors.map(matchLabels)) as Tree },
        podMetricsEndpoints: [
          {
            interval: job.scrape_interval,
            honorLabels: job.honor_labels,
            relabelings: [...steps.map((step) => rewritten(step, { key: camelCase })), ...asTheJob(name)],
          },
        ],
      },
    },
  };
}

/** Every scrape job of the configuration as a PodMonitor; the values leave the jobs out then. */
export const podMonitors = (config: MonitorsConfig, jobs: readonly ScrapeJob[]): readonly Manifest[] =>
  jobs.flatMap(({ job, isMonitored = false }) => (isMonitored ? [] : [podMonitor(config, job as unknown as Job)]));
