import type { Config } from '../../settings/index.ts';
import { duration, longer, promql, type Query, type Fragment } from '../../promql/index.ts';

/** At least the window, so that pods that end inside it are still known. */
const memory = ({ rules }: Config): Fragment => duration(longer(rules.infoLookback, rules.window));

/**
 * An info series as last seen. A failed scrape marks every series of the target stale at once; without memory, one missed
 * scrape of kube-state-metrics would turn all traffic of that minute into "unknown".
 */
export const remembered = (config: Config, series: Query): Query => promql`
  last_over_time(${series}[${memory(config)}])`;

/**
 * The time of the last sample of an info series, within the same memory. As a value it tells which of two contradicting series
 * is newer, for example after a node registered again under another provider ID.
 */
export const lastSeen = (config: Config, series: Query): Query => promql`
  max_over_time(timestamp(${series})[${memory(config)}:${duration(config.scrape.interval)}])`;
