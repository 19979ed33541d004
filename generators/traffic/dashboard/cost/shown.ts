import type { PanelOf } from '../../../panels/needs.ts';
import { inCluster } from '../../../panels/shared.ts';
import { duration, labels, type Matchers, promql, type Query, selector } from '../../../promql/index.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { noExternalCost } from '../../records/cost-external.ts';
import { hasAvoidable, hasPairs } from '../../records/cost-hours.ts';

const noWorkloads = (config: TrafficConfig): string | undefined =>
  hasPairs(config) ? undefined : 'flows.granularity is zone, so no workloads are recorded';

/** What a panel requires, and why a configuration does not have it. */
const MISSING = {
  budget: ({ cost }: TrafficConfig) => (cost.budgetPerMonth === null ? 'cost.budgetPerMonth is null' : undefined),
  workloads: noWorkloads,
  avoidable: (config: TrafficConfig, input: FlowInput) =>
    hasAvoidable(config, input) ? undefined : 'what is avoidable needs pairs of workloads',
  groups: (config: TrafficConfig) =>
    noWorkloads(config) ?? (config.cost.groupBy.length > 0 ? undefined : 'cost.groupBy is empty'),
  external: (config: TrafficConfig) =>
    noWorkloads(config) ?? (config.flows.external.length > 0 ? undefined : 'flows.external is empty'),
  leaving: noExternalCost,
} as const;

/** A panel that is built only if its needs are met. */
export type CostPanel = PanelOf<keyof typeof MISSING>;

/** Why a need of a panel is not met. */
export const missing = (config: TrafficConfig, input: FlowInput, need: keyof typeof MISSING): string | undefined =>
  MISSING[need](config, input);

/** Currencies that Grafana knows by its sign. Upstream: grafana, packages/grafana-data/src/valueFormats/categories.ts. */
const SIGNS = new Set([
  'USD',
  'GBP',
  'EUR',
  'JPY',
  'BRL',
  'DKK',
  'NOK',
  'SEK',
  'CZK',
  'CHF',
  'PLN',
  'ZAR',
  'INR',
  'KRW',
]);

/** The Grafana unit of a currency. */
export const currencyUnit = (currency: string): string =>
  SIGNS.has(currency) ? `currency${currency}` : `suffix: ${currency}`;

/** A day of hours, whether an engine counts the sample at the start of a range or not. */
export const DAY = duration('23h30m');

/** Records of hours and months as last recorded; they are recorded once an hour. */
export const last = (config: TrafficConfig, record: string, where: Matchers = {}): Query =>
  promql`last_over_time(${selector(record, { ...inCluster(config), ...where })}[2h])`;

/** The same, a week before. */
export const lastWeek = (config: TrafficConfig, record: string): Query =>
  promql`last_over_time(${selector(record, inCluster(config))}[2h] offset 1w)`;

/** The hours of a day. */
export const day = (config: TrafficConfig, record: string, where: Matchers = {}): Query =>
  promql`sum_over_time(${selector(record, { ...inCluster(config), ...where })}[${DAY}])`;

/** One series for each combination of these labels. */
export const by = (kept: readonly string[], query: Query): Query => promql`sum by (${labels(...kept)}) (${query})`;
