import { jest, test } from '@jest/globals';
import type { ExpressionTest, InputSeries } from '../../support/rule-test.ts';
import { ADDRESSES, addressSeries, CLUSTERS, isOutside, isPlaced, MISNAMED, NAMED, PodPlaces } from './known.ts';
import {
  type Completed,
  completedRecord,
  type Counted,
  endpointsOf,
  Identities,
  pairsHold,
  pairsOf,
} from './pairs-truth.ts';
import {
  anyRate,
  counter,
  createRandom,
  expectRecords,
  happens,
  holds,
  info,
  type Labels,
  oneOf,
  type Random,
  rulesOf,
  SIDES,
  silent,
  uniqueBy,
} from './world.ts';

jest.setTimeout(60_000);

type End = Readonly<Record<'namespace' | 'pod' | 'ip' | 'zone', string>>;

/** What an agent counts of the packets of one connection in one direction. */
interface Packets {
  readonly cluster: string;
  readonly from: End;
  readonly to: End;
  readonly rate: number;
  readonly direction: string;
  readonly agent: string;
  readonly workload: string;
}

const METRICS = {
  network_bytes: 'networkobservability_adv_forward_bytes',
  network_packets: 'networkobservability_adv_forward_count',
};

const prefixed = (side: string, { namespace, pod, ip, zone }: End): Labels => ({
  [`${side}_namespace`]: namespace,
  [`${side}_podname`]: pod,
  [`${side}_ip`]: ip,
  [`${side}_zone`]: zone,
});

const SHARED = Object.fromEntries(
  SIDES.flatMap((side) => [
    [`${side}_namespace`, 'namespace'],
    [`${side}_podname`, 'pod'],
    [`${side}_ip`, 'ip'],
    [`${side}_zone`, 'native_zone'],
  ]),
);

const labelsOf = ({ cluster, from, to, direction, agent, workload }: Packets): Labels => ({
  cluster,
  ...prefixed('source', from),
  ...prefixed('destination', to),
  direction,
  instance: agent,
  source_workload_name: workload,
});

/** The API server has a name that is no pod's. */
const isPod = ({ pod }: End): boolean => !['', 'unknown', 'kubernetes-apiserver'].includes(pod);

function packetsOf(random: Random): readonly Packets[] {
  const zone = () => oneOf(random, 'a', 'b', 'unknown', '');
  const named = (): End => ({ ...random.pick(NAMED), zone: zone() });
  const nameless = (ip: string): End => {
    const pod = oneOf(random, '', 'unknown', 'kubernetes-apiserver');
    return { namespace: pod, pod, ip, zone: zone() };
  };
  const packets = (cluster: string, from: End, to: End, given: Partial<Packets> = {}): Packets => ({
    cluster,
    from,
    to,
    rate: anyRate(random),
    direction: oneOf(random, 'INGRESS', 'EGRESS'),
    agent: oneOf(random, 'agent-1', 'agent-2'),
    workload: oneOf(random, 'x', 'y'),
    ...given,
  });
  const some = (cluster: string, count: number, given: Partial<Packets>): Packets[] =>
    Array.from({ length: count }, () => packets(cluster, named(), named(), given));
  const all = CLUSTERS.flatMap((cluster) => [
    ...some(cluster, 40, { direction: 'INGRESS' }),
    ...some(cluster, 120, { direction: 'EGRESS' }),
    ...ADDRESSES.flatMap((ip) => [
      packets(cluster, named(), nameless(ip), { direction: 'EGRESS' }),
      packets(cluster, nameless(ip), named(), { direction: 'EGRESS' }),
      ...(happens(random, 40) ? [packets(cluster, named(), nameless(ip))] : []),
      ...(happens(random, 40) ? [packets(cluster, nameless(ip), named())] : []),
    ]),
    ...MISNAMED.flatMap((pod) => [
      packets(cluster, { ...pod, zone: zone() }, named(), { direction: 'EGRESS' }),
      packets(cluster, named(), { ...pod, zone: zone() }, { direction: 'EGRESS' }),
    ]),
    packets(cluster, nameless('198.51.100.10'), nameless('198.51.100.11'), { direction: 'EGRESS' }),
  ]);
  // Again by another agent or of another workload; and in a direction of neither selection, as in local context.
  const again = all.flatMap((one) => {
    if (!happens(random, 60)) return [];
    const other = { ...one, rate: anyRate(random) };
    return [
      oneOf(random, 'agent', 'workload', 'direction') === 'direction'
        ? { ...other, direction: one.direction.toLowerCase() }
        : { ...other, agent: 'agent-3', workload: oneOf(random, 'x', 'y') },
    ];
  });
  return uniqueBy([...all, ...again], labelsOf);
}

const counted = ({ cluster, from, to, rate }: Packets): Counted => ({
  cluster,
  rate,
  from: prefixed('source', from),
  to: prefixed('destination', to),
});

/** What the server's node does not report, from what the client's does. */
const missed = (packets: readonly Packets[], places: PodPlaces): readonly Completed[] =>
  packets
    .filter(({ direction }) => direction === 'EGRESS')
    .flatMap((one): readonly Completed[] => {
      const { cluster, from, to } = one;
      if (isPod(from) && isPod(to)) {
        const [client, server] = [from, to].map((end) => places.nodeOf(cluster, end));
        // The interfaces of both pods see the packet. The source says itself which zone that is.
        return client !== undefined && client === server
          ? [{ ...counted(one), rate: one.rate / 2, gap: 'same_node', zone: '' }]
          : [];
      }
      if (isPod(from) === isPod(to)) return [];
      return isOutside(cluster, isPod(from) ? to.ip : from.ip) ? [{ ...counted(one), gap: 'outside' }] : [];
    });

/** One unit: what agents count of it, and what must be recorded. */
function unitOf(unit: keyof typeof METRICS, seed: number, places: PodPlaces) {
  const packets = packetsOf(createRandom(seed));
  const completed = missed(packets, places);
  const all = [...packets.filter(({ direction }) => direction === 'INGRESS').map(counted), ...completed];
  const identities = new Identities(seed);
  const asked: readonly ExpressionTest[] = [
    holds(`endpoint_pair:${unit}_completed:rate5m`, completedRecord(completed)),
    ...SIDES.map((side) => holds(`${side}_endpoint:${unit}:rate5m`, endpointsOf(all, side, SHARED))),
    ...pairsHold(unit, pairsOf(all, identities, { isPlaced })),
  ];
  const series: readonly InputSeries[] = [
    ...packets.flatMap((one, index) => [
      counter(METRICS[unit], labelsOf(one), one.rate, index),
      ...(index % 40 === 0 ? silent(METRICS[unit], labelsOf(one)) : []),
    ]),
    ...identities.series(unit),
    ...CLUSTERS.map((cluster) => info(`cluster:${unit}_identity:usable`, { cluster }, isPlaced(cluster) ? 1 : 0)),
  ];
  return { series, asked };
}

test('retina-standard: pairs and ends of traffic', async () => {
  const places = new PodPlaces(3);
  const units = [unitOf('network_bytes', 3, places), unitOf('network_packets', 4, places)];
  const series = [...places.series, ...addressSeries(), ...units.flatMap((one) => one.series)];
  await expectRecords(
    'retina-standard',
    rulesOf('retina-standard'),
    series,
    units.flatMap(({ asked }) => asked),
  );
});
