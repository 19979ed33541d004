import { describe, expect, test } from '@jest/globals';
import { CASES, casesFor, FACTOR_NAMES, FACTORS, pairsMissing } from '../../../conformance/agents/cases.ts';
import { chosenCases } from '../../../conformance/agents/run.ts';
import { flowsOf, flushes, isFlush, probes } from '../../../conformance/agents/traffic.ts';
import { HOSTS, NODES, nodeOf, PODS } from '../../../conformance/agents/network.ts';

describe('the cases', () => {
  test('are at most 24, each with a name of its own', () => {
    expect(CASES.length).toBeLessThanOrEqual(24);
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });

  test('cover every pair of values of two factors', () => {
    // Counted here as well, as an empty list of what is missing could mean that nothing was looked for.
    const values = FACTOR_NAMES.map((factor) => FACTORS[factor].length);
    const pairs = values.flatMap((one, index) => values.slice(index + 1).map((other) => one * other));
    const seen = new Set(
      CASES.flatMap((one) =>
        FACTOR_NAMES.flatMap((first, index) =>
          FACTOR_NAMES.slice(index + 1).map((second) => `${first}=${one[first]} ${second}=${one[second]}`),
        ),
      ),
    );
    expect(seen.size).toBe(pairs.reduce((sum, count) => sum + count, 0));
    expect(pairsMissing(CASES)).toEqual([]);
  });

  test('a pair that is missing is found', () => {
    const fewer = CASES.filter(({ family, protocol }) => !(family === 'ipv6' && protocol === 'udp'));
    expect(fewer.length).toBeLessThan(CASES.length);
    expect(pairsMissing(fewer)).toEqual(['family=ipv6 protocol=udp']);
  });

  test('without a factor that an agent does not have, no two are the same', () => {
    const cases = casesFor(['aggregation']);
    expect(cases.every(({ aggregation }) => aggregation === 'low')).toBe(true);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(pairsMissing(cases).every((pair) => pair.includes('aggregation=high'))).toBe(true);
    const factors = cases.map((one) => JSON.stringify({ ...one, name: '' }));
    expect(new Set(factors).size).toBe(cases.length);
  });

  test('those of one cluster stand together, so that each cluster starts once', () => {
    const groups = CASES.map(({ aggregation, cni }) => `${aggregation} ${cni}`);
    const changes = groups.filter((group, index) => group !== groups[index - 1]);
    expect(new Set(groups).size).toBe(changes.length);
  });

  test('are chosen by name, and an unknown name is refused with the nearest', () => {
    expect(chosenCases({}, ['plain']).map(({ name }) => name)).toEqual(['plain']);
    expect(() => chosenCases({}, ['three-node'])).toThrow('--case: got "three-node", did you mean three-nodes?');
  });
});

describe('the traffic', () => {
  test.each(CASES.map((one) => [one.name, one] as const))('%s is a forest of bounded connections', (_name, one) => {
    const flows = flowsOf(one);
    const parent = new Map<string, string>();
    const root = (end: string): string => (parent.has(end) ? root(parent.get(end) ?? '') : end);
    for (const { host, exchange, recorded } of flows) {
      expect(HOSTS).toContain(host);
      expect(exchange.rounds * (exchange.request + exchange.response)).toBeLessThan(10_000_000);
      const [client, server] = [root(recorded.client), root(recorded.server)];
      expect(client).not.toBe(server);
      parent.set(client, server);
    }
  });

  test('probes make every judged pod a client and a server across nodes', () => {
    const judged = PODS.filter(({ app }) => app !== undefined);
    const ends = probes().map(({ recorded }) => recorded);
    expect(new Set(ends.map(({ client }) => client)).size).toBe(judged.length);
    expect(new Set(ends.map(({ server }) => server)).size).toBe(judged.length);
    const nodeOfKey = (key: string) => judged.flatMap((pod) => (key.endsWith(pod.host) ? [nodeOf(pod).name] : []))[0];
    expect(ends.every(({ client, server }) => nodeOfKey(client) !== nodeOfKey(server))).toBe(true);
  });

  test('flushes go from every node to another, and are told from what is judged', () => {
    expect(flushes()).toHaveLength(NODES.length);
    expect(isFlush({ source_ip: '10.77.1.9', destination_ip: '10.77.2.2' })).toBe(true);
    expect(isFlush({ SrcK8S_OwnerName: 'flush' })).toBe(true);
    expect(isFlush({ source_ip: '10.77.1.2', source_pod: 'web-p1a' })).toBe(false);
  });
});
