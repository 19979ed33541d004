import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { Cluster, Connection, Endpoint, Pod, Service } from '../../bench/model.ts';
import { samplesOf } from '../../bench/samples.ts';
import { SIMULATORS } from '../../bench/sources/index.ts';
import { scrapesOf } from '../../bench/timeline.ts';
import { totalsOf } from '../../bench/truth.ts';
import { replay, writeInBatches } from '../../demo/replay.ts';
import { makeHome } from '../../demo/server.ts';
import type { Finding, LeftReason } from '../../generators/advise/index.ts';
import { applied } from '../support/apply-advice.ts';
import { generate, RULES } from '../support/generate.ts';
import { run } from '../support/run-main.ts';

const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const;
const [A, B, C] = ZONES;

const nodes: Cluster['nodes'] = ZONES.map((zone, index) => ({
  name: `node-${index}`,
  zone,
  providerId: `aws:///${zone}/i-000${index}`,
  internalIp: `10.0.${index}.1`,
  createdAt: 1,
  interfaces: [],
}));

let addresses = 0;

/** Pods of a workload, one in each of these zones. */
function podsIn(name: string, kind: 'Deployment' | 'StatefulSet', zones: readonly string[]): readonly Pod[] {
  const workload = { namespace: 'shop', kind, name };
  return zones.map((zone, index): Pod => {
    addresses += 1;
    const controller = kind === 'Deployment' ? { kind: 'ReplicaSet', name: `${name}-5d9f8` } : workload;
    return {
      namespace: 'shop',
      name: kind === 'Deployment' ? `${name}-5d9f8-x${index}` : `${name}-${index}`,
      uid: `uid-${name}-${index}`,
      ip: `10.1.0.${addresses}`,
      node: nodes[ZONES.findIndex((one) => one === zone)]?.name ?? '',
      workload,
      controller,
      createdAt: 1_000,
      hostNetwork: false,
    };
  });
}

const web = podsIn('web', 'Deployment', [A, A, B, B, C, C]);
const api = podsIn('api', 'Deployment', [A, B, C]);
const pay = podsIn('pay', 'Deployment', [A, B, C]);
const cart = podsIn('cart', 'Deployment', [A, B]);
const hot = podsIn('hot', 'Deployment', [A, A, A, B]);
const queue = podsIn('queue', 'StatefulSet', [A, B, C]);
const edge = podsIn('edge', 'Deployment', [A, B, C]);
const etl = podsIn('etl', 'Deployment', [A]);
const store = podsIn('store', 'StatefulSet', [B]);
const job = podsIn('job', 'Deployment', [B, B, B]);

const MEGABYTE = 1_000_000;
const pod = (one: Pod): Endpoint => ({ kind: 'pod', pod: one });
const call = (client: Endpoint, server: Endpoint, factor = 1): Connection => ({
  client,
  server,
  protocol: 'TCP',
  requests: (0.2 * factor * MEGABYTE) / 200,
  replies: (factor * MEGABYTE) / 1_000,
});
/** Everybody calls everybody, as without zones. */
const calls = (clients: readonly Pod[], servers: readonly Pod[], factor = 1): readonly Connection[] =>
  clients.flatMap((client) => servers.map((server) => call(pod(client), pod(server), factor / servers.length)));
const zoneOf = ({ node }: Pod): string => nodes.find(({ name }) => name === node)?.zone ?? '';
/** The same with hints. */
const nearCalls = (clients: readonly Pod[], servers: readonly Pod[]): readonly Connection[] =>
  clients.flatMap((client) => {
    const near = servers.filter((server) => zoneOf(server) === zoneOf(client));
    return calls([client], near.length > 0 ? near : servers);
  });

const service = (name: string, more: Partial<Service> = {}): Service => ({
  namespace: 'shop',
  name,
  clusterIp: `172.20.0.${name.length}`,
  workload: name,
  ...more,
});

const DB = { [A]: '10.9.0.10', [C]: '10.9.2.10' };

/** Storage through NAT gateways, storage of which it is not said, a vendor on the internet, a bucket in another region, and anyone. */
const FAR = {
  s3: '52.219.0.10',
  gcs: '52.219.9.10',
  vendor: '198.51.100.20',
  copies: '10.64.0.9',
  anyone: '203.0.113.9',
};
const far = (ip: string): Endpoint => ({ kind: 'external', ip });

