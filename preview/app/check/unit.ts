import { type Finding, unknownName } from './finding.ts';

/** What may stand before the colon of a unit of one's own: Grafana's documentation, "Standard options". */
const OWN = ['prefix', 'suffix', 'time', 'si', 'count', 'currency', 'bool'];

/** Grafana shows the name of a unit that it does not know behind the number. `units` null checks nothing. */
export function unitFindings(unit: unknown, place: string, units: readonly string[] | null): Finding[] {
  if (units === null || unit === '') return [];
  const [, own] = /^([^:]+):/.exec(String(unit)) ?? [];
  if (own === undefined || units.includes(String(unit))) return unknownName(place, 'unit', unit, units);
  return unknownName(place, 'kind of unit', own, OWN);
}
