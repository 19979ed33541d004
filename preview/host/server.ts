import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusal } from './guard.ts';
import { replyText } from './replies.ts';
import type { Handler } from './routes.ts';

/** A server that listens on 127.0.0.1. */
export interface HttpServer {
  readonly port: number;
  /** Such as `http://127.0.0.1:19000`, without a trailing slash. */
  readonly url: string;
  /** From now on, requests are answered by this; those before are told to come again. */
  serve(handler: Handler): void;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

const notReady: Handler = async (_, response) =>
  replyText(response, 503, 'the preview is being built; try again in a few seconds', { 'retry-after': '2' });

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Readonly<Record<string, string>> = {
        EADDRINUSE: `127.0.0.1:${port} is taken; choose another with --port`,
        EACCES: `127.0.0.1:${port} needs rights that this user does not have; choose another with --port`,
      };
      reject(new Error(reasons[error.code ?? ''] ?? error.message, { cause: error }));
    });
    server.listen({ port, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Listens on a port of 127.0.0.1; 0 is any free one. Rejects with an Error that says what to do when the port is taken. */
export async function startServer(port: number): Promise<HttpServer> {
  let handler = notReady;
  const server = createServer((request, response) => {
    const refused = refusal(request, listening);
    if (refused !== undefined) return replyText(response, refused.status, refused.reason, refused.headers);
    handler(request, response).catch((error: unknown) => {
      replyText(response, 500, `this is a bug of the preview: ${String((error as { message?: unknown }).message)}`);
    });
  });
  let listening = port;
  listening = await listen(server, port);
  return {
    port: listening,
    url: `http://127.0.0.1:${listening}`,
    serve: (next) => void (handler = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
