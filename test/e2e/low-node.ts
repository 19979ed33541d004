import { createServer } from 'node:http';

/** A node whose connection tracking runs low: what it could track at first, and what is left after a while. */
export const LOW_NODE = { node: 'ip-10-9-9-9', device: 'ens5', most: 100_000, left: 5000 } as const;

/** Serves that node's ethtool page on 127.0.0.1; for the first `seconds` all is well. */
export async function startLowNode(port: number, seconds: number): Promise<{ close(): void }> {
  const started = performance.now();
  const server = createServer((_request, response) => {
    const available = performance.now() - started < seconds * 1000 ? LOW_NODE.most : LOW_NODE.left;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      '# TYPE node_net_ethtool gauge\n' +
        `node_net_ethtool{device="${LOW_NODE.device}",type="conntrack_allowance_available"} ${available}\n`,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
