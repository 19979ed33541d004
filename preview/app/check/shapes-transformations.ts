import type { DataTopic, DataTransformerConfig } from '@grafana/schema';
import { each, FIELD_MATCHER, keysOf, oneOf, REDUCER, type Shape } from './shape.ts';

const values = (...names: string[]): Shape => ({ values: names });
const keys = (inner: Readonly<Record<string, Shape>>): { keys: Readonly<Record<string, Shape>> } => ({ keys: inner });

const FIELD_MATCH = keys({ id: FIELD_MATCHER, options: true, scope: true });

const NAMES = keys({ names: true, pattern: true, variable: true });

/** `ValueMatcherID` of @grafana/data. */
const VALUE_MATCHER: Shape = {
  values: [
    'between',
    'equal',
    'greater',
    'greaterOrEqual',
    'isNotNull',
    'isNull',
    'lower',
    'lowerOrEqual',
    'notEqual',
    'notSubstring',
    'regex',
    'substring',
  ],
};

const OPERAND = keys({ fixed: true, matcher: keys({ id: FIELD_MATCHER, options: true }) });

const EMPTY = values('true', 'false', 'null', 'empty', 'zero');

const ORDER = {
  indexByName: true,
  orderByMode: values('manual', 'auto'),
  orderBy: keys({ type: values('name', 'label'), name: true, desc: true }),
} as const;

const RENAME = { renameByName: true } as const;

const WINDOW = keys({
  field: true,
  reducer: REDUCER,
  windowAlignment: values('trailing', 'centered'),
  windowSize: true,
  windowSizeMode: values('percentage', 'fixed'),
});

const GROUPED = each(keys({ aggregations: REDUCER, operation: values('aggregate', 'groupby') }));

/**
 * The `options` of a transformation, by its id: the option types of @grafana/data 13.2, which belong to no schema. Of transformations that are
 * not listed the options are not checked.
 */
export const TRANSFORMATION_OPTIONS: Readonly<Record<string, Shape>> = {
  calculateField: keys({
    alias: true,
    binary: keys({ left: OPERAND, operator: values('+', '-', '*', '/'), reducer: true, right: OPERAND }),
    cumulative: keys({ field: true, reducer: REDUCER }),
    index: keys({ asPercentile: true }),
    mode: values('reduceRow', 'cumulativeFunctions', 'windowFunctions', 'binary', 'unary', 'index'),
    reduce: keys({ include: true, nullValueMode: true, reducer: REDUCER }),
    replaceFields: true,
    timeSeries: true,
    unary: keys({ fieldName: true, operator: true }),
    window: WINDOW,
  }),
  concatenate: keys({ frameNameLabel: true, frameNameMode: values('drop', 'field', 'label') }),
  convertFieldType: keys({
    conversions: keys({
      dateFormat: true,
      destinationType: values('time', 'number', 'string', 'boolean', 'enum', 'other'),
      enumConfig: true,
      joinWith: true,
      targetField: true,
      timezone: true,
    }),
    // Grafana saves it, though nothing reads it.
    fields: true,
  }),
  filterByRefId: keys({ exclude: true, include: true }),
  filterByValue: keys({
    filters: keys({ config: keys({ id: VALUE_MATCHER, options: true }), fieldName: true }),
    match: values('all', 'any'),
    type: values('include', 'exclude'),
  }),
  filterFields: keys({ exclude: FIELD_MATCH, include: FIELD_MATCH }),
  filterFieldsByName: keys({ byVariable: true, exclude: NAMES, include: NAMES }),
  formatString: keys({ outputFormat: true, stringField: true, substringEnd: true, substringStart: true }),
  formatTime: keys({ outputFormat: true, timeField: true, timezone: true, useTimezone: true }),
  groupBy: keys({ fields: GROUPED }),
  groupingToMatrix: keys({ columnField: true, emptyValue: EMPTY, rowField: true, valueField: true }),
  groupToNestedTable: keys({ expandAllRows: true, fields: GROUPED, rules: true, showSubframeHeaders: true }),
  histogram: keys({ bucketCount: true, bucketOffset: true, bucketSize: true, combine: true, fields: true }),
  joinByField: keys({ byField: true, mode: values('outer', 'inner', 'outerTabular') }),
  labelsToFields: keys({ keepLabels: true, mode: values('columns', 'rows'), valueLabel: true }),
  limit: keys({ limitField: true }),
  merge: keys({}),
  order: keys(ORDER),
  organize: keys({ ...ORDER, ...RENAME, excludeByName: true, includeByName: true }),
  reduce: keys({
    fields: FIELD_MATCH,
    includeTimeField: true,
    labelsToFields: true,
    mode: values('seriesToRows', 'reduceFields'),
    reducers: REDUCER,
  }),
  rename: keys(RENAME),
  renameByRegex: keys({ regex: true, renamePattern: true }),
  seriesToRows: keys({}),
  // Grafana saves `fields`, though nothing reads it.
  sortBy: keys({ fields: true, sort: keys({ desc: true, field: true, index: true }) }),
  transpose: keys({ emptyValue: EMPTY, firstFieldName: true, restFieldsName: true }),
};

/** A step of `transformations` but for what is in its options; frames are matched by the ids of `FrameMatcherID` of @grafana/data. */
export const TRANSFORMATION = keysOf<DataTransformerConfig>({
  disabled: true,
  filter: keys({ id: values('byName', 'byRefId', 'byIndex'), options: true, scope: true }),
  id: true,
  options: true,
  topic: oneOf<DataTopic>({ alertStates: true, annotations: true, series: true }),
});
