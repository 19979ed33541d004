import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { Cluster, Connection, Node, Pod } from '../../bench/model.ts';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import type { Scrape } from '../../bench/scrape.ts';
import { SIMULATORS, SOURCE_IDS, type SourceId } from '../../bench/sources/index.ts';
import { connect, end, podOf } from '../support/handmade-cluster.ts';
import { generate, RULES } from '../support/generate.ts';
import { blocks, section, tableRows } from '../support/markdown.ts';
import { testRules } from '../support/rule-test.ts';
import { steadyScrapes, STEP } from './sources/harness.ts';

/**
 * The traffic check as a source sees it, and the queries of docs/attribution.md over what is recorded of it. How much is sent is the
 * configuration's; how many packets that takes is computed here.
 */

const GUIDE = readFileSync('docs/attribution.md', 'utf8');
const TITLE = 'Check it on your own cluster';
const [BYTES = '', SENDERS = '', FLOWS = ''] = blocks(section(GUIDE, TITLE), 'promql');

/** Bounds of a ratio. */
type Range = readonly [low: number, high: number];

const { config } = generate();
const RATE = config.trafficCheck.bytesPerSecond;
const NAMESPACE = config.trafficCheck.namespace;
const ZONES = ['zone-a', 'zone-b', 'zone-c'];
const AT = 600;

/** Ethernet, IPv4 and TCP with timestamps; the payload of a full segment at an MTU of 1,500. */
const HEADERS = 14 + 20 + 32;
const SEGMENTS = Math.ceil(RATE / (1500 - 52));

const nodeOf = (zone: string, index: number, label = zone): Node => ({
  name: `node-${zone}`,
  zone: label,
  providerId: '',
  internalIp: `10.0.0.${index + 1}`,
  createdAt: 1,
  interfaces: [],
});

const podIn = (role: 'client' | 'server', zone: string, index: number): Pod =>
  podOf(`${role}-${zone}-5d-x`, `node-${zone}`, `10.1.${role === 'client' ? 0 : 1}.${index + 1}`, {
    namespace: NAMESPACE,
    workload: { namespace: NAMESPACE, kind: 'Deployment', name: `${role}-${zone}` },
    controller: { kind: 'ReplicaSet', name: `${role}-${zone}-5d` },
  });

/** A pod that waits for a node of its zone. */
const pending = (pod: Pod): Pod => ({ ...pod, node: '', ip: '', phase: 'Pending' });

/** The check in these zones, of which some have no node and others no label. */
function checkIn({ without = [], unlabelled = [] }: Partial<Record<'without' | 'unlabelled', readonly string[]>> = {}) {
  const running = ZONES.filter((zone) => !without.includes(zone));
  const place = (role: 'client' | 'server') =>
    ZONES.map((zone, index) => {
      const pod = podIn(role, zone, index);
      return running.includes(zone) ? pod : pending(pod);
    });
  const [clients, servers] = [place('client'), place('server')];
  const isUp = ({ node }: Pod): boolean => node !== '';
  const connections = clients.filter(isUp).flatMap((client) =>
    servers.filter(isUp).map((server): Connection =>
      connect(end(client), end(server), SEGMENTS, SEGMENTS / 2, {
        requestBytes: RATE / SEGMENTS + HEADERS,
        replyBytes: HEADERS,
        via: {
          namespace: NAMESPACE,
          name: server.workload.name,
          clusterIp: `172.20.0.${servers.indexOf(server) + 1}`,
        },
      }),
    ),
  );
  const pods = [...clients, ...servers];
  const cluster: Cluster = {
    name: 'one',
    nodes: running.map((zone) => nodeOf(zone, ZONES.indexOf(zone), unlabelled.includes(zone) ? '' : zone)),
    workloads: pods.map(({ workload }) => workload),
    pods,
    services: [...new Set(connections.flatMap(({ via }) => via ?? []))],
    connections,
  };
  return { cluster, running };
}

const samplesFor = (expected: readonly Readonly<Record<string, string>>[]) =>
  expected.map((labels) => ({
    labels: `{${Object.entries({ cluster: 'one', ...labels })
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ')}}`,
    value: 1,
  }));

/** Expects that a query answers with these rows, each between two bounds, and with no others. */
async function expectRows(
  id: SourceId,
  scrapes: readonly Scrape[],
  query: string,
  rows: readonly Readonly<Record<string, string>>[],
  [low, high]: Range,
): Promise<void> {
  await testRules(
    [generate({ flows: { source: id } }).file(RULES.zoneTraffic)],
    [
      {
        name: `${id}: traffic check`,
        interval: `${STEP}s`,
        input_series: samplesOf(scrapes, { step: STEP, duration: AT }).map(promtoolSeries),
        promql_expr_test: [
          {
            expr: `((${query}) > bool ${low}) * ((${query}) < bool ${high})`,
            eval_time: `${AT}s`,
            exp_samples: samplesFor(rows),
          },
        ],
      },
    ],
  );
}

