import type { PanelJson } from '../model/dashboard-json.ts';
import { type Finding, isObject, unknownName } from './finding.ts';
import type { Known } from './known.ts';
import { findingsOf } from './shape.ts';
import { OPTIONS } from './shapes-options.ts';
import { PANEL, ROW } from './shapes-panel.ts';

/** What Grafana does with a panel and the preview does not. */
const NOT_DRAWN = ['repeat', 'libraryPanel', 'alert', 'timeFrom', 'timeShift', 'timeCompare'];

/** Grafana's own panel types, as far as they draw data; the preview draws some of them. */
const OF_GRAFANA: ReadonlySet<string> = new Set([
  'barchart',
  'bargauge',
  'candlestick',
  'canvas',
  'gauge',
  'geomap',
  'heatmap',
  'histogram',
  'logs',
  'nodeGraph',
  'piechart',
  'stat',
  'state-timeline',
  'status-history',
  'table',
  'text',
  'timeseries',
  'trend',
  'xychart',
]);

function typeFindings(type: string, drawn: readonly string[]): Finding[] {
  if (drawn.includes(type) || !OF_GRAFANA.has(type)) return unknownName('type', 'panel type', type, drawn);
  return [{ place: 'type', message: `panel type "${type}" is not drawn by the preview` }];
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '' && value !== false;

/** `footer` of a table's options, which Grafana 12.2 moved to the fields. */
function footerFindings({ type, options }: PanelJson): Finding[] {
  const footer = options?.['footer'];
  if (type !== 'table' || !isObject(footer) || footer['show'] !== true) return [];
  return [
    {
      place: 'options.footer',
      message:
        'option "footer" is how tables had a footer before Grafana 12.2, expected fieldConfig.defaults.custom.footer',
    },
  ];
}

/** Panels of unknown types, and keys and options that their type does not have or the preview does not draw. */
export function panelFindings(panel: PanelJson, known: Known): Finding[] {
  const notDrawn = NOT_DRAWN.filter((key) => isSet(panel[key])).map((key) => ({
    place: key,
    message: `"${key}" is not drawn by the preview`,
  }));
  const { alert: _, ...rest } = panel;
  if (panel.type === 'row') return [...findingsOf(rest, ROW, '', known), ...notDrawn];
  return [
    ...typeFindings(panel.type, known.panelTypes),
    ...findingsOf(rest, PANEL, '', known),
    ...notDrawn,
    ...findingsOf(panel.options, OPTIONS[panel.type] ?? true, 'options', known),
    ...footerFindings(panel),
  ];
}
