import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { always, type Edge, type EdgeInput, ONE, TWO } from './edges-input.ts';

/** What a source says itself of the zones of its ends, refused or not. */
export function zoneEdges({ twins }: EdgeInput, unit: string, zones: readonly [string, string]): readonly Edge[] {
  return (['source', 'destination'] as const).map((end, index) => {
    const label = zones[index] ?? '';
    const reported = (place: Labels, zone: string, reason = 'invalid_zone') =>
      twins(`${end}_endpoint:${unit}_identity:info`, { ...place, [label]: zone, [`${end}_reason`]: reason });
    return {
      name: `values of the ${end} that are refused, and no others: ${unit}`,
      series: [
        ...reported(ONE, '7'),
        ...reported(ONE, '8'),
        ...reported(TWO, '8'),
        ...reported(ONE, 'zone-a', 'gone'),
        ...reported(ONE, 'unknown'),
        ...reported(ONE, ''),
      ],
      firing: [[30], [31, { ...ONE, zone: '7' }, { ...ONE, zone: '8' }, { ...TWO, zone: '8' }]],
    };
  });
}

/** Nodes and every end, in each unit, each with values that only one of them tells of a cluster, or the first of several. */
export function placesEdges({ each }: EdgeInput, [source, destination]: readonly [string, string]): readonly Edge[] {
  const reporters: ((place: Labels, zone: string) => InputSeries)[] = [
    (place, zone) => always('cluster_node:refused_zone:info', { node: 'a', ...place, refused_zone: zone }),
    ...each((unit) =>
      Object.entries({ source, destination }).map(
        ([end, label]) =>
          (place: Labels, zone: string) =>
            always(`${end}_endpoint:${unit}_identity:info`, {
              ...place,
              [label]: zone,
              [`${end}_reason`]: 'invalid_zone',
            }),
      ),
    ),
  ];
  const told = reporters.flatMap((series, index) => [
    { series, place: ONE, zone: String(index) },
    // The same value that the one before tells of the other cluster.
    { series, place: TWO, zone: String(index - 1) },
  ]);
  const zone = (index: number) => `known to ${index} and later ones`;
  return [
    {
      name: 'one series is enough, whoever has it',
      series: told.map(({ series, place, zone: value }) => series(place, value)),
      firing: [[31, ...told.map(({ place, zone: value }) => ({ ...place, zone: value }))]],
    },
    {
      name: 'the first that knows a value counts it',
      series: reporters.flatMap((series, index) =>
        Array.from({ length: index + 1 }, (_, node) => String(node)).flatMap((node) =>
          Array.from({ length: index + 1 }, (_, first) => series({ ...ONE, node }, zone(first))),
        ),
      ),
      firing: [],
      counted: [31, ...reporters.map((_, index) => [{ ...ONE, zone: zone(index) }, index + 1] as const)],
    },
  ];
}
