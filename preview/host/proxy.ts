import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { COMMON_HEADERS, JSON_TYPE, replyJson } from './replies.ts';
import type { Upstream } from '../../generators/index.ts';

/** What the page may ask of Prometheus, below `/api/v1`: reading only. */
const ALLOWED = /^\/(?:query|query_range|series|labels|label\/[A-Za-z_][A-Za-z0-9_]*\/values|rules|alerts)$/;
const REQUEST_HEADERS = ['accept', 'accept-encoding', 'content-type'] as const;
/** Encodings that Prometheus and what speaks its API use. */
const ENCODINGS = new Set(['identity', 'gzip', 'deflate', 'br', 'zstd']);
const LARGEST_BODY = 1_048_576;
/** Far more than a dashboard asks for: 11,000 points in each of a thousand series. */
const LARGEST_ANSWER = 256 * LARGEST_BODY;
const TIMEOUT_MS = 30_000;

/** Passes requests on to Prometheus. */
export interface Proxy {
  /** Answers a request; `path` is what comes after `/prometheus`, `search` its query with the question mark. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, search: string): Promise<void>;
  /** Ends the connections to Prometheus. */
  close(): void;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'it closed the connection',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  // With several addresses tried, the message is empty and the code tells.
  return (code === undefined ? undefined : REASONS[code]) ?? (message === '' ? code : message) ?? String(error);
}

function pick(headers: http.IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}

/** Headers of an answer. It is JSON whatever Prometheus says, so that no browser takes it for a page or a script. */
function answerHeaders({ headers }: IncomingMessage): Record<string, string> {
  return {
    ...COMMON_HEADERS,
    'content-type': JSON_TYPE,
    ...pick(headers, ['content-encoding', 'content-length']),
  };
}

/** What is wrong with an answer that is not passed on; undefined if it is. */
function unusable({ statusCode = 0, headers }: IncomingMessage, largest: number): string | undefined {
  if (statusCode >= 300 && statusCode < 400)
    return `redirects (status ${statusCode}): name the address to which it does`;
  if (!ENCODINGS.has((headers['content-encoding'] ?? 'identity').toLowerCase()))
    return 'answers in an unknown encoding';
  return Number(headers['content-length'] ?? 0) > largest ? `answers with more than ${largest} bytes` : undefined;
}

/** The body of a request, or undefined when it is larger than any query. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Passes the page's queries to Prometheus, and its answers back as JSON. Nothing but the paths of `ALLOWED` gets through. */
export function createProxy(
  upstream: Upstream,
  { timeoutMs = TIMEOUT_MS, largestAnswer = LARGEST_ANSWER } = {},
): Proxy {
  const secure = upstream.url.protocol === 'https:';
  const { Agent, request: send } = secure ? https : http;
  const agent = new Agent({ keepAlive: true });

  const replyUnavailable = (response: ServerResponse, problem: string): void => {
    const error = `Prometheus at ${upstream.shown} ${problem}`;
    replyJson(response, 502, { status: 'error', errorType: 'unavailable', error });
  };

  /** Resolves when the answer has been passed on, or its reader has gone. Rejects when there is none. */
  const passOn = (request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { ...pick(request.headers, REQUEST_HEADERS), ...upstream.headers, 'content-length': body.length };
      // The port and host of the URL; its user and password go by header.
      const { protocol, hostname, port } = upstream.url;
      const host = hostname.replace(/^\[|\]$/g, '');
      const options = {
        protocol,
        hostname: host,
        port,
        path: upstream.prefix + path,
        method: request.method,
        headers,
        agent,
      };
      const outgoing = send(options, (answer) => {
        const problem = unusable(answer, largestAnswer);
        if (problem !== undefined) {
          outgoing.destroy();
          return replyUnavailable(response, problem);
        }
        answer.once('error', reject);
        response.writeHead(answer.statusCode ?? 502, answerHeaders(answer));
        let length = 0;
        answer.on('data', ({ length: more }: Buffer) => {
          length += more;
          if (length > largestAnswer) outgoing.destroy();
        });
        answer.pipe(response);
      });
      const timer = setTimeout(() => outgoing.destroy(new Error(`nothing within ${timeoutMs / 1_000} s`)), timeoutMs);
      outgoing.once('error', reject);
      response.once('close', () => {
        clearTimeout(timer);
        outgoing.destroy();
        resolve();
      });
      outgoing.end(body);
    });

  return {
    async handle(request, response, path, search) {
      const below = path.startsWith('/api/v1') ? path.slice('/api/v1'.length) : '';
      if (!ALLOWED.test(below)) {
        const error = `/prometheus${path} is not passed on; only queries, series, labels, rules and alerts are`;
        return replyJson(response, 404, { status: 'error', errorType: 'not_found', error });
      }
      try {
        const body = await bodyOf(request);
        if (body === undefined) {
          const error = `a query has at most ${LARGEST_BODY} bytes`;
          return replyJson(response, 413, { status: 'error', errorType: 'bad_data', error });
        }
        await passOn(request, response, path + search, body);
      } catch (problem) {
        replyUnavailable(response, `does not answer: ${reasonOf(problem)}`);
      }
    },
    close: () => agent.destroy(),
  };
}
