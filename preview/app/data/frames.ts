import { type DataFrame, DataFrameType, type Field, FieldType } from '@grafana/data';
import type { TargetJson } from '../model/dashboard-json.ts';
import { legendOf } from '../model/legend.ts';
import { type Element, sampleValue } from './prometheus.ts';

/** What frames need to know of the query that was answered. */
export interface Answered {
  readonly target: TargetJson;
  /** The expression as it was sent. */
  readonly expr: string;
  /** Distance of the points of a range, in seconds. */
  readonly step: number;
  /** Whether the panel has other queries, so that values need the query's letter in their name. */
  readonly isOneOfMany: boolean;
  /** Fills variables in a legend. */
  readonly fill: (text: string) => string;
}

const pointsOf = ({ value, values }: Element) => values ?? (value === undefined ? [] : [value]);

const metaOf = ({ expr, step }: Answered) => ({ executedQueryString: `Expr: ${expr}\nStep: ${step}s` });

/** One frame with a column for the time, each label and the value, as the data source's table format has it. */
function table(elements: readonly Element[], answered: Answered): DataFrame {
  const { refId } = answered.target;
  const labels = [...new Set(elements.flatMap(({ metric }) => Object.keys(metric)))].toSorted();
  const rows = elements.flatMap((element) => pointsOf(element).map(([time, value]) => ({ element, time, value })));
  if (answered.target.range === true) rows.sort((a, b) => a.time - b.time);
  const fields: Field[] = [
    { name: 'Time', type: FieldType.time, config: {}, values: rows.map(({ time }) => time * 1000) },
    ...labels.map((label) => ({
      name: label,
      type: FieldType.string,
      config: { filterable: true },
      values: rows.map(({ element }) => element.metric[label] ?? ''),
    })),
    {
      name: answered.isOneOfMany ? `Value #${refId}` : 'Value',
      type: FieldType.number,
      config: {},
      values: rows.map(({ value }) => sampleValue(value)),
    },
  ];
  const meta = { ...metaOf(answered), preferredVisualisationType: 'table' } as const;
  return { refId, meta, fields, length: rows.length };
}

/** A frame for each series, named by the legend. */
function series(element: Element, answered: Answered, isOnly: boolean): DataFrame {
  const { refId, legendFormat } = answered.target;
  const { __name__: name, ...labels } = element.metric;
  const points = pointsOf(element);
  const format = legendFormat === undefined ? undefined : answered.fill(legendFormat);
  const legend = legendOf(format, element.metric, isOnly);
  const fields: Field[] = [
    {
      name: 'Time',
      type: FieldType.time,
      // Where points are further apart than this, lines have a gap.
      config: { interval: answered.step * 1000 },
      values: points.map(([time]) => time * 1000),
    },
    {
      name: name ?? 'Value',
      type: FieldType.number,
      labels,
      config: legend === undefined ? {} : { displayNameFromDS: legend },
      values: points.map(([, value]) => sampleValue(value)),
    },
  ];
  const meta = { ...metaOf(answered), type: DataFrameType.TimeSeriesMulti };
  return { refId, meta, fields, length: points.length };
}

/** Prometheus' answer in the shape in which panels and transformations read it. */
export function framesOf(elements: readonly Element[], answered: Answered): DataFrame[] {
  return answered.target.format === 'table'
    ? [table(elements, answered)]
    : elements.map((element) => series(element, answered, elements.length === 1));
}
