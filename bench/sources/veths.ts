import { type Connection, hasVeth, isDirectOnOneNode, type Node, nodeNameOf } from '../model.ts';
import type { Resolver, Sighting } from '../truth/resolve.ts';
import { serverFromClient, sightingOf } from './sighting.ts';

/** The direction of a connection in the eyes of a node: in at its server's, out at its client's. Requests and replies have the same. */
export type Direction = 'ingress' | 'egress';

/** An interface at which an agent sees all packets of a connection. */
export interface Veth {
  readonly of: 'client' | 'server';
  readonly direction: Direction;
}

/**
 * The veths of a connection on a node, as Retina's agents see them. What passes both veths of one node with the same addresses was seen at the
 * client's first, so its direction is out at the server's, too. Measured.
 */
export function vethsOn(connection: Connection, node: Node): Veth[] {
  const { client, server } = connection;
  const isHere = (end: Connection['client']) => hasVeth(end) && nodeNameOf(end) === node.name;
  return [
    ...(isHere(server)
      ? [{ of: 'server', direction: isDirectOnOneNode(connection) ? 'egress' : 'ingress' } as const]
      : []),
    ...(isHere(client) ? [{ of: 'client', direction: 'egress' } as const] : []),
  ];
}

const LINK_LOCAL = /^(?:169\.254\.|fe[89ab].:)/i;

/** Whether what that client's node sees leads out of the cluster, as far as the API server knows: from a pod to an address of nobody. */
export function leadsOutside(connection: Connection, { isOwned }: Pick<Resolver, 'isOwned'>): boolean {
  const [caller, callee] = [sightingOf(connection.client), serverFromClient(connection)];
  return (
    hasVeth(connection.client) &&
    caller.pod !== '' &&
    callee.pod === '' &&
    !isOwned(callee.ip) &&
    !LINK_LOCAL.test(callee.ip)
  );
}

/** Whether both ends are pods whose node is known by name and address. */
const areKnown = ({ nodeOf }: Pick<Resolver, 'nodeOf'>, ...ends: readonly Sighting[]): boolean =>
  ends.every((end) => nodeOf(end) !== undefined);

/** Whether the API server knows both ends of a connection by name and address. */
export const knowsBothEnds = ({ client, server }: Connection, resolver: Pick<Resolver, 'nodeOf'>): boolean =>
  areKnown(resolver, sightingOf(client), sightingOf(server));

/** Whether the API server shows that a connection stays on one node. */
export const isProvenLocal = (connection: Connection, resolver: Pick<Resolver, 'nodeOf'>): boolean =>
  knowsBothEnds(connection, resolver) &&
  resolver.nodeOf(sightingOf(connection.client)) === resolver.nodeOf(sightingOf(connection.server));

/** A veth at which the rules count a connection, and how many times they count each of its packets. */
export interface Count {
  readonly of: Veth['of'];
  readonly times: number;
}

/**
 * Where the rules count a connection that Retina sees: at its server's veth, or at its client's if it is known to stay on the node or to lead
 * outside. The client's side instead counts what client's nodes report, and what stays on one node at both veths.
 */
export function countsOf(
  connection: Connection,
  resolver: Pick<Resolver, 'nodeOf' | 'isOwned'>,
  isClientSide: boolean,
): readonly Count[] {
  const isDirect = isDirectOnOneNode(connection);
  if (isClientSide) return hasVeth(connection.client) ? [{ of: 'client', times: isDirect ? 2 : 1 }] : [];
  if (isDirect) return isProvenLocal(connection, resolver) ? [{ of: 'client', times: 1 }] : [];
  return [
    ...(hasVeth(connection.server) ? [{ of: 'server', times: 1 } as const] : []),
    ...(leadsOutside(connection, resolver) ? [{ of: 'client', times: 1 } as const] : []),
  ];
}
