import { groupBy } from './group.ts';
import type { Labels } from './model.ts';
import type { Target } from './targets.ts';

/** One entry of `scrape_configs` in a Prometheus configuration. */
export interface ScrapeConfig {
  readonly job_name: string;
  readonly honor_labels: boolean;
  readonly static_configs: readonly { readonly targets: readonly string[]; readonly labels: Labels }[];
}

/**
 * The scrape configuration for targets of the synthetic server, one job for each kind. Labels of the series of
 * kube-state-metrics and kubezonnet win over the target's, as is right for both. `address` is the server's `host:port`.
 */
export function scrapeConfigs(targets: readonly Target[], address: string): ScrapeConfig[] {
  return [...groupBy(targets, ({ job }) => job)].map(([job, group]) => ({
    job_name: job,
    honor_labels: group.some(({ honorLabels }) => honorLabels),
    static_configs: group.map(({ path, labels }) => ({
      targets: [address],
      labels: { ...labels, __metrics_path__: path },
    })),
  }));
}
