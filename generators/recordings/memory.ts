import type { Config } from '../config/schema.ts';
import { duration, promql, type Query } from '../promql/index.ts';

/**
 * An info series as last seen. A failed scrape marks every series of the target stale at once; without memory, one missed
 * scrape of kube-state-metrics would turn all traffic of that minute into "unknown".
 */
export const remembered = ({ rules }: Config, series: Query): Query => promql`
  last_over_time(${series}[${duration(rules.infoLookback)}])`;

/**
 * The time of the last sample of an info series, within the same memory. As a value it tells which of two contradicting series
 * is newer, for example after a node registered again under another provider ID.
 */
export const lastSeen = ({ rules, scrape }: Config, series: Query): Query => promql`
  max_over_time(timestamp(${series})[${duration(rules.infoLookback)}:${duration(scrape.interval)}])`;
