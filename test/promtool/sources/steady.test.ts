import type { Cluster, Node, Pod } from '../../../bench/model.ts';
import { secondKubeStateMetrics } from '../../../bench/faults/index.ts';
import { connect, end, podOf } from '../../support/handmade-cluster.ts';
import { type Case, describeCases } from './cases.ts';
import { STEADY, steadyScrapes, truthAt } from './harness.ts';
import { CONNECTIONS, HOSTILE, NODES, PODS, withPods } from './hostile-cluster.ts';
import { only, steady } from './steady.ts';

const { a, b, c, x } = NODES;
const placed = (nodes: readonly Node[], name = HOSTILE.name): Cluster => ({ ...HOSTILE, name, nodes });

const tiny = Array.from({ length: 10 }, (_, index) =>
  podOf(`tiny-${index}`, index === 0 ? b.name : a.name, `10.1.1.${index}`, {
    workload: { namespace: 'shop', kind: 'StatefulSet', name: `tiny${index}` },
    controller: { kind: 'StatefulSet', name: `tiny${index}` },
  }),
);

const owned: readonly Pod[] = [
  { ...PODS.webA, otherOwners: [{ kind: 'Application', name: 'shop' }] },
  { ...PODS.dbB, otherOwners: [{ kind: 'Backup', name: 'nightly' }] },
  // An owner that is no controller.
  { ...PODS.bare, otherOwners: [{ kind: 'Workflow', name: 'import' }] },
];

const replicas: readonly Pod[] = [
  // A rollout under way: two ReplicaSets of one Deployment.
  { ...PODS.webB, controller: { kind: 'ReplicaSet', name: 'web-8e' } },
  // A ReplicaSet of its own.
  podOf('lone-x', b.name, '10.1.0.40', {
    workload: { namespace: 'shop', kind: 'ReplicaSet', name: 'lone' },
    controller: { kind: 'ReplicaSet', name: 'lone' },
  }),
];

const CASES: readonly Case[] = [
  { name: 'steady cluster', scenario: steady(HOSTILE) },
  {
    name: 'two kube-state-metrics for good',
    scenario: ({ id }) => {
      const setup = { id, options: { kubeStateMetricsReplicas: 2 } };
      return { scrapes: steadyScrapes(setup, HOSTILE), checks: [truthAt(setup, STEADY, HOSTILE)] };
    },
  },
  {
    name: 'two kube-state-metrics during a rollout',
    scenario: (setup) => ({
      scrapes: secondKubeStateMetrics(steadyScrapes(setup, HOSTILE), { from: 210, until: 330 }).scrapes,
      checks: [STEADY, 360, 420].map((at) => truthAt(setup, at, HOSTILE)),
    }),
  },
  {
    name: 'several clusters with the same names in one store',
    scenario: steady(HOSTILE, {
      ...placed([{ ...a, zone: 'zone-b' }, { ...b, zone: '' }, { ...c, providerId: 'aws:///zone-a/i-3' }, x], 'two'),
      connections: CONNECTIONS.filter((_, index) => index % 3 !== 0),
    }),
  },
  {
    name: 'one pod name in two namespaces',
    scenario: steady(
      only(connect(end(PODS.roll), end(PODS.blue), 2, 2), connect(end(PODS.roll), end(PODS.green), 10, 10)),
    ),
  },
  {
    name: 'provider ids: GCE, Azure, hybrid',
    except: { netobserv: 'it reads the zone label only; without any, all is withheld' },
    scenario: steady(
      placed([
        { ...a, zone: '', providerId: 'gce://project-1/zone-g/vm-1' },
        {
          ...b,
          zone: '',
          providerId: 'azure:///subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/2',
        },
        { ...c, providerId: '' },
        x,
      ]),
    ),
  },
  {
    name: 'ten pairs at 0.01/s, less than one in all',
    scenario: steady({
      ...withPods(
        tiny,
        tiny.map((pod) => connect(end(pod), end(PODS.webA), 0.01, 0.01)),
      ),
    }),
  },
  { name: 'pods with two ownerReferences', scenario: steady(withPods(owned)) },
  {
    name: 'pods of ReplicaSets',
    scenario: steady(
      withPods(replicas, [...CONNECTIONS, ...replicas.slice(1).map((pod) => connect(end(pod), end(PODS.webA), 3, 2))]),
    ),
  },
];

describeCases(CASES);
