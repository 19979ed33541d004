import type { PanelJson } from '../model/dashboard-json.ts';
import { at, type Finding, unknownName } from './finding.ts';
import type { Known } from './known.ts';
import { findingsOf } from './shape.ts';
import { TRANSFORMATION, TRANSFORMATION_OPTIONS } from './shapes-transformations.ts';

/** Those that Grafana has and does not publish: `DataTransformerID` of @grafana/data but for what that package registers. */
const NOT_PUBLISHED: ReadonlySet<string> = new Set([
  'configFromData',
  'extractFields',
  'fieldLookup',
  'heatmap',
  'joinByLabels',
  'partitionByValues',
  'prepareTimeSeries',
  'regression',
  'rowsToFields',
  'smoothing',
  'spatial',
  'timeSeriesTable',
]);

function idFindings(id: string, place: string, known: readonly string[]): Finding[] {
  if (known.includes(id) || !NOT_PUBLISHED.has(id)) return unknownName(place, 'transformation', id, known);
  return [{ place, message: `transformation "${id}" is not supported by the preview` }];
}

/** Transformations that do not exist, and options that they do not have. */
export const transformationFindings = (panel: PanelJson, known: Known): Finding[] =>
  (panel.transformations ?? []).flatMap((transformation, index) => {
    const place = at('transformations', index);
    return [
      ...findingsOf(transformation, TRANSFORMATION, place, known),
      ...idFindings(transformation.id, at(place, 'id'), known.transformations),
      ...findingsOf(
        transformation.options,
        TRANSFORMATION_OPTIONS[transformation.id] ?? true,
        at(place, 'options'),
        known,
      ),
    ];
  });
