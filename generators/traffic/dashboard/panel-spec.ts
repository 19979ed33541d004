import type { Panel, PlacedPanel } from '../../model/dashboard.ts';
import { TRAFFIC_UNITS } from '../../panels/shared.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { noLosses } from '../records/losses.ts';
import { SIDES } from '../source.ts';

/** Requirements of a panel: both ends of the traffic, recorded workloads, names of pods, or agents that count what they lose. */
export type Need = 'peers' | 'workloads' | 'pods' | 'losses';

/** A panel that is built only if its needs are met. */
export type PanelSpec = Omit<PlacedPanel, 'key' | 'panel'> & {
  readonly needs?: readonly Need[];
  readonly panel: () => Panel;
};

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