/** Every kind of advice, and every kind that must not be given. */
const CLUSTER: Cluster = {
  name: 'production',
  nodes,
  workloads: [web, api, pay, cart, hot, queue, edge, etl, store, job].flatMap(([first]) =>
    first === undefined ? [] : [first.workload],
  ),
  pods: [web, api, pay, cart, hot, queue, edge, etl, store, job].flat(),
  services: [
    service('api', { clusterIp: '172.20.0.1' }),
    service('pay', { clusterIp: '172.20.0.2' }),
    service('cart', { clusterIp: '172.20.0.3', routing: 'PreferClose' }),
    service('hot', { clusterIp: '172.20.0.4' }),
    service('queue', { clusterIp: '', isHeadless: true }),
    // Called by load balancers from outside only, as with externalTrafficPolicy.
    service('edge', { clusterIp: '172.20.0.6' }),
  ],
  connections: [
    ...calls(web, api, 4),
    ...calls(api, pay),
    ...nearCalls(web, cart),
    ...calls(job, hot, 2),
    ...calls(web, queue),
    ...edge.flatMap((one) => nodes.map((node) => call({ kind: 'node', node }, pod(one)))),
    ...calls(etl, store, 3),
    ...api.map((one, index) => call(pod(one), far(FAR.s3), 2 + index)),
    ...pay.map((one) => call(pod(one), far(FAR.s3))),
    ...pay.map((one) => call(pod(one), far(FAR.vendor))),
    ...pay.map((one) => call(pod(one), far(FAR.copies))),
    ...pay.map((one) => call(pod(one), far(FAR.gcs))),
    ...edge.map((one) => call(far(FAR.anyone), pod(one), 30)),
    ...web.filter((one) => zoneOf(one) === C).map((one) => call(pod(one), { kind: 'external', ip: DB[A] }, 2)),
  ],
  places: [
    { ip: DB[A], workload: 'orders-db', zone: A },
    { ip: DB[C], workload: 'orders-db', zone: C },
    { ip: FAR.s3, workload: 's3', kind: 'storage' },
    { ip: FAR.gcs, workload: 'gcs', kind: 'storage' },
    { ip: FAR.vendor, workload: 'vendor', kind: 'internet' },
    { ip: FAR.copies, workload: 'copies', kind: 'storage', region: 'eu-west-1' },
  ],
};

const CONFIG = {
  cluster: { name: 'production' },
  rules: { interval: '1m', window: '5m' },
  zones: { subnets: [] },
  cloud: { region: 'eu-central-1', price: { natPerGB: 0.052 } },
  kubernetes: { version: '1.33' },
  flows: {
    source: 'obi',
    external: [
      { name: 'orders-db', kind: 'database', cidrs: ['10.9.0.0/24'], zone: A },
      { name: 'orders-db', kind: 'database', cidrs: ['10.9.2.0/24'], zone: C },
      { name: 's3', kind: 'storage', cidrs: ['52.219.0.0/24'], through: 'nat' },
      { name: 'gcs', kind: 'storage', cidrs: ['52.219.9.0/24'] },
      { name: 'vendor', kind: 'internet', cidrs: ['198.51.100.0/24'], through: 'nat' },
      { name: 'copies', kind: 'storage', cidrs: ['10.64.0.0/16'], region: 'eu-west-1', through: 'nat' },
    ],
  },
  obi: { addresses: true },
};
/** What a gigabyte across zones costs at both of its ends, and seconds of a month. */
const PRICE = 0.02;
const MONTH = 730 * 3600;

const NAT_PRICE = 0.052;
const THROUGH_NAT = new Set(['s3', 'vendor', 'copies']);

/** What crosses zones in a month costs, and what goes through NAT gateways, from the packets. */
function costOf(cluster: Cluster): number {
  const { network_bytes: bytes = [] } = SIMULATORS.obi.observed(cluster, { addresses: true });
  const { byLocality, workloadPairs } = totalsOf(bytes);
  const isNat = ({ namespace, workload }: { readonly namespace: string; readonly workload: string }): boolean =>
    namespace === '_external_' && THROUGH_NAT.has(workload);
  const through = workloadPairs
    .filter(({ source, destination }) => isNat(source) || isNat(destination))
    .reduce((sum, { rate }) => sum + rate, 0);
  return ((byLocality.cross_zone * PRICE + through * NAT_PRICE) * MONTH) / 1e9;
}

