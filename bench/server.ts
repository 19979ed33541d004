import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Exposition, prepareExposition } from './exposition.ts';
import type { Cluster } from './model.ts';
import { type Target, type TargetOptions, targetsOf } from './targets.ts';

/** What to serve. */
export interface ServerOptions extends TargetOptions {
  readonly clusters: readonly Cluster[];
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** A clock in seconds that never goes back; the time since the process started by default. */
  readonly now?: () => number;
}

/** A running server of synthetic exporters. */
export interface Server {
  readonly port: number;
  /** Such as `http://127.0.0.1:19100`, without a trailing slash. */
  readonly url: string;
  /** All targets it serves. */
  readonly targets: readonly Target[];
  /** Makes a target answer 503 (down) or its metrics again. Throws a RangeError for a path that is not served. */
  setDown(path: string, down: boolean): void;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Serves the exporters of clusters on 127.0.0.1, one path for each target:
 *
 * - `/clusters/<cluster>/nodes/<node>/<job>` for each flow source with agents, such as `hubble`
 * - `/clusters/<cluster>/nodes/<node>/ethtool`
 * - `/clusters/<cluster>/nodes/<node>/kubelet`, if it is known what its pods use
 * - `/clusters/<cluster>/coredns/<pod>`, if `dns` is set
 * - `/clusters/<cluster>/kubezonnet`, if it is among the sources
 * - `/clusters/<cluster>/prometheus`, if `rules` is set
 * - `/clusters/<cluster>/kube-state-metrics/<replica, from 0>`
 *
 * Time starts with the server. Rejects when the port is taken. Other paths answer 404 with a list of those served.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const now = options.now ?? (() => performance.now() / 1_000);
  const targets = options.clusters.flatMap((cluster) => targetsOf(cluster, options));
  const byPath = new Map(targets.map((target) => [target.path, target]));
  const pages = new Map<string, Exposition>();
  const down = new Set<string>();
  const started = now();

  // Large clusters take a while to write out, hence on the first scrape of each page rather than all at the start.
  const pageOf = (target: Target): Exposition => {
    const page = pages.get(target.path) ?? prepareExposition(target.families());
    pages.set(target.path, page);
    return page;
  };

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '');
    const target = byPath.get(path);
    if (target === undefined) answer(response, 404, notFound(path, targets));
    else if (down.has(path)) answer(response, 503, `${path} is set down\n`);
    else answer(response, 200, pageOf(target).render(now() - started));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, HOST, resolve);
  });
  const port = portOf(server.address());

  return {
    port,
    url: `http://${HOST}:${port}`,
    targets,
    setDown(path, isDown) {
      if (!byPath.has(path)) throw new RangeError(notFound(path, targets));
      if (isDown) down.add(path);
      else down.delete(path);
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** Servers on a TCP port have an address of this shape; the other ones are for sockets and closed servers. */
function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a TCP port');
  return address.port;
}

function answer(response: ServerResponse, status: number, body: string): void {
  const type = status === 200 ? 'text/plain; version=0.0.4; charset=utf-8' : 'text/plain; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

function notFound(path: string, targets: readonly Target[]): string {
  return [`${path} is not served. These paths are:`, ...targets.map((target) => `  ${target.path}`), ''].join('\n');
}
