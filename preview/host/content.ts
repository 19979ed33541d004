import type { DashboardJson } from '../app/model/dashboard-json.ts';
import type { DashboardSummary } from '../app/model/state.ts';

/** What is previewed. */
export interface Content {
  readonly dashboards: readonly DashboardJson[];
  /** Why the last build failed; the dashboards are then those of the last good one. */
  readonly problems: readonly string[];
}

/** The content at the moment, and how often it has changed. */
export interface ContentStore {
  readonly revision: number;
  readonly problems: readonly string[];
  summaries(): DashboardSummary[];
  find(uid: string): DashboardJson | undefined;
  /** Takes new content; whether it differs from what was there. */
  replace(content: Content): boolean;
}

/** Keeps the content. Its revision begins with 1. */
export function createContentStore(first: Content): ContentStore {
  let content = first;
  let revision = 1;
  return {
    get revision() {
      return revision;
    },
    get problems() {
      return content.problems;
    },
    summaries: () =>
      content.dashboards.map(({ uid, title, description = '', tags = [] }) => ({ uid, title, description, tags })),
    find: (wanted) => content.dashboards.find(({ uid }) => uid === wanted),
    replace(next) {
      if (JSON.stringify(next) === JSON.stringify(content)) return false;
      content = next;
      revision += 1;
      return true;
    },
  };
}
