/** A dashboard as lists and links name it. */
export interface DashboardSummary {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** Something that happens in the demo. */
export interface StoryEvent {
  /** When, in Unix milliseconds; may lie in the future. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  /** The uid of the dashboard that shows it. */
  readonly dashboard: string;
}

/** What the page is told by the host that serves it: the answer of `/api/state`. */
export interface State {
  /** Rises by one with every change of content. */
  readonly revision: number;
  readonly dashboards: readonly DashboardSummary[];
  /** Why the last build failed; the dashboards are then those of the last good one. */
  readonly problems: readonly string[];
  /** Where data comes from, and how many seconds lie between two scrapes. */
  readonly prometheus: { readonly url: string; readonly scrapeInterval: number };
  /** A fixed clock in Unix milliseconds, for pictures; null is the browser's own. */
  readonly now: number | null;
  /** What happens in the demo, in order; empty outside of it. */
  readonly story: readonly StoryEvent[];
}
