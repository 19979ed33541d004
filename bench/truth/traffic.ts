import type { Connection, Endpoint } from '../model.ts';
import type { Party } from './party.ts';

/** Packets per second in one direction of one connection. */
export interface Traffic {
  readonly source: Party;
  readonly destination: Party;
  readonly rate: number;
}

/** Both directions of every connection whose server is a pod, as these are what the server's node sees. */
export function countedTraffic(connections: readonly Connection[], resolve: (end: Endpoint) => Party): Traffic[] {
  return connections
    .filter(({ server }) => server.kind === 'pod')
    .flatMap(({ client, server, requests, replies }) => {
      const caller = resolve(client);
      const called = resolve(server);
      return [
        { source: caller, destination: called, rate: requests },
        { source: called, destination: caller, rate: replies },
      ];
    });
}
