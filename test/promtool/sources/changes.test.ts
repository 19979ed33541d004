import {
  ipReused,
  nodeReplaced,
  nodeReregistered,
  pendingToRunning,
  podGone,
  podMoved,
  podRecreated,
  type ClusterFault,
} from '../../../bench/faults/index.ts';
import { connect, end, onNode } from '../../support/handmade-cluster.ts';
import { type Case, describeCases, EXCEPT } from './cases.ts';
import { scrapesFor, STEADY } from './harness.ts';
import { CONNECTIONS, HOSTILE, NODES, PODS, withPods } from './hostile-cluster.ts';
import { truthOver } from './over-time.ts';

/** When it happens; before it all is steady. */
const AT = 360;

/** While traffic of before and after is in the window. */
const AMID = AT + 120;

/** Once it is not, while the past is still remembered. */
const AFTER = AT + 360;

const change =
  ({ timeline }: ClusterFault, ...times: readonly number[]): Case['scenario'] =>
  (setup) => ({
    scrapes: scrapesFor(setup, timeline),
    checks: times.map((at) => truthOver(setup, timeline, at)),
  });

const { a, b, c } = NODES;

const moved = podMoved(HOSTILE, { pod: PODS.alone, at: AT, overlap: 60, node: b.name, ip: '10.1.0.50' });
const movedServer = podMoved(HOSTILE, { pod: PODS.dbB, at: AT, overlap: 60, node: a.name, ip: '10.1.0.51' });

/** Completes and keeps its address, which a pod in another zone gets. */
const reused = ipReused(
  withPods(
    [],
    [...CONNECTIONS, connect(end(PODS.peer, { unnamed: true }), end(PODS.alone, { unnamed: true }), 46, 47)],
  ),
  { completed: PODS.once, by: PODS.peer, at: AT },
);

/** A node without pods, whose address another one gets in another zone. */
const old = {
  ...b,
  name: 'node-m',
  internalIp: '10.0.0.9',
  internalIpv6: 'fd00:a::9',
  providerId: 'aws:///zone-b/i-9',
};
const withOld = {
  ...withPods([], [connect(onNode(old), end(PODS.webA), 3, 4), connect(onNode(old), end(PODS.dbB), 5, 6)]),
  nodes: [...HOSTILE.nodes, old],
};
const replacedBy = (name: string, overlap: number) =>
  nodeReplaced(withOld, { node: old, name, zone: 'zone-a', providerId: 'aws:///zone-a/i-99', at: AT, overlap });

const CASES: readonly Case[] = [
  ...['node-a9', 'node-z'].flatMap((name) => [
    {
      name: `a node replaced at its address by ${name}`,
      except: EXCEPT.noAddresses,
      scenario: change(replacedBy(name, 0), STEADY, AT + 120, AFTER),
    },
    {
      name: `the same while both are there: ${name}`,
      except: EXCEPT.noAddresses,
      scenario: change(replacedBy(name, 600), STEADY, AT + 120, AFTER),
    },
  ]),
  { name: 'a pod moved: before and after', scenario: change(moved, STEADY, AFTER) },
  { name: 'a pod moved: amid', except: { ...EXCEPT.noPods, ...EXCEPT.onePlace }, scenario: change(moved, AMID) },
  { name: 'a pod with many peers moved', scenario: change(movedServer, STEADY, AFTER) },
  {
    name: 'a pod recreated on the same host address',
    scenario: change(podRecreated(HOSTILE, { pod: PODS.hostOne, at: AT }), STEADY, AT + 60, AFTER),
  },
  { name: 'an address reused while a completed pod keeps it', scenario: change(reused, STEADY, AFTER) },
  {
    name: 'a pod gone inside the window',
    scenario: change(podGone(HOSTILE, { pod: PODS.alone, at: AT }), AMID, AFTER),
  },
  {
    name: 'a node registered again with another provider id',
    scenario: change(
      nodeReregistered(HOSTILE, { node: c.name, providerId: 'aws:///zone-b/i-33', at: AT }),
      STEADY,
      AT + 60,
      AFTER,
    ),
  },
  {
    name: 'a node registered again in another zone',
    scenario: change(
      nodeReregistered(HOSTILE, { node: b.name, zone: 'zone-a', providerId: 'aws:///zone-a/i-22', at: AT }),
      STEADY,
      AFTER,
    ),
  },
  {
    name: 'a pod that was pending runs',
    scenario: change(pendingToRunning(HOSTILE, { pod: PODS.alone, at: AT }), STEADY, AMID, AFTER),
  },
];

describeCases(CASES);
