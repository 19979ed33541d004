import type { ServerResponse } from 'node:http';
import { CONTENT_SECURITY_POLICY } from './html.ts';

/** Headers of every answer: nothing is kept, nothing is guessed, and no other origin is asked. */
export const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Answers with a text or bytes. */
export function reply(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  // Where the answer comes from a failure in the middle of another one, only ending the connection is left.
  if (response.headersSent) return void response.destroy();
  const length = { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...COMMON_HEADERS, 'content-type': type, ...length, ...headers });
  response.end(body);
}

/** The type of JSON. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON. */
export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  reply(response, status, JSON_TYPE, JSON.stringify(body));
}

/** Answers with a line of text, for what people see when they open a wrong address. */
export function replyText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(response, status, 'text/plain; charset=utf-8', `${text}\n`, headers);
}
