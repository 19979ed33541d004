import { redactUrl } from './urls.ts';

/** A Prometheus to ask, or what speaks its API. */
export interface Upstream {
  /** Without credentials and trailing slash, for people to read. */
  readonly shown: string;
  readonly url: URL;
  /** Path that comes before `/api/v1/...`, without a trailing slash; often empty. */
  readonly prefix: string;
  /** The header for user and password of the address, where it has them. */
  readonly headers: Readonly<Record<string, string>>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Reads the address of a Prometheus: with a path prefix such as `https://mimir/prometheus`, with user and password if need be. Throws an
 * Error that says what was expected.
 */
export function parseUpstream(text: string): Upstream {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const refuse = (expected: string): Error => new Error(`Prometheus: got "${redactUrl(text)}", expected ${expected}`);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw refuse('a URL such as http://127.0.0.1:9090');
  }
  // Queries have parameters of their own, so those of the address would be dropped.
  if (/[?#]/.test(text)) {
    throw refuse(
      'a URL without "?" and "#": only user and password are sent, as in https://user:password@host; where a token is needed, name a proxy that adds it',
    );
  }
  // A slash in a password ends the host, and the rest would be shown as a path.
  if (url.pathname.includes('@'))
    throw refuse('a URL with "/" in user and password as %2F, and "@" in the path as %40');
  const { username, password } = url;
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  const prefix = url.pathname.replace(/\/+$/, '');
  return {
    url,
    prefix,
    shown: `${url.origin}${prefix}`,
    headers: username === '' && password === '' ? {} : { authorization: `Basic ${credentials}` },
  };
}
