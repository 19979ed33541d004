import type { Column } from '../../../panels/table.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { currencyUnit } from './shown.ts';

/** Text of a table that is empty although the month is not. */
export const NOTHING = 'nothing crosses zones';

export const money = (config: TrafficConfig, field: string, title: string, width = 120): Column => ({
  field,
  title,
  unit: currencyUnit(crossZonePrice(config).currency),
  decimals: 2,
  width,
});
