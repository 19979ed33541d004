import { COMPONENTS, type Config } from '../registry.ts';
import { listed } from '../schema/problems.ts';

/**
 * Series that Prometheus makes itself, or that every program with a client library of Prometheus exports.
 * Upstream: Prometheus, docs/concepts/jobs_instances.md; client_golang, prometheus/process_collector.go.
 */
const EVERYWHERE: Readonly<Record<string, string>> = {
  up: 'Prometheus, one series for each scrape target',
  'scrape_*': 'Prometheus, one series for each scrape target',
  ALERTS: 'Prometheus, one series for each alert that is pending or fires',
  ALERTS_FOR_STATE: 'Prometheus, one series for each alert that is pending or fires',
  'prometheus_*': 'Prometheus, about itself',
  'process_*': 'each scraped process, about itself',
};

const isNamed = (pattern: string, metric: string): boolean => {
  const [start = '', end] = pattern.split('*');
  return end === undefined ? metric === pattern : metric.startsWith(start) && metric.endsWith(end);
};

/** The longest pattern says most. */
function bestOf(
  exports: Readonly<Record<string, string>>,
  metric: string,
): { pattern: string; by: string } | undefined {
  const [best] = Object.entries(exports)
    .filter(([pattern]) => isNamed(pattern, metric))
    .map(([pattern, by]) => ({ pattern, by }))
    .toSorted((a, b) => b.pattern.length - a.pattern.length);
  return best;
}

/**
 * Who exports a metric, in words such as `kube-state-metrics`: of several, those that the configuration has. Undefined for a name that no
 * component is known for, such as a metric of the user's own.
 */
export function exporterOf(config: Config, metric: string): string | undefined {
  const found = COMPONENTS.flatMap((component) => {
    const best = bestOf(component.exports, metric);
    return best === undefined ? [] : [{ ...best, isChosen: () => component.bind(config).enabled() === true }];
  });
  const longest = Math.max(...found.map(({ pattern }) => pattern.length));
  const candidates = found.filter(({ pattern }) => pattern.length === longest);
  const chosen = candidates.filter(({ isChosen }) => isChosen());
  const words = [...new Set((chosen.length > 0 ? chosen : candidates).map(({ by }) => by))];
  return words.length > 0 ? listed(words, 'or') : bestOf(EVERYWHERE, metric)?.by;
}
