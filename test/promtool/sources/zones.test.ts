import { describe, expect, jest, test } from '@jest/globals';
import { relabelled } from '../../../bench/faults/index.ts';
import type { Cluster, Labels, Node } from '../../../bench/model.ts';
import { SOURCE_IDS, type SourceId } from '../../../bench/sources/index.ts';
import type { ZoneReading } from '../../../bench/truth/zones.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expectScenario, isKubeStateMetrics, observedBy, type Setup, STEADY, steadyScrapes } from './harness.ts';
import { HOSTILE, NODES } from './hostile-cluster.ts';

jest.setTimeout(TIMEOUT_MS);

type Nodes = Readonly<Partial<Record<keyof typeof NODES, Partial<Node>>>>;

/** The hostile cluster with other nodes. */
const withNodes = (nodes: Nodes): Cluster => ({
  ...HOSTILE,
  nodes: Object.entries(NODES).map(([key, node]) => ({ ...node, ...nodes[key as keyof typeof NODES] })),
});

const NAME = 'label_topology_kubernetes_io_zone';
const ID = 'label_topology_k8s_aws_zone_id';

/** Nodes, a configuration, and how zones are to be read then. */
interface Case {
  readonly name: string;
  readonly nodes: Nodes;
  readonly given: object;
  readonly reading: ZoneReading;
  /** What zones look like in the vocabulary of the configuration. */
  readonly vocabulary: RegExp;
  /** What kube-state-metrics exports of the labels of nodes. */
  readonly exported?: (labels: Labels) => Labels;
  /** The sources of which some traffic has a refused zone. */
  readonly refused: readonly SourceId[];
}

const byId = { nodeLabel: 'topology.k8s.aws/zone-id' };
// An empty label is none.
const withoutName = (labels: Labels): Labels => ({ ...labels, [NAME]: '' });
const asRack = ({ [ID]: rack = '', ...labels }: Labels): Labels => ({ ...labels, label_example_com_rack: rack });

const [a, b, c] = ['zone-a', 'zone-b', 'zone-c'];
/** Sources that report zones themselves. */
const NATIVE: readonly SourceId[] = ['retina-standard', 'obi', 'beyla', 'netobserv'];
/** Sources by which the zone of a pod is that of its node. */
const JOINED: readonly SourceId[] = SOURCE_IDS.filter((id) => id !== 'netobserv');

