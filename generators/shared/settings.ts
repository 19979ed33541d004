import { KUBERNETES_NAME } from '../schema/formats.ts';
import { choice, list, value } from '../schema/settings.ts';

/** How Prometheus scrapes a chart's pods. Never both ways, as every series would be stored twice. */
export const scrapedBy = (fallback: 'monitor' | 'job') =>
  choice(
    ['monitor', 'job'],
    fallback,
    "monitor: the chart's ServiceMonitor, for the Prometheus Operator; job: a scrape job like the others.",
  );

/** An integer of at least 1. */
export const POSITIVE = { type: 'integer', minimum: 1 } as const;

/** Namespaces chosen by an include list or an exclude list. */
export const NAMESPACE_LISTS = {
  include: list(KUBERNETES_NAME, [], 'Only these.'),
  exclude: list(KUBERNETES_NAME, [], 'All but these.'),
};

/** The namespace of a component's pods, with a default. */
export const podNamespace = <const Name extends string>(name: Name, whose = 'its pods') =>
  value(KUBERNETES_NAME, name, `Namespace of ${whose}.`);
