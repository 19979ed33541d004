import { isIPv4 } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { BAD, BAD_LASTS } from '../../../demo/weeks/bad.ts';
import { QUIET, QUIET_LASTS } from '../../../demo/weeks/quiet.ts';
import { makeWeek } from '../../../demo/weeks/week.ts';
import { generate } from '../../support/generate.ts';

const { config } = generate();

describe.each([
  ['quiet', QUIET, QUIET_LASTS],
  ['bad', BAD, BAD_LASTS],
] as const)('the %s week', (_name, happenings, lasts) => {
  const { timeline } = makeWeek(happenings, lasts, config);

  test('is the same every time', () => {
    const told = (stages: typeof timeline) =>
      stages.map(({ from, cluster: { nodes, pods, connections } }) => [from, nodes, pods, connections.length]);
    expect(told(makeWeek(happenings, lasts, config).timeline)).toEqual(told(timeline));
  });

  test('ends after all that happens, which has a name of its own', () => {
    const beyond = happenings.filter((one) => one.from < 0 || one.from + one.lasts > lasts);
    expect(beyond.map(({ title }) => title)).toEqual([]);
    expect(new Set(happenings.map(({ title }) => title)).size).toBe(happenings.length);
  });

  test('has pods on nodes that are there, each with an address of its own, and an agent of the network on each node', () => {
    for (const { cluster } of timeline) {
      const nodes = new Set(cluster.nodes.map(({ name }) => name));
      expect(cluster.pods.filter(({ node }) => !nodes.has(node))).toEqual([]);
      const addresses = cluster.pods.flatMap(({ ip, hostNetwork }) => (hostNetwork ? [] : [ip]));
      expect(new Set(addresses).size).toBe(addresses.length);
      expect(addresses.filter((ip) => !isIPv4(ip))).toEqual([]);
      const daemons = cluster.pods.filter(({ workload }) => workload.kind === 'DaemonSet');
      expect(new Set(daemons.map(({ node }) => node)).size).toBe(nodes.size);
      expect(new Set(cluster.pods.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(cluster.pods.length);
    }
  });
});
