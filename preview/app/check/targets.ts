import type { PanelJson, TargetJson } from '../model/dashboard-json.ts';
import { at, type Finding, isObject, unknownName } from './finding.ts';
import type { Known } from './known.ts';
import { findingsOf, type Shape } from './shape.ts';

/** A query of Grafana's Prometheus data source, as its editor saves it; no published type has it. */
const TARGET: Shape = {
  keys: {
    adhocFilters: true,
    datasource: true,
    disableTextWrap: true,
    editorMode: true,
    exemplar: true,
    expr: true,
    format: true,
    fullMetaSearch: true,
    hide: true,
    includeNullMetadata: true,
    instant: true,
    interval: true,
    intervalFactor: true,
    key: true,
    legendFormat: true,
    queryType: true,
    range: true,
    refId: true,
    useBackend: true,
  },
};

const FORMATS = ['time_series', 'table'];

/** The preview asks Prometheus, whatever the data source. */
function datasourceFindings(datasource: unknown, place: string): Finding[] {
  const type = isObject(datasource) ? datasource['type'] : undefined;
  if (type === undefined || type === 'prometheus') return [];
  return [
    {
      place,
      message: `data source type ${JSON.stringify(type)} is not supported by the preview, expected "prometheus"`,
    },
  ];
}

function targetFindings(target: TargetJson, place: string, known: Known): Finding[] {
  const isMissing = target.hide !== true && (typeof target.expr !== 'string' || target.expr.trim() === '');
  return [
    ...findingsOf(target, TARGET, place, known),
    ...(isMissing ? [{ place: at(place, 'expr'), message: `query "${target.refId}" has no expression` }] : []),
    ...(target.format === undefined ? [] : unknownName(at(place, 'format'), 'format', target.format, FORMATS)),
    ...(target['exemplar'] === true
      ? [{ place: at(place, 'exemplar'), message: '"exemplar" is not drawn by the preview' }]
      : []),
    ...datasourceFindings(target['datasource'], at(place, 'datasource.type')),
  ];
}

/** Queries that ask nothing, of an unknown format, or that share a name. */
export function queryFindings(panel: PanelJson, known: Known): Finding[] {
  const targets = panel.targets ?? [];
  const repeated = targets.flatMap(({ refId }, index) =>
    targets.findIndex((other) => other.refId === refId) < index
      ? [{ place: at(at('targets', index), 'refId'), message: `refId "${refId}" is taken by another query` }]
      : [],
  );
  return [
    ...datasourceFindings(panel['datasource'], 'datasource.type'),
    ...targets.flatMap((target, index) => targetFindings(target, at('targets', index), known)),
    ...repeated,
  ];
}
