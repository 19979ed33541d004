import { describe, expect, test } from '@jest/globals';
import { findProblems, type Known } from '../../../preview/app/check/index.ts';
import type { PanelJson } from '../../../preview/app/model/dashboard-json.ts';

const known: Known = {
  panelTypes: ['stat', 'timeseries', 'table', 'bargauge', 'text'],
  transformations: ['filterByValue', 'groupingToMatrix', 'merge', 'organize', 'reduce', 'sortBy'],
  units: ['none', 'bytes', 'pps'],
  reducers: ['lastNotNull', 'max', 'sum'],
  fieldMatchers: ['byName', 'byFrameRefID', 'numeric'],
  colorModes: ['fixed', 'thresholds'],
};

const panel = (more: Partial<PanelJson> = {}): PanelJson => ({
  id: 1,
  type: 'timeseries',
  title: 'Traffic',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  targets: [{ refId: 'A', expr: 'up{cluster=~"$cluster"}' }],
  ...more,
});

/** What is said about a dashboard with this panel only; all of it must be about the panel. */
const about = (more: Partial<PanelJson>): string[] => {
  const list = [{ name: 'cluster', type: 'query', query: 'label_values(up, cluster)' }];
  const problems = findProblems({ uid: 'x', title: 'X', panels: [panel(more)], templating: { list } }, known);
  expect(problems.map((problem) => problem.panel)).toEqual(problems.map(() => 'Traffic'));
  return problems.map(({ message }) => message);
};

const override = (id: string, value?: unknown, matcher = { id: 'byName', options: 'a' }): Partial<PanelJson> => ({
  fieldConfig: { overrides: [{ matcher, properties: [{ id, value }] }] },
});
const transformed = (id: string, options: unknown): Partial<PanelJson> => ({ transformations: [{ id, options }] });

const thresholds = { mode: 'absolut', steps: [{ colour: 'red', value: 1 }] };

describe('fields and transformations', () => {
  test.each<[Partial<PanelJson>, ...string[]]>([
    [
      { fieldConfig: { defaults: { unit: 'byte', colour: {}, color: { mode: 'threshold' }, thresholds } } },
      'fieldConfig.defaults.unit: unit "byte" is unknown, did you mean "bytes"?',
      'fieldConfig.defaults.colour: option "colour" is unknown, did you mean "color"?',
      'fieldConfig.defaults.color.mode: color mode "threshold" is unknown, did you mean "thresholds"?',
      'fieldConfig.defaults.thresholds.mode: value "absolut" is unknown, did you mean "absolute"?',
      'fieldConfig.defaults.thresholds.steps[0].colour: option "colour" is unknown, did you mean "color"?',
    ],
    [
      { fieldConfig: { defaults: { unit: 'sufix:flows' } } },
      'fieldConfig.defaults.unit: kind of unit "sufix" is unknown, did you mean "suffix"?',
    ],
    [
      { fieldConfig: { defaults: { custom: { lineWith: 1, stacking: { mod: 'none' } } } } },
      'fieldConfig.defaults.custom.lineWith: option "lineWith" is unknown, did you mean "lineWidth"?',
      'fieldConfig.defaults.custom.stacking.mod: option "mod" is unknown, did you mean "mode"?',
    ],
    [
      { type: 'stat', fieldConfig: { defaults: { custom: { width: 1 } } } },
      'fieldConfig.defaults.custom.width: option "width" is unknown',
    ],
    [
      override('units', 'pps'),
      'fieldConfig.overrides[0].properties[0].id: property "units" is unknown, did you mean "unit"?',
    ],
    [
      override('unit', 'ppps'),
      'fieldConfig.overrides[0].properties[0].value: unit "ppps" is unknown, did you mean "pps"?',
    ],
    [
      { type: 'table', ...override('custom.widht', 1) },
      'fieldConfig.overrides[0].properties[0].id: property "custom.widht" is unknown, did you mean "custom.width"?',
    ],
    [
      { type: 'table', ...override('custom.cellOptions', { type: 'color-backgroud' }) },
      'fieldConfig.overrides[0].properties[0].value.type: value "color-backgroud" is unknown, did you mean "color-background"?',
    ],
    [
      override('unit', 'pps', { id: 'byname', options: 'a' }),
      'fieldConfig.overrides[0].matcher.id: matcher "byname" is unknown, did you mean "byName"?',
    ],
    [
      override('unit', 'pps', { id: 'byFrameRefID', options: 'B' }),
      'fieldConfig.overrides[0].matcher.options: query "B" does not exist, did you mean "A"?',
    ],
    [
      transformed('orgnize', {}),
      'transformations[0].id: transformation "orgnize" is unknown, did you mean "organize"?',
    ],
    [
      transformed('joinByLabels', {}),
      'transformations[0].id: transformation "joinByLabels" is not supported by the preview',
    ],
    [
      transformed('organize', { renamebyName: {} }),
      'transformations[0].options.renamebyName: option "renamebyName" is unknown, did you mean "renameByName"?',
    ],
    [
      transformed('groupingToMatrix', { emptyValue: 'zeros' }),
      'transformations[0].options.emptyValue: value "zeros" is unknown, did you mean "zero"?',
    ],
    [
      transformed('sortBy', { sort: [{ field: 'a', descending: true }] }),
      'transformations[0].options.sort[0].descending: option "descending" is unknown, expected one of desc, field, index',
    ],
    [
      transformed('reduce', { reducers: ['summ'], fields: { id: 'numberic' } }),
      'transformations[0].options.reducers[0]: reducer "summ" is unknown, did you mean "sum"?',
      'transformations[0].options.fields.id: matcher "numberic" is unknown, did you mean "numeric"?',
    ],
    [
      transformed('filterByValue', { filters: [{ fieldName: 'a', config: { id: 'grater' } }] }),
      'transformations[0].options.filters[0].config.id: value "grater" is unknown, did you mean "greater"?',
    ],
    [
      override('links', [{ title: '${__value.text}', url: '/d/x?${cluster:queryparm}&var-cluster=$__all' }]),
      'fieldConfig.overrides[0].properties[0].value[0].url: format "queryparm" of variable "cluster" is unknown, did you mean "queryparam"?',
    ],
  ])('%j', (more, ...messages) => {
    expect(about(more)).toEqual(messages);
  });

  test.each<Partial<PanelJson>>([
    { fieldConfig: { defaults: { unit: 'si: flows/s', custom: { stacking: { group: 'A', mode: 'normal' } } } } },
    { type: 'table', ...override('custom.footer.reducers', ['sum']) },
    { type: 'table', ...override('custom.cellOptions', { type: 'gauge', mode: 'lcd', valueDisplayMode: 'text' }) },
    transformed('merge', undefined),
    transformed('organize', { renameByName: { anything: 'else' }, indexByName: { anything: 0 } }),
  ])('%j is right', (more) => {
    expect(about(more)).toEqual([]);
  });
});
