import type { DashboardJson } from '../model/dashboard-json.ts';
import { parseDuration, parseTime } from '../model/time-range.ts';
import { at, type Finding, isObject } from './finding.ts';
import type { Known } from './known.ts';
import { referenceFindings } from './references.ts';
import { findingsOf } from './shape.ts';
import { DASHBOARD } from './shapes-panel.ts';
import { variableFindings } from './variables.ts';

function refused(place: string, parse: () => unknown): Finding[] {
  try {
    parse();
    return [];
  } catch (error) {
    return [{ place, message: (error as Error).message }];
  }
}

function timeFindings({ time, refresh }: DashboardJson): Finding[] {
  return [
    ...(['from', 'to'] as const).flatMap((end) =>
      refused(at('time', end), () => time && parseTime(time[end], 0, end === 'to')),
    ),
    ...refused('refresh', () => refresh !== undefined && refresh !== '' && parseDuration(refresh)),
  ];
}

/** Links to an address that have none. */
const linkFindings = ({ links = [] }: DashboardJson): Finding[] =>
  links.flatMap(({ type, url, title }, index) =>
    type === 'link' && (url === undefined || url === '')
      ? [{ place: at(at('links', index), 'url'), message: `link "${title}" has no address` }]
      : [],
  );

/** Annotations that the preview does not draw: those without a query of Prometheus. Grafana's own is in every dashboard that it saved. */
function annotationFindings({ annotations }: DashboardJson): Finding[] {
  const list = isObject(annotations) && Array.isArray(annotations['list']) ? (annotations['list'] as unknown[]) : [];
  return list.flatMap((annotation, index) =>
    isObject(annotation) &&
    annotation['enable'] !== false &&
    annotation['builtIn'] !== 1 &&
    typeof annotation['expr'] !== 'string'
      ? [
          {
            place: at('annotations.list', index),
            message: `annotation "${String(annotation['name'])}" is not drawn by the preview`,
          },
        ]
      : [],
  );
}

/** What is wrong with a dashboard besides its panels. */
export const dashboardFindings = (dashboard: DashboardJson, known: Known, names: ReadonlySet<string>): Finding[] => [
  ...findingsOf(dashboard, DASHBOARD, '', known),
  ...timeFindings(dashboard),
  ...linkFindings(dashboard),
  ...referenceFindings(dashboard.links, 'links', names),
  ...annotationFindings(dashboard),
  ...variableFindings(dashboard.templating?.list ?? [], names),
];
