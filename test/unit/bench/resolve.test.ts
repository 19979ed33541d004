import { describe, expect, test } from '@jest/globals';
import { isInCidr, type Node } from '../../../bench/model.ts';
import { createResolver } from '../../../bench/truth/resolve.ts';
import { clusterWith, NODES, podOf, PODS, SERVICE } from '../../support/handmade-cluster.ts';

const moved = { ...PODS.db, uid: 'uid-moved', ip: '10.1.0.20', node: 'node-a', createdAt: 20 };
const done = podOf('done-0', 'node-a', '10.1.0.30', { phase: 'Succeeded', createdAt: 90 });
const heir = podOf('heir-0', 'node-b', '10.1.0.30', { createdAt: 50 });
const onlyDone = podOf('done-1', 'node-b', '10.1.0.31', { phase: 'Failed' });
const doneOnService = podOf('done-2', 'node-b', SERVICE.clusterIp, { phase: 'Failed' });
const doneOnNode = podOf('done-3', 'node-b', NODES.a.internalIp, { phase: 'Failed' });
const twin = podOf('twin-0', 'node-a', '10.1.0.40', { createdAt: 1 });
const youngerTwin = podOf('twin-1', 'node-b', '10.1.0.40', { createdAt: 2 });
const waiting = podOf('waiting-0', '', '', { phase: 'Pending' });
const pods = [
  ...Object.values(PODS),
  heir,
  done,
  onlyDone,
  doneOnService,
  doneOnNode,
  youngerTwin,
  twin,
  waiting,
  moved,
];
// Listed after the newer one, so that order alone decides nothing.
const { sighted, node, nodeOf, isOwned } = createResolver(clusterWith([], pods.toReversed()));

const named = (pod: string, ip = '') => sighted({ namespace: 'shop', pod, ip });
const at = (ip: string) => sighted({ namespace: '', pod: '', ip });

describe('by name', () => {
  test('the incarnation with that address, else the newest', () => {
    expect(named('db-0', '10.1.0.2').zone).toBe('az-b');
    expect(named('db-0', 'fd00::2').zone).toBe('az-a');
    expect(named('db-0', '10.1.0.20').zone).toBe('az-a');
    expect(named('db-0').zone).toBe('az-a');
    expect(named('db-0', '10.9.9.9').zone).toBe('az-a');
  });

  test('nobody else, even if the address is of a known pod, and no pod that waits for a node', () => {
    const gone = { namespace: 'shop', type: 'unknown', workload: 'unknown', zone: 'unknown', reason: 'gone' };
    expect(named('never', '10.1.0.1')).toEqual({ ...gone, pod: 'never' });
    expect(named('waiting-0')).toEqual({ ...gone, pod: 'waiting-0' });
    expect(sighted({ namespace: 'elsewhere', pod: 'web-1', ip: '' }).reason).toBe('gone');
  });

  test('a node', () => {
    expect(node('node-c')).toMatchObject({ namespace: '_nodes_', type: 'Node', workload: 'nodes', zone: 'az-c' });
    expect(node('node-x')).toMatchObject({ zone: 'unknown', reason: 'no_zone_label' });
  });
});

