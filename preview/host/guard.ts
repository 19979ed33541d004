import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request may be answered: undefined, or why not. The server listens on this machine only, yet every page in its browsers can
 * reach it. Host must be ours, against names that someone points at 127.0.0.1 (DNS rebinding); Origin, where there is one, too.
 */
export function refusal({ method, headers }: IncomingMessage, port: number): Refusal | undefined {
  const hosts = NAMES.map((name) => `${name}:${port}`);
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    return { status: 403, reason: `host "${host ?? ''}" is not answered; use 127.0.0.1:${port}` };
  }
  if (origin !== undefined && !hosts.some((name) => origin.toLowerCase() === `http://${name}`)) {
    return { status: 403, reason: `pages of ${origin} are not answered` };
  }
  if (method !== 'GET' && method !== 'POST') {
    return { status: 405, reason: `${method ?? 'this method'} is not answered`, headers: { allow: 'GET, POST' } };
  }
  return undefined;
}
