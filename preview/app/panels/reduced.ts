import { type FieldDisplay, getFieldDisplayValues, type ReduceDataOptions } from '@grafana/data';
import { fieldConfigOf } from '../grafana/field-config.ts';
import type { PanelProps } from './panel-props.ts';

/** One value for each field, as stats and bar gauges show them; with the course of values where a sparkline is drawn, and how much the last differs from the first where that is. */
export function reduced(
  { panel, data, theme, fill }: PanelProps,
  options: ReduceDataOptions,
  sparkline: boolean,
  percentChange = false,
): FieldDisplay[] {
  return getFieldDisplayValues({
    data: [...data],
    fieldConfig: fieldConfigOf(panel),
    reduceOptions: options,
    replaceVariables: (text) => fill(text),
    theme,
    timeZone: 'utc',
    sparkline,
    percentChange,
  });
}
