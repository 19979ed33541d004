import { buildFleet, completeFleet, type Fleet, isFleet } from '../../generators/index.ts';
import { catalogue } from './generate.ts';

/** A fleet that is given as a program would give it. @throws Error where it has no clusters. */
export const fleetOf = (given: object): Fleet => {
  const fleet = completeFleet('fleet.yaml', given, catalogue);
  if (!isFleet(fleet)) throw new Error('no fleet');
  return fleet;
};

/** The texts of all files of a fleet, by their paths. */
export const built = (given: object): ReadonlyMap<string, string> =>
  new Map(buildFleet(fleetOf(given), catalogue, []).artifacts.map(({ path, text }) => [path, text]));
