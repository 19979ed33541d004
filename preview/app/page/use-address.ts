import { useCallback, useEffect, useState } from 'react';
import { dashboardPath } from '../model/links.ts';
import { pageReport } from './report.ts';
import { readUrl, type UrlState, writeUrl } from '../model/url-state.ts';

/** Which dashboard the address names, and how it is looked at. */
export interface Address {
  /** Empty where the address names none. */
  readonly uid: string;
  readonly url: UrlState;
}

const current = (): Address => ({
  uid: dashboardPath(location.pathname)?.uid ?? '',
  url: readUrl(location.search),
});

/** The links that the browser would follow by loading the page anew. */
function ownLink(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey)
    return undefined;
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  const target = anchor?.getAttribute('target') ?? '';
  if (anchor === null || (target !== '' && target !== '_self')) return undefined;
  const { origin, pathname, search } = new URL(anchor.href, location.href);
  if (origin !== location.origin || dashboardPath(pathname) === undefined) return undefined;
  // How the page looks belongs to the page: links between dashboards know nothing of it.
  const { theme, kiosk, refresh } = current().url;
  const linked = readUrl(search);
  return (
    pathname +
    writeUrl({
      ...linked,
      theme: linked.theme ?? theme,
      refresh: linked.refresh ?? refresh,
      kiosk: linked.kiosk || kiosk,
    })
  );
}

/** The page's address as state: changes go into the history, and links to dashboards stay on the page. */
export function useAddress() {
  const [address, setAddress] = useState(current);

  const open = useCallback((path: string, replace = false) => {
    if (replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    // What was drawn for the address before is no answer to this one.
    pageReport.wait();
    setAddress(current());
  }, []);

  /** Changes how the dashboard is looked at. */
  const change = useCallback(
    (changed: Partial<UrlState>) => {
      const { uid, url } = current();
      open(`/d/${encodeURIComponent(uid)}${writeUrl({ ...url, ...changed })}`);
    },
    [open],
  );

  useEffect(() => {
    const follow = (event: MouseEvent): void => {
      const path = ownLink(event);
      if (path === undefined) return;
      event.preventDefault();
      const before = current().uid;
      open(path);
      // A link within a dashboard changes what is below it.
      if (current().uid !== before) scrollTo({ top: 0 });
    };
    const back = (): void => {
      pageReport.wait();
      setAddress(current());
    };
    document.addEventListener('click', follow);
    addEventListener('popstate', back);
    return () => {
      document.removeEventListener('click', follow);
      removeEventListener('popstate', back);
    };
  }, [open]);

  return { address, open, change };
}
