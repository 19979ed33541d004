import type { IncomingMessage } from 'node:http';
import { addressOf, isPage } from './address.ts';

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Who asks, as browsers tell: the page itself, or its user by typing an address. Programs tell nothing. */
const OWN_SITES: ReadonlySet<unknown> = new Set([undefined, 'same-origin', 'none']);

/** Whether a browser follows a link to a page of ours, and shows that in a window of its own. */
const followsLink = (request: IncomingMessage): boolean =>
  request.method === 'GET' &&
  request.headers['sec-fetch-mode'] === 'navigate' &&
  request.headers['sec-fetch-dest'] === 'document' &&
  isPage(addressOf(request).path ?? '');

/**
 * Whether a request may be answered: undefined, or why not. The server listens on this machine only, yet every page in its browsers can
 * reach it. Host must be ours, against names that someone points at 127.0.0.1 (DNS rebinding); Origin, where there is one, too. Sec-Fetch-Site
 * tells of images and scripts of other sites, which have no Origin; other ports of this machine are the same site, but not ours.
 */
export function refusal(request: IncomingMessage, port: number): Refusal | undefined {
  const { method, headers } = request;
  const hosts = NAMES.map((name) => `${name}:${port}`);
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    return { status: 403, reason: `host "${host ?? ''}" is not answered; use 127.0.0.1:${port}` };
  }
  if (origin !== undefined && !hosts.some((name) => origin.toLowerCase() === `http://${name}`)) {
    return { status: 403, reason: `pages of ${origin} are not answered` };
  }
  if (!OWN_SITES.has(headers['sec-fetch-site']) && !followsLink(request)) {
    return { status: 403, reason: 'requests of other sites are not answered, but for links to pages' };
  }
  if (method !== 'GET' && method !== 'POST') {
    return { status: 405, reason: `${method ?? 'this method'} is not answered`, headers: { allow: 'GET, POST' } };
  }
  return undefined;
}
