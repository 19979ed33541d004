import { DNS_LABEL } from '../schema/formats.ts';
import { choice, list } from '../schema/settings.ts';

/** How Prometheus scrapes a chart's pods. Never both ways, as every series would be stored twice. */
export const scrapedBy = (fallback: 'monitor' | 'job') =>
  choice(
    ['monitor', 'job'],
    fallback,
    "monitor: the chart's ServiceMonitor, for the Prometheus Operator; job: a scrape job like the others.",
  );

/** Namespaces chosen by an include list or an exclude list. */
export const NAMESPACE_LISTS = {
  include: list(DNS_LABEL, [], 'Only these.'),
  exclude: list(DNS_LABEL, [], 'All but these.'),
};

/** The list that is set; undefined if none is, which means all namespaces. */
export const chosenNamespaces = ({
  include,
  exclude,
}: {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}) => (include.length > 0 ? { include } : exclude.length > 0 ? { exclude } : undefined);

/** How fine pairs of traffic are recorded: a setting of `flows` that other domains read too. */
export const GRANULARITY = choice(
  ['zone', 'workload', 'pod'],
  'workload',
  'Finest granularity of recorded pairs. pod adds one series for each pair of pods that exchange traffic.',
);
