import { describe, expect, test } from '@jest/globals';
import {
  advise,
  type End,
  type Observed,
  type Options,
  type Pair,
  type ServiceSeen,
  workloadKey,
} from '../../../generators/advise/index.ts';
import { monthly } from '../../../generators/advise/estimate.ts';

const end = (workload: string, zone: string, type = 'Deployment'): End => ({ namespace: 'shop', type, workload, zone });

/** Traffic of 10 units per second in each of four parts with one evaluation. */
const pair = (source: End, destination: End, rate = 10): Pair => ({
  source,
  destination,
  sums: [rate, rate, rate, rate],
});

/** Every zone's callers at every zone's endpoints. */
const random = (from: string, to: string, zones = ['a', 'b', 'c']): readonly Pair[] =>
  zones.flatMap((one) => zones.map((other) => pair(end(from, one), end(to, other))));

const service = (name: string, more: Partial<ServiceSeen> = {}): ServiceSeen => ({
  namespace: 'shop',
  name,
  routing: 'none',
  endpoints: new Map([
    ['a', 2],
    ['b', 2],
    ['c', 2],
  ]),
  hintedZones: new Set(),
  hinted: 0,
  workloads: [{ type: 'Deployment', workload: name }],
  ...more,
});

const observed = (more: Partial<Observed>): Observed => ({
  cluster: '',
  counts: [1, 1, 1, 1],
  pairs: [],
  distant: [],
  services: [],
  pods: new Map(),
  unattributed: 0,
  lost: 0,
  ...more,
});

const OPTIONS: Options = { perUnit: 1, isAuto: false };
const MONTH = 730 * 3600;
const of = (more: Partial<Observed>, options = OPTIONS) => advise([observed(more)], options);
const kinds = (more: Partial<Observed>, options = OPTIONS) =>
  of(more, options).findings.map(({ change }) => change.kind);
const reasons = (more: Partial<Observed>, options = OPTIONS) => of(more, options).left.map(({ reason }) => reason);

