import { describe, jest, test } from '@jest/globals';
import { truthOf } from './ebpf-truth.ts';
import { keyOf, labelsOf, type Report, reportsOf } from './ebpf-world.ts';
import { Identities, pairsHold, pairsOf } from './pairs-truth.ts';
import { counter, createRandom, expectRecords, holds, holdsRoughly, info, rulesOf, SIDES, silent } from './world.ts';

jest.setTimeout(60_000);

const isPlaced = (cluster: string): boolean => cluster !== 'two';

/** One unit: what agents report of it, and what must be recorded. */
function unitOf(id: string, unit: 'bytes' | 'packets', seed: number, reports: readonly Report[]) {
  const name = `network_${unit}`;
  const metric = `${id}_network_flow_${unit}_total`;
  const truth = truthOf(id, reports);
  const ends = reports.map(({ cluster, from, to }) => ({
    cluster,
    from: keyOf('source', from),
    to: keyOf('destination', to),
  }));
  const identities = new Identities(seed).all(ends);
  const asked = [
    ...SIDES.flatMap((side) => [
      holds(`${side}_endpoint:${name}_paired:rate5m`, truth.paired(side)),
      holds(`${side}_endpoint:${name}_reported:rate5m`, truth.reported(side)),
      holdsRoughly(`${side}_endpoint:${name}:rate5m`, truth.endpoints(side)),
    ]),
    holds(`agent_endpoint_pair:${name}_half_named:rate5m`, truth.halfNamed),
    holds(`endpoint_pair:${name}_unnamed:rate5m`, truth.unnamed),
    holdsRoughly(`endpoint_pair:${name}_of_nodes:rate5m`, truth.ofNodes),
    ...pairsHold(name, pairsOf(truth.counted, identities, { isPlaced }), holdsRoughly),
  ];
  const series = [
    ...reports.flatMap((one, index) => [
      counter(metric, labelsOf(id, one), one.rate, index),
      ...(index % 40 === 0 ? silent(metric, labelsOf(id, one)) : []),
    ]),
    ...identities.series(name),
    ...['one', 'two'].map((cluster) => info(`cluster:${name}_identity:usable`, { cluster }, isPlaced(cluster) ? 1 : 0)),
  ];
  return { series, asked };
}

describe.each([
  ['obi', [2, 18]],
  ['beyla', [4, 7]],
] as const)('%s', (id, seeds) => {
  test('pairs and ends of traffic', async () => {
    const units = (['bytes', 'packets'] as const).map((unit, index) =>
      unitOf(id, unit, seeds[index] ?? 0, reportsOf(createRandom(seeds[index] ?? 0))),
    );
    await expectRecords(
      id,
      rulesOf(id),
      units.flatMap(({ series }) => series),
      units.flatMap(({ asked }) => asked),
    );
  });
});
