import type { Cluster, Connection, Node, Pod } from '../../../bench/model.ts';
import { secondKubeStateMetrics } from '../../../bench/faults/index.ts';
import type { MetricFamily } from '../../../bench/model.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { connect, end, onNode, podOf } from '../../support/handmade-cluster.ts';
import { type Case, describeCases, EXCEPT } from './cases.ts';
import { type Scenario, type Setup, STEADY, steadyScrapes, truthAt } from './harness.ts';
import { CONNECTIONS, HOSTILE, NODES, PODS, withPods } from './hostile-cluster.ts';

/** Nothing happens to these clusters. */
const steady =
  (...clusters: readonly Cluster[]) =>
  (setup: Setup): Scenario => ({
    scrapes: steadyScrapes(setup, ...clusters),
    checks: [truthAt(setup, STEADY, ...clusters)],
  });

const only = (...connections: readonly Connection[]): Cluster => ({ ...HOSTILE, connections });

const { a, b, c, x } = NODES;
const placed = (nodes: readonly Node[], name = HOSTILE.name): Cluster => ({ ...HOSTILE, name, nodes });

/** Flows name pods without their namespaces. */
const withoutNamespaces = (scrape: Scrape): Scrape => {
  const nameless = (family: MetricFamily): MetricFamily => ({
    ...family,
    series: family.series.map((series) => {
      const { source_namespace: _source, destination_namespace: _destination, ...labels } = series.labels;
      return { ...series, labels };
    }),
  });
  return scrape.labels['job'] === 'kube-state-metrics'
    ? scrape
    : { ...scrape, families: scrape.families.map(nameless) };
};

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
    name: 'host-network pods of one name and address',
    scenario: steady(
      only(
        connect(end(PODS.hostOne), end(PODS.dbB), 1, 2),
        connect(end(PODS.hostTwo), end(PODS.dbB), 3, 4),
        connect(end(PODS.webB), end(PODS.hostTwo), 5, 6),
        connect(end(PODS.hostOne), end(PODS.webA), 7, 8),
      ),
    ),
  },
  {
    name: 'flows without pod names',
    except: EXCEPT.noAddresses,
    scenario: steady(
      only(
        connect(end(PODS.webA, { unnamed: true }), end(PODS.dbB), 1, 2),
        connect(end(PODS.webB), end(PODS.dbB, { unnamed: true }), 3, 4),
        connect(end(PODS.bare, { unnamed: true }), end(PODS.blue, { unnamed: true }), 5, 6),
      ),
    ),
  },
  {
    name: 'flows without namespaces',
    except: EXCEPT.noAddresses,
    scenario: (setup) => {
      const cluster = only(...CONNECTIONS);
      return {
        scrapes: steadyScrapes(setup, cluster).map(withoutNamespaces),
        checks: [truthAt(setup, STEADY, cluster)],
      };
    },
  },
  {
    name: 'a node with the address of a completed pod',
    except: EXCEPT.noAddresses,
    scenario: steady(
      withPods(
        [{ ...PODS.once, phase: 'Succeeded', ip: c.internalIp }],
        [connect(onNode(c), end(PODS.webA), 3, 4), connect(onNode(c), end(PODS.dbB), 5, 6)],
      ),
    ),
  },
  {
    name: 'provider ids: GCE, Azure, hybrid',
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
    name: 'IPv6 and dual stack',
    except: EXCEPT.noIpv6,
    scenario: steady(only(...CONNECTIONS.filter(({ client }) => client.kind === 'pod' && client.ip !== undefined))),
  },
  {
    name: 'ten pairs at 0.1/s',
    scenario: steady({
      ...withPods(
        tiny,
        tiny.map((pod) => connect(end(pod), end(PODS.webA), 0.1, 0.1)),
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
