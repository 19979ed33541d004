import { moneyUnit } from '../../panels/money.ts';
import { promql, type Query } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { noCost, priceOf, priceText } from '../prices/index.ts';
import { MONTH_SECONDS } from '../records/cost.ts';

/** Why traffic has no price beside it; undefined if it has one. */
export const noMoney = (config: TrafficConfig, { unit, source }: FlowInput): string | undefined =>
  unit === 'network_bytes' ? noCost(config) : `only bytes have a price, and ${source.id} is read in ${unit.slice(8)}`;

/** Currency per second as currency per month of 730 hours. */
export const monthly = (perSecond: Query): Query => promql`${perSecond} * ${MONTH_SECONDS}`;

/** The unit of money on dashboards. */
export const currencyUnit = (config: TrafficConfig): string => moneyUnit(priceOf(config).currency);

/** The currency as people write it. */
export const currencyOf = (config: TrafficConfig): string => priceOf(config).currency;

/** What a cost is, for descriptions. */
export const costText = (config: TrafficConfig): string =>
  `A month of 730 hours at the present rate, in both billed directions: ${priceText(config)}.`;