describe('a Service without hints', () => {
  const pairs = random('web', 'api');

  test('is routed by zone: all that crosses zones is saved', () => {
    const { findings, total, left } = of({ pairs, services: [service('api')] });
    expect(findings).toEqual([
      {
        cluster: '',
        change: {
          kind: 'route',
          services: [{ namespace: 'shop', name: 'api' }],
          loads: ['a', 'b', 'c'].map((zone) => ({
            service: { namespace: 'shop', name: 'api' },
            zone,
            endpoints: 2,
            overload: 0,
          })),
        },
        saves: { value: 60 * MONTH, low: 60 * MONTH, high: 60 * MONTH },
      },
    ]);
    expect({ total, left }).toEqual({ total: 60 * MONTH, left: [] });
  });

  test('not if it is headless, hinted, or has incomplete hints', () => {
    const all = { routing: 'trafficDistribution', hintedZones: new Set(['a', 'b', 'c']), hinted: 1 };
    for (const [more, reason] of [
      [{ routing: undefined }, 'headless'],
      [all, 'no-service'],
      [{ ...all, hinted: 0.8 }, 'partial'],
      [{ ...all, hintedZones: new Set(['a']) }, 'partial'],
    ] as const) {
      const seen = { pairs: pairs.filter(({ source }) => source.zone === 'b'), services: [service('api', more)] };
      expect({ kinds: kinds(seen), reasons: [...new Set(reasons(seen))] }).toEqual({ kinds: [], reasons: [reason] });
    }
  });

  test('not if a headless Service has the same pods: its callers may come by that', () => {
    const services = [
      service('api'),
      service('api-pods', { routing: undefined, workloads: [{ type: 'Deployment', workload: 'api' }] }),
    ];
    expect({ kinds: kinds({ pairs, services }), reasons: reasons({ pairs, services }) }).toEqual({
      kinds: [],
      reasons: ['headless'],
    });
  });

  test('not for nodes and what is outside, as with externalTrafficPolicy', () => {
    const callers = [end('nodes', 'a', 'Node'), end('other', 'a', 'unknown')];
    const seen = { pairs: callers.map((one) => pair(one, end('api', 'b'))), services: [service('api')] };
    expect({ kinds: kinds(seen), reasons: reasons(seen) }).toEqual({ kinds: [], reasons: ['outside'] });
  });

  test('not where Auto is all that there is, and it has fewer than three endpoints in a zone', () => {
    const options = { ...OPTIONS, isAuto: true };
    expect(reasons({ pairs, services: [service('api')] }, options)).toEqual(['auto']);
    const endpoints = new Map([
      ['a', 3],
      ['b', 3],
      ['c', 3],
    ]);
    expect(kinds({ pairs, services: [service('api', { endpoints })] }, options)).toEqual(['route']);
  });

  test('with a replica where callers have no endpoint, which is a change of its own', () => {
    const endpoints = new Map([
      ['a', 2],
      ['b', 2],
    ]);
    const { findings } = of({
      pairs: pairs.filter(({ destination }) => destination.zone !== 'c'),
      services: [service('api', { endpoints })],
    });
    expect(findings.map(({ change, saves }) => [change.kind, saves.value / MONTH])).toEqual([
      ['route', 20],
      ['replicas', 20],
    ]);
    expect(findings[1]?.change).toMatchObject({ zones: [{ zone: 'c', pods: 1 }] });
  });

  test('not before a zone with too few endpoints has more', () => {
    const endpoints = new Map([
      ['a', 5],
      ['b', 1],
    ]);
    const crowd = [pair(end('web', 'b'), end('api', 'a'), 50), pair(end('web', 'b'), end('api', 'b'), 10)];
    const { findings } = of({ pairs: crowd, services: [service('api', { endpoints })] });
    // 60 by one endpoint, of which each serves 10 today and may serve 15.
    expect(findings.map(({ change }) => change)).toMatchObject([{ kind: 'replicas', zones: [{ zone: 'b', pods: 3 }] }]);
  });

  test('but no replica of what has a pod on every node', () => {
    const daemon = service('api', {
      endpoints: new Map([['a', 1]]),
      workloads: [{ type: 'DaemonSet', workload: 'api' }],
    });
    const seen = { pairs: [pair(end('web', 'b'), end('api', 'a', 'DaemonSet'))], services: [daemon] };
    expect({ kinds: kinds(seen), reasons: reasons(seen) }).toEqual({ kinds: [], reasons: ['no-endpoint'] });
  });

  test('together with its caller, where either may call the other', () => {
    const services = [service('web'), service('api')];
    expect(of({ pairs, services }).findings).toMatchObject([
      { change: { kind: 'route', services: [{ name: 'api' }, { name: 'web' }] } },
    ]);
    const oneSided = [service('web', { endpoints: new Map([['a', 2]]) }), service('api')];
    expect(reasons({ pairs: [pair(end('web', 'a'), end('api', 'b'))], services: oneSided })).toEqual([
      'caller-unknown',
    ]);
  });
});

describe('single pods', () => {
  const key = (workload: string, type = 'Deployment') => workloadKey(end(workload, '', type));
  const pods = new Map([
    [key('etl'), new Map([['a', 1]])],
    [key('store', 'StatefulSet'), new Map([['b', 1]])],
  ]);
  const both = [pair(end('etl', 'a'), end('store', 'b', 'StatefulSet'))];

  test('move to what they talk to, less what then crosses zones', () => {
    const others = [pair(end('etl', 'a'), end('web', 'a'), 4), pair(end('etl', 'a'), end('web', 'c'), 100)];
    const [finding] = of({ pairs: [...both, ...others], pods }).findings;
    expect(finding).toMatchObject({
      change: { kind: 'together', from: 'a', to: 'b', workload: { workload: 'etl' } },
      saves: { value: 6 * MONTH },
    });
  });

  test('stay if more would cross zones', () => {
    expect(kinds({ pairs: [...both, pair(end('etl', 'a'), end('web', 'a'), 11)], pods })).toEqual([]);
  });
});