const STEP = 60;
const DURATION = 3_000;

interface Printed {
  readonly total: number;
  readonly unit: string;
  readonly findings: readonly (Finding & { readonly text: string; readonly patches: readonly object[] })[];
  readonly left: readonly { readonly reason: LeftReason; readonly amount: number }[];
}

/** What the command says of a cluster that the agents and kube-state-metrics have described for an hour. */
async function advised(cluster: Cluster, config: object = CONFIG) {
  const home = await makeHome();
  const dir = await mkdtemp(join(tmpdir(), 'advise-'));
  try {
    const prometheus = await home.start({});
    try {
      const until = Math.floor(Date.now() / 60_000) * 60;
      const from = until - DURATION;
      const input = samplesOf(scrapesOf([{ from: 0, cluster }], { sources: ['obi'], addresses: true }), {
        step: STEP,
        duration: DURATION,
      });
      await writeInBatches(
        prometheus.url,
        input.map(({ labels, values }) => ({
          labels,
          samples: values.flatMap((value, index) =>
            typeof value === 'number' ? [{ milliseconds: (from + index * STEP) * 1000, value }] : [],
          ),
        })),
      );
      const generated = generate(config);
      interface Group {
        readonly name: string;
        readonly rules: readonly { readonly alert?: string }[];
      }
      const groups = [RULES.zoneTraffic, RULES.routing].flatMap(
        (path) => (load(generated.file(path)) as { readonly groups: readonly Group[] }).groups,
      );
      const rules = JSON.stringify({
        groups: groups
          .filter(({ name }) => !/cost|changes/.test(name))
          .map((group) => ({ ...group, rules: group.rules.filter(({ alert }) => alert === undefined) })),
      });
      const { signal } = new AbortController();
      await replay({ prometheus, rules: { rules }, from: from + 600, until, signal, log: () => {} });
      await writeFile(join(dir, 'azimuth.yaml'), JSON.stringify(config));
      const ask = async (...more: readonly string[]) =>
        run(dir, 'advise', '--prometheus', prometheus.url, '--window', '30m', ...more);
      return { json: await ask('--json'), text: await ask(), markdown: await ask('--markdown') };
    } finally {
      await prometheus.stop();
    }
  } finally {
    await home.remove();
    await rm(dir, { recursive: true });
  }
}

const running: { said?: Awaited<ReturnType<typeof advised>> } = {};

beforeAll(async () => {
  running.said = await advised(CLUSTER);
}, 240_000);

afterAll(() => {
  delete running.said;
});

const said = () => {
  if (running.said === undefined) throw new Error('nothing was said');
  return running.said;
};
const printed = (): Printed => JSON.parse(said().json.stdout) as Printed;

