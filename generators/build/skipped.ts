import type { Context } from '../components/contract.ts';
import type { Skipped } from '../model/report.ts';
import type { Config } from '../registry.ts';

const isUrl = (text: string): boolean => /^https?:/.test(text);

const relative = (links: string, reason: string): Skipped => ({ kind: `host of the ${links} links in alerts`, reason });

/** Links that work only on a host that the configuration does not name. */
const relativeLinks = ({ grafana, rules }: Config): readonly Skipped[] => [
  ...(isUrl(grafana.url) ? [] : [relative('dashboard', `grafana.url is ${grafana.url === '' ? 'empty' : 'no URL'}`)]),
  ...(isUrl(rules.runbookBaseUrl) ? [] : [relative('runbook', 'rules.runbookBaseUrl is no URL')]),
];

/** Where nothing that is written makes Prometheus scrape, or kube-state-metrics export, what the rules read. */
function notCollected(config: Config, { scrapeJobs, sources }: Context): readonly Skipped[] {
  const { targets, monitors, adot, kubeStateMetrics } = config;
  const isByStack = targets.includes('kube-prometheus-stack');
  const isExported = isByStack || (kubeStateMetrics.standalone && targets.includes('helm-values'));
  const hasJobs = scrapeJobs().some(({ isMonitored = false }) => !isMonitored);
  return [
    ...(isByStack || adot.enabled || monitors.enabled || !hasJobs
      ? []
      : [
          {
            kind: 'scrape jobs',
            reason: 'targets has no kube-prometheus-stack, and neither monitors nor adot is enabled',
          },
        ]),
    ...(isExported || sources.length === 0
      ? []
      : [
          {
            kind: 'what kube-state-metrics must export',
            reason: 'targets has no kube-prometheus-stack, and kubeStateMetrics.standalone is false',
          },
        ]),
  ];
}

/** Everything skipped that stands in no rule and no dashboard: links without a host, series that nobody collects. */
export const generalSkipped = (config: Config, context: Context): readonly Skipped[] => [
  ...relativeLinks(config),
  ...notCollected(config, context),
];
