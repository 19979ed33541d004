import * as common from '@grafana/grafana-foundation-sdk/common';
import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Panel, PanelTarget } from '../model/dashboard.ts';
import { thresholds, type Cluster, type Step } from './shared.ts';

/** A column: the field it shows, its heading, and how its cells look. */
export interface Column {
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  /** A bar, or a background coloured by the thresholds. */
  readonly cell?: 'gauge' | 'colour';
  readonly steps?: readonly Step[];
  /** Texts and colours instead of values. */
  readonly states?: readonly { readonly value: number | string; readonly text: string; readonly colour: string }[];
  readonly link?: { readonly title: string; readonly url: string };
}

/** The column of the cluster, in tables that may show several clusters. */
export const clusterColumn = ({ cluster }: Cluster): readonly Column[] =>
  cluster.label === null ? [] : [{ field: cluster.label, title: 'Cluster', width: 120 }];

const CELLS = {
  gauge: {
    type: common.TableCellDisplayMode.Gauge,
    mode: common.BarGaugeDisplayMode.Basic,
    valueDisplayMode: common.BarGaugeValueMode.Text,
  },
  colour: { type: common.TableCellDisplayMode.ColorBackground, mode: common.TableCellBackgroundDisplayMode.Basic },
} as const;

const mapping = (states: NonNullable<Column['states']>) => ({
  type: sdk.MappingType.ValueToText,
  options: Object.fromEntries(
    states.map(({ value, text, colour }, index) => [String(value), { text, color: colour, index }]),
  ),
});

function properties(column: Column, empty: string | undefined): sdk.DynamicConfigValue[] {
  return [
    { id: 'unit', value: column.unit },
    { id: 'decimals', value: column.decimals },
    { id: 'custom.width', value: column.width },
    { id: 'custom.cellOptions', value: column.cell && CELLS[column.cell] },
    { id: 'min', value: column.cell === 'gauge' ? 0 : undefined },
    { id: 'thresholds', value: column.steps && thresholds(column.steps).build() },
    { id: 'mappings', value: column.states && [mapping(column.states)] },
    { id: 'noValue', value: empty },
    { id: 'links', value: column.link && [{ ...column.link, targetBlank: false }] },
  ].filter(({ value }) => value !== undefined);
}

/** Shows only these columns, in this order, under their titles. */
const columnsOnly = (columns: readonly Column[]): sdk.DataTransformerConfig[] => [
  { id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } },
  {
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
      renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
    },
  },
];

/** Rows of the latest values. */
export const table = (options: {
  readonly title: string;
  readonly description: string;
  readonly targets: readonly PanelTarget[];
  readonly columns: readonly Column[];
  /** Steps before the columns are chosen; several queries are merged where there are none. */
  readonly first?: readonly sdk.DataTransformerConfig[];
  /** Title of the column to sort by, largest first. */
  readonly sortBy?: string;
  /** Text of an empty table; with it, empty cells show a dash. */
  readonly noValue?: string;
}): Panel => ({
  title: options.title,
  description: options.description,
  targets: options.targets,
  build: () => {
    const panel = new PanelBuilder().showHeader(true).cellHeight(common.TableCellHeight.Sm);
    if (options.noValue !== undefined) panel.noValue(options.noValue);
    const merged = options.targets.length > 1 ? [{ id: 'merge', options: {} }] : [];
    for (const step of [...(options.first ?? merged), ...columnsOnly(options.columns)]) panel.withTransformation(step);
    if (options.sortBy !== undefined) {
      panel.withTransformation({
        id: 'sortBy',
        options: { fields: {}, sort: [{ field: options.sortBy, desc: true }] },
      });
    }
    for (const column of options.columns) {
      const changes = properties(column, options.noValue === undefined ? undefined : '–');
      if (changes.length > 0) panel.overrideByName(column.title, changes);
    }
    return panel;
  },
});

/** A column for each value of a label: what `latest` answers as rows that have the other labels in common. */
export const columnsBy = (label: string): readonly sdk.DataTransformerConfig[] => [
  { id: 'labelsToFields', options: { mode: 'columns', valueLabel: label } },
  { id: 'merge', options: {} },
];

/** Adds the sum of some columns. */
export const sumOf = (fields: readonly string[], alias: string): sdk.DataTransformerConfig => ({
  id: 'calculateField',
  options: { mode: 'reduceRow', reduce: { reducer: 'sum', include: fields }, alias, replaceFields: false },
});

/**
 * A matrix of one value: a row for each value of one label, a column for each value of another. Rows and columns appear in the order of the
 * label `order`: with the diagonal first, and on it the last ones last.
 */
export const matrix = (options: {
  readonly title: string;
  readonly description: string;
  readonly target: PanelTarget;
  readonly row: string;
  readonly column: string;
  readonly order: string;
  readonly unit: string;
  readonly corner: string;
  /** Text of an empty matrix. */
  readonly noValue: string;
}): Panel => ({
  title: options.title,
  description: options.description,
  targets: [options.target],
  build: () =>
    new PanelBuilder()
      .showHeader(true)
      .cellHeight(common.TableCellHeight.Lg)
      .unit(options.unit)
      .min(0)
      .noValue(options.noValue)
      // One hue for volume: a large diagonal is good and must not look like an alarm.
      .colorScheme(new sdk.FieldColorBuilder().mode(sdk.FieldColorModeId.ContinuousBlues))
      .cellOptions(CELLS.colour)
      .withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: options.order }] } })
      .withTransformation({
        id: 'groupingToMatrix',
        options: { columnField: options.column, rowField: options.row, valueField: 'Value', emptyValue: 'zero' },
      })
      .withTransformation({
        id: 'organize',
        options: { renameByName: { [`${options.row}\\${options.column}`]: options.corner } },
      })
      .overrideByName(options.corner, [{ id: 'custom.cellOptions', value: { type: 'auto' } }]),
});
