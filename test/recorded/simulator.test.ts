import { expect, test } from '@jest/globals';
import type { Cluster, Endpoint, Labels, Node, Pod } from '../../bench/model.ts';
import { SIMULATORS, type SourceId, type SourceOptions } from '../../bench/sources/index.ts';
import { OUTSIDE, type Recording } from '../../conformance/shared/recording.ts';
import { recordings } from '../../conformance/shared/recordings.ts';

const isAddress = (label: string) => label.endsWith('_ip');

/** The address of what is outside: the one that is no pod's, node's or Service's. */
function outsideOf({ nodes, pods, services, series }: Recording): string {
  const inside = new Set([
    ...[...Object.values(nodes), ...Object.values(pods)].flatMap(({ addresses }) => addresses),
    ...Object.values(services),
  ]);
  const all = series.flatMap(({ labels }) =>
    Object.entries(labels).flatMap(([name, ip]) => (isAddress(name) ? [ip] : [])),
  );
  return all.find((ip) => !inside.has(ip)) ?? '203.0.113.1';
}

/** The cluster of a recording, with one packet a second each way on every connection. */
function clusterOf(recording: Recording): Cluster {
  const nodes = Object.entries(recording.nodes).map(([name, { zone, addresses }]): Node => ({
    name,
    zone,
    internalIp: addresses[0] ?? '',
    providerId: '',
    createdAt: 1,
    interfaces: [],
  }));
  const pods = new Map(
    Object.entries(recording.pods).map(([key, { node, addresses, hostNetwork = false }]): [string, Pod] => {
      const [namespace = '', name = ''] = key.split('/');
      const workload = { namespace, kind: 'Deployment', name } as const;
      const ip = addresses[0] ?? '';
      return [key, { namespace, name, uid: key, ip, node, workload, controller: undefined, createdAt: 1, hostNetwork }];
    }),
  );
  const services = new Map(
    Object.entries(recording.services).map(([key, clusterIp]) => {
      const [namespace = '', name = ''] = key.split('/');
      return [key, { namespace, name, clusterIp }];
    }),
  );
  const outside = outsideOf(recording);
  const endOf = (name: string): Endpoint => {
    const pod = pods.get(name);
    if (pod !== undefined) return { kind: 'pod', pod };
    const node = nodes.find((one) => one.name === name);
    if (node !== undefined) return { kind: 'node', node };
    if (name !== OUTSIDE) throw new Error(`no end ${name}`);
    return { kind: 'external', ip: outside };
  };
  return {
    name: 'recorded',
    nodes,
    workloads: [],
    pods: [...pods.values()],
    services: [...services.values()],
    apiServer: outside,
    connections: recording.traffic.map(({ client, server, via, protocol = 'TCP' }) => {
      const service = via === undefined ? undefined : services.get(via);
      const ends = { client: endOf(client), server: endOf(server) };
      return { ...ends, protocol, requests: 1, replies: 1, ...(service && { via: service }) };
    }),
  };
}

/** Labels that a MetricsConfiguration chooses. */
const CHOSEN = /^is_reply$|_workload_/;

/** A series as a text, unless no pod is at either end: the nodes' own traffic is not told in a recording. */
function lineOf(recording: Recording, node: string, metric: string, labels: Labels): readonly string[] {
  const isOfPods = Object.values(recording.pods).some(({ addresses }) =>
    Object.entries(labels).some(([name, value]) => isAddress(name) && addresses.includes(value)),
  );
  const counts = !('type' in labels) || labels['type'] === 'Trace';
  const told = Object.entries(labels).filter(([name, value]) => value !== '' && !CHOSEN.test(name));
  const sorted = told.map(([name, value]) => `${name}=${value}`).toSorted();
  return isOfPods && counts ? [`${node} ${metric} ${sorted.join(' ')}`] : [];
}

function simulated(recording: Recording, options: SourceOptions): ReadonlySet<string> {
  const source = SIMULATORS[recording.source as SourceId];
  if (source.placement !== 'node') throw new Error(`${recording.source} has no agents`);
  const cluster = clusterOf(recording);
  return new Set(
    cluster.nodes.flatMap((node) =>
      source
        .families(cluster, node, options)
        .flatMap(({ series }) => series.flatMap(({ metric, labels }) => lineOf(recording, node.name, metric, labels))),
    ),
  );
}

const recorded = (recording: Recording): ReadonlySet<string> =>
  new Set(recording.series.flatMap(({ node, metric, labels }) => lineOf(recording, node, metric, labels)));

const all = [...recordings()];
const of = (prefix: string) => all.filter(([, { source }]) => source.startsWith(prefix));

test.each(of('retina'))('%s: the simulator exposes the very series that were recorded', (_name, recording) => {
  const aggregation = recording.aggregation === 'high' ? 'high' : 'low';
  const found = simulated(recording, { aggregation });
  expect([...found].toSorted()).toEqual([...recorded(recording)].toSorted());
  expect(found.size).toBeGreaterThan(0);
});

// The library was given every event that the datapath may send; which of them it sends was not tested.
test.each(of('cilium'))('%s: the simulator exposes no series that the library does not', (name, recording) => {
  const routing = (['tunnel', 'host-routing'] as const).find((one) => name.endsWith(one)) ?? 'native';
  const known = recorded(recording);
  const found = simulated(recording, { routing });
  // Not every event at a network card was made; the library gives none of them a direction, so nothing reads them.
  const directed = [...found].filter((line) => !line.includes('traffic_direction=unknown'));
  expect(directed.filter((line) => !known.has(line))).toEqual([]);
  // Every packet is delivered.
  const delivered = (lines: ReadonlySet<string>) =>
    [...lines].filter((line) => line.includes('subtype=to-endpoint')).toSorted();
  expect(delivered(found)).toEqual(delivered(known));
});