/** Rows for every pair of running zones. */
const pairsOf = (running: readonly string[], zoneOf = (zone: string): string => zone) =>
  running.flatMap((from) =>
    running.map((to) => ({
      source_workload: `client-${from}`,
      source_zone: zoneOf(from),
      destination_workload: `server-${to}`,
      destination_zone: zoneOf(to),
    })),
  );

const scrapesOf = (id: SourceId, cluster: Cluster) => steadyScrapes({ id }, cluster);

const counts = (unit: 'network_bytes' | 'network_flows') => (id: SourceId) => SIMULATORS[id].units.includes(unit);
const namesPeers = (id: SourceId): boolean => id !== 'kubezonnet';
const IN_BYTES = SOURCE_IDS.filter(counts('network_bytes')).filter(namesPeers);
const IN_FLOWS = SOURCE_IDS.filter(counts('network_flows'));

/** What the guide says of a ratio that is right, and of one where each packet counts twice. */
const [ONCE, TWICE] = tableRows(GUIDE, TITLE, 'a row shows').map(([range = '']): Range => {
  const [low = Number.NaN, high = Number.NaN] = range.split(' to ').map(Number);
  return [low, high];
}) as [Range, Range, ...Range[]];

test('the guide has a configuration that is valid, and enables the check', () => {
  const [text = ''] = blocks(section(GUIDE, TITLE), 'yaml');
  const generated = generate(load(text) as object);
  expect(generated.file('manifests/traffic-check.yaml')).toContain(`namespace: ${NAMESPACE}`);
  expect(generated.config.trafficCheck.zones).toHaveLength(ZONES.length);
});

test('the guide has a query for each kind of source, with the rate of the settings', () => {
  expect(IN_BYTES.length).toBeGreaterThan(2);
  expect(IN_FLOWS.length).toBeGreaterThan(1);
  expect(BYTES).toMatch(new RegExp(`/ ${RATE}$`, 'm'));
  expect(SENDERS).toMatch(new RegExp(`/ \\(${ZONES.length - 1} \\* ${RATE}\\)$`, 'm'));
  expect(FLOWS).toContain('network_flows');
});

describe.each(IN_BYTES)('%s, in bytes', (id) => {
  test('each pair of zones is recorded as it was sent, headers on top', async () => {
    const { cluster, running } = checkIn();
    await expectRows(id, scrapesOf(id, cluster), BYTES, pairsOf(running), ONCE);
  });

  test('agents that are scraped by two jobs show twice as much', async () => {
    const { cluster, running } = checkIn();
    const scrapes = scrapesOf(id, cluster);
    const again = scrapes
      .filter(({ labels }) => labels['job'] !== 'kube-state-metrics')
      .map((scrape) => ({ ...scrape, labels: { ...scrape.labels, job: 'again' } }));
    await expectRows(id, [...scrapes, ...again], BYTES, pairsOf(running), TWICE);
  });

  test('a zone without a node has no row, and the others are right', async () => {
    const { cluster, running } = checkIn({ without: ['zone-c'] });
    expect(running).toEqual(['zone-a', 'zone-b']);
    await expectRows(id, scrapesOf(id, cluster), BYTES, pairsOf(running), ONCE);
  });

  test('a node without a label shows as an unknown zone beside the name of the true one', async () => {
    const { cluster, running } = checkIn({ unlabelled: ['zone-b'] });
    const rows = pairsOf(running, (zone) => (zone === 'zone-b' ? 'unknown' : zone));
    await expectRows(id, scrapesOf(id, cluster), BYTES, rows, ONCE);
  });

  test('what an agent misses is missing', async () => {
    const { cluster, running } = checkIn();
    const halved = {
      ...cluster,
      connections: cluster.connections.map((connection) => ({ ...connection, requests: connection.requests / 2 })),
    };
    await expectRows(id, scrapesOf(id, halved), BYTES, pairsOf(running), [0.49, 0.53]);
  });
});

test('kubezonnet: what each client sent to other zones', async () => {
  const { cluster, running } = checkIn();
  const rows = running.map((zone) => ({ source_workload: `client-${zone}`, source_zone: zone }));
  await expectRows('kubezonnet', scrapesOf('kubezonnet', cluster), SENDERS, rows, ONCE);
});

describe.each(IN_FLOWS)('%s, in flow events', (id) => {
  const share = 1 / ZONES.length ** 2;

  test('each pair of zones has an equal share', async () => {
    const { cluster, running } = checkIn();
    await expectRows(id, scrapesOf(id, cluster), FLOWS, pairsOf(running), [0.99 * share, 1.01 * share]);
  });

  test('a zone without a node has no row', async () => {
    const { cluster, running } = checkIn({ without: ['zone-a'] });
    await expectRows(id, scrapesOf(id, cluster), FLOWS, pairsOf(running), [0.24, 0.26]);
  });
});
