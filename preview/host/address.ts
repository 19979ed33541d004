import type { IncomingMessage } from 'node:http';

/** What a request asks for. */
export interface Address {
  /** The path with its percent signs resolved; undefined when they make no text. */
  readonly path: string | undefined;
  /** The query with its question mark, as it came. */
  readonly search: string;
  readonly query: URLSearchParams;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The path and query asked for. Clients may also send a whole address; of that, too, only path and query count. */
export function addressOf({ url = '/' }: IncomingMessage): Address {
  // Joined, not resolved: `//a/b` is a path here, and not the path `/b` of a host called a.
  const whole = url.startsWith('/') ? `http://localhost${url}` : url;
  const { pathname, search, searchParams } = new URL(URL.canParse(whole) ? whole : 'http://localhost/');
  return { path: decode(pathname), search, query: searchParams };
}

/** Whether a path is that of a page, which links may lead to; all others are for the page itself. */
export const isPage = (path: string): boolean => path === '/' || path.startsWith('/d/');
