import type { Scrape } from '../scrape.ts';
import type { Timeline } from '../timeline.ts';

/** From when to when something changes, in seconds since the start; before and after, all is steady. */
export interface Change {
  readonly from: number;
  readonly until: number;
}

/** A cluster to which something happens. */
export interface ClusterFault {
  readonly timeline: Timeline;
  readonly change: Change;
}

/** Scrapes to which something happens. */
export interface ScrapeFault {
  readonly scrapes: readonly Scrape[];
  readonly change: Change;
}