describe('advice on a synthetic cluster', () => {
  test('is found, with the cost of all that crosses zones', () => {
    expect({ code: said().json.code, stderr: said().json.stderr }).toEqual({ code: 2, stderr: '' });
    expect(printed().unit).toBe('USD');
    expect(printed().total / costOf(CLUSTER)).toBeCloseTo(1, 1);
    expect(
      printed()
        .findings.map(({ text }) => text)
        .toSorted(),
    ).toEqual([
      `move Deployment shop/etl from ${A} to ${B}, to StatefulSet shop/store`,
      'reach s3 by a gateway endpoint of the VPC, not through NAT gateways',
      `read orders-db in ${C} from a replica there, not from ${A}`,
      'route Service shop/api by zone',
      'route Services shop/api, shop/pay by zone',
      `spread Deployment shop/cart: 1 pod more in ${C}`,
      `spread Deployment shop/hot: 2 pods more in ${B}, and route Service shop/hot by zone`,
    ]);
  });

  test('saves what was promised to a tenth, change by change', () => {
    const zonesOf = (finding: Printed['findings'][number]) => applied(CLUSTER, finding.change);
    for (const finding of printed().findings) {
      const promised = finding.saves.value;
      const isJoint = finding.change.kind === 'route' && finding.change.services.length > 1;
      // Of two Services that are one change, one has a change of its own as well.
      const own = isJoint
        ? printed().findings.find(({ text }) => text === 'route Service shop/api by zone')
        : undefined;
      const before = own === undefined ? CLUSTER : applied(CLUSTER, own.change);
      const after = own === undefined ? zonesOf(finding) : applied(before, finding.change);
      const saved = costOf(before) - costOf(after);
      expect({ text: finding.text, ratio: promised / saved > 0.9 && promised / saved < 1.1 }).toEqual({
        text: finding.text,
        ratio: true,
      });
      expect(finding.saves.low).toBeLessThanOrEqual(promised);
      expect(finding.saves.high).toBeGreaterThanOrEqual(promised);
    }
  });

  test('together saves what was promised', () => {
    const after = printed().findings.reduce((cluster, { change }) => applied(cluster, change), CLUSTER);
    const promised = printed().findings.reduce((sum, { saves }) => sum + saves.value, 0);
    expect(promised / (costOf(CLUSTER) - costOf(after))).toBeCloseTo(1, 1);
  });

  test('is not given for headless Services, and for what nodes and load balancers call', () => {
    const reasons = Object.fromEntries(printed().left.map(({ reason, amount }) => [reason, amount > 0]));
    expect(reasons).toMatchObject({ headless: true, outside: true });
    expect(said().json.stdout).not.toMatch(/shop\/(?:queue|edge)/);
  });

  test('says what to create and to write for an endpoint, and what could be one', () => {
    const { stdout } = said().text;
    expect(stdout).toContain('--service-name com.amazonaws.eu-central-1.s3 (or .dynamodb)');
    expect(stdout).toContain(
      'once the endpoint is there, in azimuth.yaml\n' +
        '  flows:\n    external:\n' +
        "      - { name: 's3', kind: storage, through: endpoint, cidrs: [52.219.0.0/24] }\n",
    );
    expect(said().markdown.stdout).toContain(
      "    - { name: 's3', kind: storage, through: endpoint, cidrs: [52.219.0.0/24] }\n",
    );
    const { network_bytes: bytes = [] } = SIMULATORS.obi.observed(CLUSTER, { addresses: true });
    const rate = totalsOf(bytes)
      .workloadPairs.filter(({ source, destination }) => [source.workload, destination.workload].includes('gcs'))
      .reduce((sum, pair) => sum + pair.rate, 0);
    const [, money = ''] =
      /through what gcs is reached \(through\): NAT gateways would take ([\d.,]+) USD/.exec(stdout) ?? [];
    expect(Number(money.replace(',', '')) / ((rate * MONTH * NAT_PRICE) / 1e9)).toBeCloseTo(1, 1);
    expect(printed().left.map(({ reason }) => reason)).toContain('nat');
  });

  test('names the patch, and what to write so that it is generated', () => {
    expect(said().text.stdout).toContain(
      'patch: manifests/routing/shop/service-api.yaml, trafficDistribution: PreferClose (not generated yet)',
    );
    expect(said().text.stdout).toContain('    - { namespace: shop, name: api }\n');
    expect(said().markdown.stdout).toContain('`manifests/routing/shop/deployment-cart.yaml`');
    expect([said().text.code, said().markdown.code]).toEqual([2, 2]);
  });
});

test('a cluster in one zone needs no advice', async () => {
  const inOne = CLUSTER.pods.map((one) => ({ ...one, node: 'node-0' }));
  const end = (one: Endpoint): Endpoint =>
    one.kind === 'pod' ? pod(inOne.find(({ uid }) => uid === one.pod.uid) ?? one.pod) : one;
  const { json } = await advised({
    ...CLUSTER,
    nodes: nodes.slice(0, 1),
    pods: inOne,
    connections: calls(web, api).map((one) => ({ ...one, client: end(one.client), server: end(one.server) })),
  });
  expect({ code: json.code, findings: (JSON.parse(json.stdout) as Printed).findings }).toEqual({
    code: 0,
    findings: [],
  });
}, 240_000);
