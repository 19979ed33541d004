import { KUBERNETES_NAME } from '../schema/formats.ts';

/** How Prometheus scrapes a chart's pods. Never both ways, as every series would be stored twice. */
export const SCRAPED_BY = {
  enum: ['monitor', 'job'],
  description: "monitor: the chart's ServiceMonitor, for the Prometheus Operator; job: a scrape job like the others.",
} as const;

/** An integer of at least 1. */
export const POSITIVE = { type: 'integer', minimum: 1 } as const;

const NAMESPACES = { type: 'array', items: KUBERNETES_NAME, default: [], uniqueItems: true } as const;

/** Namespaces chosen by an include list or an exclude list. */
export const NAMESPACE_LISTS = {
  include: { ...NAMESPACES, description: 'Only these.' },
  exclude: { ...NAMESPACES, description: 'All but these.' },
} as const;

/** The namespace of a component's pods, with a default. */
export const podNamespace = <const Name extends string>(name: Name, whose = 'its pods') =>
  ({ ...KUBERNETES_NAME, default: name, description: `Namespace of ${whose}.` }) as const;