const CASES: readonly Case[] = [
  {
    name: 'fault domains of Azure, by label',
    // The second has a provider ID to fall back on, the third has a fault domain there, too.
    nodes: {
      a: { zone: '0', providerId: 'azure:///subscriptions/s/virtualMachines/0' },
      b: { zone: '1' },
      c: { providerId: 'aws:///2/4f/fargate-ip-10-0-0-3' },
      x: { zone: 'westeurope-1', providerId: '' },
    },
    given: { cloud: { provider: 'azure' } },
    reading: { valid: /\D/ },
    vocabulary: /^(zone-b|westeurope-1)$/,
    refused: SOURCE_IDS,
  },
  {
    name: 'the provider ID is refused',
    nodes: {},
    given: { zones: { valid: 'zone-a|zone-b' } },
    reading: { valid: /^zone-[ab]$/ },
    vocabulary: /^zone-[ab]$/,
    refused: JOINED.filter((id) => id !== 'kubezonnet'),
  },
  {
    name: 'the zone that the source reports is refused',
    nodes: { a: { zone: '7' }, b: { zone: 'zone-c' }, x: { zone: '9' } },
    given: { zones: { from: ['provider-id'], valid: 'zone-.' } },
    reading: { from: ['provider-id'], valid: /^zone-.$/ },
    vocabulary: /^zone-[abc]$/,
    refused: NATIVE,
  },
  {
    name: 'IDs, with names beside them',
    nodes: {
      a: { zone: a, zoneId: 'id-1' },
      b: { zone: b, zoneId: 'id-2' },
      c: { zone: '', providerId: `aws:///${a}/i-3` },
      x: { zone: 'zone-q' },
    },
    given: { zones: byId },
    reading: { as: 'translated IDs' },
    vocabulary: /^id-[12]$/,
    refused: [],
  },
  {
    name: 'IDs, by label only, which some nodes lack',
    nodes: { a: { zone: a, zoneId: 'id-1' }, b: { zone: b, zoneId: 'id-2' }, c: { zone: a }, x: { zone: b } },
    given: { zones: { ...byId, from: ['node-label'] } },
    reading: { from: ['node-label'], as: 'translated IDs' },
    vocabulary: /^id-[12]$/,
    refused: [],
  },
  {
    name: 'IDs, while kube-state-metrics does not export names',
    nodes: {
      a: { zone: a, zoneId: 'id-1' },
      b: { zone: b, zoneId: 'id-2' },
      c: { zone: a, providerId: `aws:///${a}/i-3` },
    },
    given: { zones: byId },
    reading: { as: 'IDs alone' },
    vocabulary: /^id-[12]$/,
    exported: withoutName,
    refused: [],
  },
  {
    name: 'IDs, of which one name has two',
    nodes: {
      a: { zone: a, zoneId: 'id-1' },
      b: { zone: b, zoneId: 'id-2' },
      c: { zone: a, zoneId: 'id-3' },
      x: { zone: a, providerId: `aws:///${b}/i-4` },
    },
    given: { zones: byId },
    reading: { as: 'translated IDs' },
    vocabulary: /^id-[123]$/,
    refused: [],
  },
  {
    name: 'IDs, one of them refused, also by name',
    nodes: {
      a: { zone: a, zoneId: 'id-1' },
      b: { zone: b, zoneId: 'id-9' },
      c: { zone: '', providerId: `aws:///${b}/i-3` },
      x: { zone: b },
    },
    given: { zones: { ...byId, valid: 'id-[1-8]' } },
    reading: { as: 'translated IDs', valid: /^id-[1-8]$/ },
    vocabulary: /^id-1$/,
    refused: SOURCE_IDS,
  },
  {
    name: 'racks, which some nodes lack',
    nodes: { a: { zone: c, zoneId: 'rack-1' }, b: { zone: c, zoneId: 'rack-2' }, c: { zone: c }, x: { zone: a } },
    given: { zones: { nodeLabel: 'example.com/rack' } },
    reading: { as: 'IDs alone' },
    vocabulary: /^rack-[12]$/,
    exported: asRack,
    refused: [],
  },
  {
    name: 'names of provider IDs before racks',
    nodes: { a: { zone: a, zoneId: 'rack-1' }, b: { zone: b, zoneId: 'rack-2' }, x: { zoneId: 'rack-1' } },
    given: { zones: { from: ['provider-id', 'node-label'], nodeLabel: 'example.com/rack' } },
    reading: { from: ['provider-id'] },
    vocabulary: /^zone-[abc]$/,
    exported: asRack,
    refused: [],
  },
];

describe.each(CASES)('$name', ({ name, nodes, given, reading, vocabulary, exported = (labels) => labels, refused }) => {
  const cluster = withNodes(nodes);
  const truthOf = (id: SourceId) => observedBy({ id, options: { reading } }, cluster);
  const endsOf = (id: SourceId) =>
    Object.values(truthOf(id)).flatMap((traffic) =>
      traffic.flatMap(({ source, destination }) => [source, destination]),
    );

  test.each(SOURCE_IDS)('%s: the truth has one vocabulary, and the refused zones that the case is about', (id) => {
    const zones = new Set(endsOf(id).map(({ zone }) => zone));
    // Those of ends that are nowhere, or on the internet, are no zones.
    expect([...zones].filter((zone) => !['unknown', 'internet'].includes(zone) && !vocabulary.test(zone))).toEqual([]);
    expect(endsOf(id).some(({ reason }) => reason === 'invalid_zone')).toBe(refused.includes(id));
  });

  test.concurrent.each(SOURCE_IDS)('%s', async (id) => {
    const setup: Setup = { id, given };
    await expectScenario(name, setup, {
      scrapes: relabelled(steadyScrapes(setup, cluster), isKubeStateMetrics, ({ metric, labels }) =>
        metric === 'kube_node_labels' ? exported(labels) : labels,
      ),
      checks: [{ at: STEADY, truth: { [cluster.name]: truthOf(id) } }],
    });
  });
});
