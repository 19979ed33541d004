import { jest, test } from '@jest/globals';
import { type Counted, endpointsOf, Identities, pairsHold, pairsOf } from './pairs-truth.ts';
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
  type Side,
  SIDES,
  silent,
  uniqueBy,
} from './world.ts';

jest.setTimeout(60_000);

const isPlaced = (cluster: string): boolean => cluster !== 'two';
const usable = (unit: string) =>
  ['one', 'two'].map((cluster) => info(`cluster:${unit}_identity:usable`, { cluster }, isPlaced(cluster) ? 1 : 0));

/** A series of a source with one view of each packet. */
interface Series extends Counted {
  readonly extra: Labels;
}

const labelsOf = ({ cluster, from, to, extra }: Series): Labels => ({ cluster, ...from, ...to, ...extra });

const seriesOf = (metric: string, all: readonly Series[]) =>
  all.flatMap((one, index) => [
    counter(metric, labelsOf(one), one.rate, index),
    ...(index % 30 === 0 ? silent(metric, labelsOf(one)) : []),
  ]);

const SHORT = { source: 'Src', destination: 'Dst' } as const;

/** What NetObserv's pipeline exports, of both directions of a call through a Service as well. */
function workloads(random: Random): readonly Series[] {
  const end = (side: Side, kind = oneOf(random, 'Pod', 'Node')): Labels => ({
    [`${SHORT[side]}K8S_Namespace`]: oneOf(random, 'shop', ''),
    [`${SHORT[side]}K8S_Type`]: kind,
    [`${SHORT[side]}K8S_OwnerType`]: oneOf(random, 'Deployment', 'Job'),
    [`${SHORT[side]}K8S_OwnerName`]: oneOf(random, 'web', 'db'),
    [`${SHORT[side]}K8S_Zone`]: oneOf(random, 'a', ''),
  });
  const all = ['one', 'two'].flatMap((cluster) =>
    Array.from({ length: 90 }, (_, index): Series => ({
      cluster,
      rate: anyRate(random),
      from: end('source', index % 10 === 1 ? 'Service' : undefined),
      to: end('destination', index % 10 === 2 ? 'Service' : undefined),
      extra: { instance: oneOf(random, 'flp-1', 'flp-2') },
    })),
  );
  const again = all.flatMap((one) =>
    happens(random, 50) ? [{ ...one, extra: { instance: 'flp-3' }, rate: anyRate(random) }] : [],
  );
  return uniqueBy([...all, ...again], labelsOf);
}

const NATIVE = Object.fromEntries(
  SIDES.flatMap((side) =>
    Object.entries({
      Namespace: 'namespace',
      Type: 'kind',
      OwnerType: 'native_workload_type',
      OwnerName: 'native_workload',
      Zone: 'native_zone',
    }).map(([field, shared]) => [`${SHORT[side]}K8S_${field}`, shared]),
  ),
);

test('netobserv: what arrives, but for edges to and from Services', async () => {
  const units = ['bytes', 'packets'].map((unit, index) => {
    const name = `network_${unit}`;
    const seed = index + 1;
    const all = workloads(createRandom(seed));
    const counted = all.filter(({ from, to }) => from['SrcK8S_Type'] !== 'Service' && to['DstK8S_Type'] !== 'Service');
    const identities = new Identities(seed).all(all);
    const asked = [
      ...SIDES.map((side) => holds(`${side}_endpoint:${name}:rate5m`, endpointsOf(counted, side, NATIVE))),
      ...pairsHold(name, pairsOf(counted, identities, { isPlaced })),
    ];
    const series = [
      ...seriesOf(`netobserv_workload_ingress_${unit}_total`, all),
      ...seriesOf(`netobserv_workload_egress_${unit}_total`, workloads(createRandom(9)).slice(0, 20)),
      ...identities.series(name),
      ...usable(name),
    ];
    return { asked, series };
  });
  await expectRecords(
    'netobserv',
    rulesOf('netobserv'),
    units.flatMap(({ series }) => series),
    units.flatMap(({ asked }) => asked),
  );
});

test('kubezonnet: what pods send, to nobody knows whom', async () => {
  const random = createRandom(1);
  const unit = 'network_bytes';
  const all = uniqueBy(
    ['one', 'two'].flatMap((cluster) =>
      Array.from({ length: 30 }, (): Series => ({
        cluster,
        rate: anyRate(random),
        from: {
          namespace: oneOf(random, 'shop', 'pay', '_node_'),
          pod: oneOf(random, 'web', 'db', 'n1'),
        },
        to: {},
        extra: { instance: oneOf(random, 'server-1', 'server-2') },
      })),
    ),
    labelsOf,
  );
  const identities = new Identities(1);
  const asked = [
    holds(`source_endpoint:${unit}:rate5m`, endpointsOf(all, 'source', {})),
    // Its traffic crosses zones, whoever sends: nothing is withheld.
    ...pairsHold(unit, pairsOf(all, identities, { withPeers: false })),
  ];
  const series = [...seriesOf('pod_cross_zone_network_traffic_bytes_total', all), ...identities.series(unit)];
  await expectRecords('kubezonnet', rulesOf('kubezonnet'), series, asked);
});
