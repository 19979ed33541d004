import { KUBERNETES_NAME } from '../schema/formats.ts';

/** How Prometheus comes to the series of a chart: never in both ways, as everything would be there twice. */
export const SCRAPED_BY = {
  enum: ['monitor', 'job'],
  description: "monitor: the chart's ServiceMonitor, for Prometheus Operator; job: a scrape job beside the others.",
} as const;

/** A number of things, of which there must be one. */
export const POSITIVE = { type: 'integer', minimum: 1 } as const;

const NAMESPACES = { type: 'array', items: KUBERNETES_NAME, default: [], uniqueItems: true } as const;

/** A choice of namespaces by one of two lists. */
export const NAMESPACE_LISTS = {
  include: { ...NAMESPACES, description: 'Only these.' },
  exclude: { ...NAMESPACES, description: 'All but these.' },
} as const;

/** The namespace of pods, with its default. */
export const podNamespace = <const Name extends string>(name: Name, whose = 'its pods') =>
  ({ ...KUBERNETES_NAME, default: name, description: `Namespace of ${whose}.` }) as const;
