import { type PanelOf, panelsOf } from '../../panels/needs.ts';
import { TRAFFIC_UNITS } from '../../panels/shared.ts';
import type { TrafficConfig } from '../config.ts';
import { type FlowInput, hasTwoViews } from '../input.ts';
import { noExternalCost } from '../records/cost-external.ts';
import { noLosses } from '../records/losses.ts';
import { SIDES } from '../source.ts';
import { noMoney } from './money.ts';

/**
 * Requirements of a panel: both ends of the traffic, recorded workloads, names of pods, agents that count what they lose, traffic that is
 * seen from both ends, bytes, or a price: of traffic between zones, or of what leaves the region.
 */
type Need = 'peers' | 'workloads' | 'pods' | 'losses' | 'two-views' | 'bytes' | 'money' | 'leaving';

/** A panel that is built only if its needs are met. */
export type PanelSpec = Omit<PanelOf<Need>, 'key'>;

/** Panels by their keys. */
export type PanelSpecs = Readonly<Record<string, PanelSpec>>;

/** Whether the source names the pods at both ends. */
export const namesPods = ({ source }: FlowInput): boolean =>
  SIDES.every((side) => source.ends[side].pod !== undefined && source.ends[side].namespace !== undefined);

const MISSING: Readonly<Record<Need, (config: TrafficConfig, input: FlowInput) => string | undefined>> = {
  peers: (_config, { source }) =>
    source.locality === undefined
      ? undefined
      : `${source.id} counts cross-zone traffic only, and does not name the other end`,
  pods: (_config, input) => (namesPods(input) ? undefined : `${input.source.id} does not name pods`),
  losses: (_config, { source }) => noLosses({ sources: [source] }),
  'two-views': (_config, input) => (hasTwoViews(input) ? undefined : `${input.source.id} reports one end only`),
  bytes: (_config, { source, unit }) =>
    unit === 'network_bytes'
      ? undefined
      : `avoidable traffic is recorded in bytes, and ${source.id} is read in ${unit.slice(8)}`,
  money: noMoney,
  leaving: (config, input) => noMoney(config, input) ?? noExternalCost(config, input),
  workloads: ({ flows }) =>
    flows.granularity === 'zone' ? 'flows.granularity is zone, so no workloads are recorded' : undefined,
};

/** The reason why a panel cannot be built: its first need that is not met. */
export const missing = (config: TrafficConfig, input: FlowInput, needs: readonly Need[]): string | undefined =>
  needs.map((need) => MISSING[need](config, input)).find((reason) => reason !== undefined);

/** The Grafana unit of traffic. */
export const grafanaUnit = ({ unit }: FlowInput): string => TRAFFIC_UNITS[unit];

/** What a number shows instead of a figure that is withheld. */
export const NO_IDENTITY = 'no identity';

/** Ends the text of a panel that may be empty for another reason, too. */
export const OR_NO_IDENTITY = `, or ${NO_IDENTITY}`;

/** Text of a panel of cross-zone traffic that is empty. */
export const NONE_ACROSS = `no cross-zone traffic${OR_NO_IDENTITY}`;

/** Panels under an optional heading, by their keys. */
export interface SpecSection<Key extends string> {
  readonly title?: string;
  readonly keys: readonly Key[];
}

/** Sections with the panels whose needs are met, and the reasons for the others. */
export const built = <Key extends string>(
  config: TrafficConfig,
  input: FlowInput,
  uid: string,
  specs: Readonly<Record<Key, PanelSpec>>,
  sections: readonly SpecSection<Key>[],
): ReturnType<typeof panelsOf> =>
  panelsOf<Need>(
    uid,
    (need) => missing(config, input, [need]),
    sections.map(({ keys, ...section }) => ({
      ...section,
      panels: keys.map((key) => ({ key, ...specs[key] })),
    })),
  );
