import { describe, expect, test } from '@jest/globals';
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
const { sighted, node } = createResolver(clusterWith([], pods.toReversed()));

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

  test('nobody else', () => {
    expect(at('203.0.113.1').reason).toBe('external');
    expect(at('').reason).toBe('external');
  });
});
