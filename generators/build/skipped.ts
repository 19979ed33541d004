import type { Config } from '../settings/index.ts';
import type { Omission } from '../model/skipped.ts';
import { flowSources } from '../sources/index.ts';
import { scrapeConfigs } from '../values/scrape-configs.ts';

const isUrl = (text: string): boolean => /^https?:/.test(text);

const relative = (links: string, reason: string): Omission => ({
  what: `host of the ${links} links in alerts`,
  reason,
});

/** Links that work only on a host that the configuration does not name. */
function relativeLinks({ grafana, rules }: Config): readonly Omission[] {
  return [
    ...(isUrl(grafana.url) ? [] : [relative('dashboard', `grafana.url is ${grafana.url === '' ? 'empty' : 'no URL'}`)]),
    ...(isUrl(rules.runbookBaseUrl) ? [] : [relative('runbook', 'rules.runbookBaseUrl is no URL')]),
  ];
}

/** Where nothing that is written makes Prometheus scrape, or kube-state-metrics export, what the rules read. */
function notCollected(config: Config): readonly Omission[] {
  const { targets, monitors, adot, kubeStateMetrics } = config;
  const isByStack = targets.includes('kube-prometheus-stack');
  const isByCollector = adot.enabled;
  const isByMonitors = monitors.enabled;
  const isExported = isByStack || (kubeStateMetrics.standalone && targets.includes('helm-values'));
  return [
    ...(isByStack || isByCollector || isByMonitors || scrapeConfigs(config).length === 0
      ? []
      : [
          {
            what: 'scrape jobs',
            reason: 'targets has no kube-prometheus-stack, and neither monitors nor adot is enabled',
          },
        ]),
    ...(isExported || flowSources(config).length === 0
      ? []
      : [
          {
            what: 'what kube-state-metrics must export',
            reason: 'targets has no kube-prometheus-stack, and kubeStateMetrics.standalone is false',
          },
        ]),
  ];
}

/** What stands for itself in no rule and no dashboard: links without a host, series that nobody collects. */
export const generalOmissions = (config: Config): readonly Omission[] => [
  ...relativeLinks(config),
  ...notCollected(config),
];
