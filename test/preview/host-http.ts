import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as it is: the path is not made straight, and any header may be set. */
export function send(
  url: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.once('error', reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}

/** A request that the fake Prometheus got. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A server in the place of Prometheus. */
export interface FakePrometheus {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** Starts a server that answers as told. */
export async function fakePrometheus(answer: (response: http.ServerResponse) => void): Promise<FakePrometheus> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.once('end', () => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Events of the preview as they come in; each promise waits for what it names. */
export interface Listener {
  readonly connected: () => Promise<void>;
  /** So many events from the beginning. */
  readonly events: (count: number) => Promise<string[]>;
  readonly ended: () => Promise<void>;
  /** Leaves, as a page does. */
  readonly end: () => void;
}

/** Opens a path of the preview that sends events, and reads them until the connection ends. */
export function listen(url: string, path: string, headers: Record<string, string> = {}): Listener {
  let text = '';
  let ended = false;
  let wake = (): void => {};
  const request = http.get(url + path, { headers, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      wake();
    });
    response.once('close', () => {
      ended = true;
      wake();
    });
  });
  request.on('error', () => {});
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    connected: () => until(() => text.includes('retry:')),
    events: async (count: number): Promise<string[]> => {
      const found = (): string[] => text.split('\n\n').filter((event) => event.includes('event:'));
      await until(() => found().length >= count);
      return found();
    },
    ended: () => until(() => ended),
    end: () => void request.destroy(),
  };
}