describe('by the range of an address', () => {
  const { a, b, x } = NODES;
  const own = (of: Node, podCidr: string) => ({ ...of, podCidr });
  const resolve = (
    ip: string,
    pod = '',
    nodes = [own(a, '10.1.0.0/24'), own(b, '10.2.0.0/24'), own(x, '10.3.0.0/24')],
  ) => {
    const hosted = podOf('host-a', 'node-a', '192.168.1.9', { hostNetwork: true });
    const found = [podOf('web-1', 'node-a', '10.1.0.7'), podOf('db-0', 'node-b', '10.2.0.7'), hosted];
    return createResolver({ nodes, pods: found }).sighted({ namespace: pod && 'shop', pod, ip });
  };

  test('the node itself, at its tunnel, its bridge, and where its host-network pods are', () => {
    for (const ip of ['10.1.0.0', '10.1.0.1', '192.168.1.9']) {
      expect(resolve(ip)).toMatchObject({ namespace: '_nodes_', zone: 'az-a', reason: '' });
    }
    expect(resolve('10.2.0.1').zone).toBe('az-b');
  });

  test('the zone of the node for what is gone', () => {
    expect(resolve('10.2.0.99')).toMatchObject({ namespace: 'unknown', workload: 'unknown', zone: 'az-b', reason: '' });
    expect(resolve('10.2.0.99', 'gone-0')).toMatchObject({
      namespace: 'shop',
      workload: 'unknown',
      zone: 'az-b',
      reason: '',
    });
    expect(resolve('10.3.0.99').reason).toBe('no_zone_label');
  });

  test('nothing where pods have other addresses', () => {
    const swapped = [own(a, '10.2.0.0/24'), own(b, '10.1.0.0/24'), own(x, '10.3.0.0/24')];
    expect(resolve('10.1.0.99', '', swapped).reason).toBe('unplaced');
    expect(resolve('10.2.0.1', '', swapped).reason).toBe('unplaced');
    expect(resolve('10.2.0.99', 'gone-0', swapped).reason).toBe('gone');
    expect(resolve('10.9.0.99', '', swapped).reason).toBe('outside');
  });

  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.64/26', '10.0.0.63', false],
    ['fd00:1::/64', 'fd00:1::2:3', true],
    ['fd00:1::/64', 'fd00:1:0:1::2', false],
    ['10.0.0.0/8', '', false],
    ['::/0', '10.0.0.1', false],
  ])('%s has %s: %s', (cidr, ip, is) => {
    expect(isInCidr(cidr, ip)).toBe(is);
  });
});

describe('by address', () => {
  test('a running pod before a completed one, however old; the newest of two', () => {
    expect(at('10.1.0.30').pod).toBe('heir-0');
    expect(at('10.1.0.31').pod).toBe('done-1');
    expect(at('10.1.0.40').pod).toBe('twin-1');
  });

  test('IPv6 as well', () => {
    expect(at('fd00::1').pod).toBe('web-1');
  });

  test('a node before its host-network pods and completed pods', () => {
    expect(at('10.0.0.2')).toMatchObject({ namespace: '_nodes_', zone: 'az-b' });
    expect(at('10.0.0.1')).toMatchObject({ namespace: '_nodes_', zone: 'az-a' });
  });

  test('a Service before a completed pod', () => {
    expect(at(SERVICE.clusterIp)).toEqual({
      namespace: 'shop',
      pod: 'unknown',
      type: 'Service',
      workload: 'db',
      zone: 'unknown',
      reason: 'service_ip',
    });
  });

  test('the node of a pod by its name and address, but not of one on the network of its host', () => {
    expect(nodeOf({ namespace: 'shop', pod: 'db-0', ip: '10.1.0.2' })).toBe('node-b');
    expect(nodeOf({ namespace: 'shop', pod: 'db-0', ip: '10.1.0.20' })).toBe('node-a');
    expect(nodeOf({ namespace: 'shop', pod: 'db-0', ip: '10.9.9.9' })).toBeUndefined();
    expect(nodeOf({ namespace: 'shop', pod: 'host-b', ip: '10.0.0.2' })).toBeUndefined();
  });

  test('whether anybody has it', () => {
    expect(['10.1.0.1', 'fd00::1', '10.0.0.1', SERVICE.clusterIp, '10.1.0.31'].map(isOwned)).not.toContain(false);
    expect(['203.0.113.1', ''].map(isOwned)).not.toContain(true);
  });

  test('nobody else', () => {
    expect(at('203.0.113.1')).toMatchObject({ workload: 'external', zone: 'internet', reason: '' });
    expect(['172.31.0.1', 'fd00:9::1', ''].map((ip) => at(ip).reason)).toEqual(['outside', 'outside', 'outside']);
  });
});
