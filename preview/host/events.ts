import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMMON_HEADERS } from './replies.ts';

/** Browsers that wait for changes. */
export interface Events {
  /**
   * Keeps the connection and tells it of changes, as server-sent events. A browser that connects again says which revision it saw last,
   * and is told at once when it has missed any; so is a page that asks with `?since=REVISION`.
   */
  connect(request: IncomingMessage, response: ServerResponse, since: string | null): void;
  /** Tells all of them the new revision. */
  change(revision: number): void;
  /** Ends all connections. */
  close(): void;
}

const RETRY_MS = 1_000;

const message = (revision: number): string => `event: change\nid: ${revision}\ndata: ${revision}\n\n`;

/** The list of browsers that wait, at first of none. */
export function createEvents(current: () => number): Events {
  const waiting = new Set<ServerResponse>();
  return {
    connect(request, response, since) {
      response.writeHead(200, { ...COMMON_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(`retry: ${RETRY_MS}\n\n`);
      const seen = request.headers['last-event-id'] ?? since;
      if (seen !== null && Number(seen) !== current()) response.write(message(current()));
      waiting.add(response);
      response.once('close', () => waiting.delete(response));
    },
    change(revision) {
      for (const response of waiting) response.write(message(revision));
    },
    close() {
      for (const response of waiting) response.end();
      waiting.clear();
    },
  };
}
