import { type Filtered, ID_LABEL, NAME_LABEL, type Origin, useOf, zoneFilter } from '../identity/index.ts';
import type { Skipped } from '../model/report.ts';
import { listed } from '../schema/problems.ts';
import { type FlowSource, reportsZones } from './source.ts';

/** Zones that the configuration leaves out, and why. */
export function zonesLeftOut(config: Filtered, sources: readonly FlowSource[]): readonly Skipped[] {
  const { zones } = config;
  const filter = zoneFilter(config);
  const filtered: readonly Skipped[] =
    filter === undefined
      ? []
      : zones.valid === null
        ? [
            {
              kind: 'zones that are a number',
              reason: 'cloud.provider is azure, where they are fault domains; zones.valid overrides this',
            },
          ]
        : [{ kind: `zones other than ${filter}`, reason: 'zones.valid refuses them' }];
  const origins: readonly (readonly [origin: Origin, text: string])[] = [
    ...zones.from.map((origin) =>
      origin === 'node-label'
        ? ([origin, `the label ${zones.nodeLabel}`] as const)
        : ([origin, 'provider IDs'] as const),
    ),
    ...sources.filter(reportsZones).map(({ id }) => ['source', id] as const),
  ];
  const textsOf = (use: string) => origins.flatMap(([origin, text]) => (useOf(config, origin) === use ? [text] : []));
  const [unused, translated] = [textsOf('not'), textsOf('translated')];
  const first =
    zones.from[0] === 'node-label' ? `the label ${zones.nodeLabel}, which names` : 'provider IDs, which name';
  return [
    ...filtered,
    ...(unused.length === 0
      ? []
      : [
          {
            kind: `zones of ${listed(unused, 'and')}`,
            reason: `zones.from begins with ${first} zones differently`,
          },
        ]),
    ...(translated.length === 0
      ? []
      : [
          {
            kind: `zones of ${listed(translated, 'and')} whose ID is not known`,
            reason: `zones are IDs: names are translated by nodes with both ${ID_LABEL} and ${NAME_LABEL}`,
          },
        ]),
  ];
}
