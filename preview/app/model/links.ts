import { writeUrl, type UrlState } from './url-state.ts';

/**
 * The dashboard that an address of ours leads to: `/d/uid/slug?var-a=1`, with or without the first slash. Undefined for all others. `search` has
 * its `?`, or is empty.
 */
export function dashboardPath(url: string): { uid: string; search: string } | undefined {
  const [, uid, search = ''] = /^\/?d\/([^/?#]+)(?:\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/.exec(url) ?? [];
  if (uid === undefined) return undefined;
  try {
    return { uid: decodeURIComponent(uid), search };
  } catch {
    return undefined;
  }
}

/**
 * The query part of a link to another dashboard, with its `?`: the time range and the variables if the link keeps them, and theme and
 * kiosk, which belong to the page rather than to the dashboard.
 */
export const linkSearch = (link: {
  readonly keepTime: boolean;
  readonly includeVars: boolean;
  readonly state: UrlState;
}): string =>
  writeUrl({
    ...link.state,
    from: link.keepTime ? link.state.from : undefined,
    to: link.keepTime ? link.state.to : undefined,
    refresh: undefined,
    variables: link.includeVars ? link.state.variables : new Map(),
  });