test('what is read from an external end in another zone could be read in the own one; what is written could not', () => {
  const db = { namespace: '_external_', type: 'External', workload: 'orders-db', zone: 'a' };
  const { findings } = of({
    pairs: [pair(db, end('web', 'c'), 30), pair(end('web', 'c'), db, 5), pair(db, end('web', 'a'))],
  });
  expect(findings).toMatchObject([
    { change: { kind: 'external', name: 'orders-db', zone: 'c', from: ['a'] }, saves: { value: 30 * MONTH } },
  ]);
});

describe('what goes through NAT gateways', () => {
  const nat = { perUnit: 3, region: 'eu-west-1' };
  const distant = (name: string, zone: string, isThroughNat = true, rate = 10) => ({
    name,
    zone,
    isThroughNat,
    sums: [rate, rate, rate, rate],
  });
  const all = [
    distant('s3', 'storage'),
    distant('s3', 'us-west-2', true, 5),
    distant('vendor', 'internet', true, 2),
    distant('minio', 'storage', false),
  ];

  test('is saved by an endpoint where it is storage of the region, and is left otherwise', () => {
    const pairs = random('web', 'api');
    const { findings, total, nat: through, left } = of({ pairs, distant: all }, { ...OPTIONS, nat });
    expect(findings).toEqual([
      {
        cluster: '',
        change: { kind: 'endpoint', name: 's3', region: 'eu-west-1' },
        saves: { value: 30 * MONTH, low: 30 * MONTH, high: 30 * MONTH },
      },
    ]);
    expect({ total, through }).toEqual({ total: (60 + 51) * MONTH, through: 51 * MONTH });
    expect(left).toContainEqual({ cluster: '', reason: 'nat', amount: 21 * MONTH });
  });

  test('counts for nothing without a price', () => {
    expect(of({ distant: all })).toEqual({ findings: [], total: 0, nat: 0, left: [] });
  });

  test('is not worth a line below a share of all', () => {
    const few = [distant('s3', 'storage', true, 0.09), distant('vendor', 'internet', true, 19.91)];
    expect(kinds({ distant: few }, { ...OPTIONS, nat })).toEqual([]);
    const enough = [distant('s3', 'storage', true, 0.11), distant('vendor', 'internet', true, 19.89)];
    expect(kinds({ distant: enough }, { ...OPTIONS, nat })).toEqual(['endpoint']);
  });
});

test('nothing crosses zones in a cluster of one zone, and none is known where zones are unknown', () => {
  const services = [service('api')];
  expect(of({ pairs: random('web', 'api', ['a']), services })).toEqual({ findings: [], total: 0, nat: 0, left: [] });
  expect(of({ pairs: random('web', 'api', ['unknown', '']), services })).toEqual({
    findings: [],
    total: 0,
    nat: 0,
    left: [],
  });
});

describe('the error bar', () => {
  test('is that of the mean, by the variation between the parts', () => {
    const { value, low, high } = monthly([1, 3, 1, 3], observed({}), 1);
    const half = (1.96 * Math.sqrt(4 / 3)) / 2;
    expect(value).toBeCloseTo(2 * MONTH, 3);
    expect([low / MONTH, high / MONTH]).toEqual([expect.closeTo(2 - half, 9), expect.closeTo(2 + half, 9)]);
  });

  test('goes up by what is not seen', () => {
    const { low, high } = monthly([2, 2, 2, 2], observed({ unattributed: 0.1, lost: 0.1 }), 1);
    expect([low / MONTH, high / MONTH]).toEqual([2, 2.5]);
  });

  test('is as large as the figure if there are too few parts, and leaves out those without records', () => {
    const { value, low, high } = monthly([4, 0, 4, 0], observed({ counts: [2, 0, 2, 0] }), 1);
    expect([value, low, high].map((each) => each / MONTH)).toEqual([2, 0, 4]);
  });
});
