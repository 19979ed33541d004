import { defaultsOf, namedSchema, type Catalogue } from '../config/schema.ts';
import { DOMAINS, type Config } from '../registry.ts';
import { sourceLabels } from '../traffic/index.ts';
import { allFlowSources, readingsOf } from './readings.ts';

/** The names that a configuration may refer to: those of every alert, dashboard and panel under the default configuration. */
export function makeCatalogue(): Catalogue {
  const defaults = defaultsOf(namedSchema({ alerts: {}, dashboards: {} })) as Config;
  const readings = readingsOf(defaults);
  const panels = DOMAINS.flatMap((domain) =>
    domain.dashboards.map((uid): readonly [string, readonly string[]] => {
      const dashboard = domain.bind(defaults, readings).dashboard(uid);
      const sections = dashboard === undefined || 'reason' in dashboard ? [] : dashboard.sections;
      return [uid, sections.flatMap((section) => section.panels.map(({ key }) => key))];
    }),
  );
  return {
    alerts: Object.fromEntries(
      DOMAINS.flatMap(({ alerts }) => alerts.map(({ alert, ...traits }) => [alert, traits] as const)),
    ),
    dashboards: Object.fromEntries(panels),
    // `inf` and `nan` are numbers to PromQL; names that begin with two underscores are Prometheus' own.
    labels: [
      'inf',
      'nan',
      '__*',
      ...DOMAINS.flatMap(({ labels }) => labels),
      ...allFlowSources(defaults).flatMap(sourceLabels),
    ],
  };
}
