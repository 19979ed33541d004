import { MARK } from '../model/artifact.ts';
import type { Dashboard, PlacedPanel } from '../model/dashboard.ts';
import { CLASSIC_DASHBOARD } from '../outputs/classic.ts';
import { messageOf, type Problem, show } from '../schema/problems.ts';
import { schemaProblems } from '../schema/validator.ts';
import { isMapping } from '../settings/section.ts';

/** A dashboard in Grafana's classic model; the schema has seen it. */
interface Written {
  readonly uid: string;
  readonly title: string;
  readonly description?: unknown;
  readonly panels: readonly { readonly title?: unknown; readonly panels?: Written['panels'] }[];
}

/** Panels with those of closed rows. */
const panelsOf = ({ panels }: Pick<Written, 'panels'>): Written['panels'] =>
  panels.flatMap((panel) => [panel, ...(panel.panels === undefined ? [] : panelsOf({ panels: panel.panels }))]);

/** What lists show of a panel. What is written is the JSON of the user. */
const placed = (panel: Written['panels'][number], index: number): PlacedPanel => ({
  key: String(index + 1),
  width: 0,
  height: 0,
  panel: {
    title: typeof panel.title === 'string' ? panel.title : '',
    description: '',
    targets: [],
    build: () => ({ build: () => panel as { type: string } }),
  },
});

/**
 * A dashboard of the user's own, as Grafana exports it ("for internal use", classic).
 * @param from the path that the file has in the configuration, for the mark of generated files.
 * @returns the dashboard, or what is wrong in it.
 */
export function ownDashboard(
  from: string,
  text: string,
): { readonly dashboard?: Dashboard; readonly problems: readonly Problem[] } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { problems: [{ path: '', message: `not JSON: ${messageOf(error)}` }] };
  }
  if (isMapping(data) && '__inputs' in data) {
    const message =
      'is an export for sharing, whose data sources are asked for at an import by hand; export it for use in the same Grafana';
    return { problems: [{ path: '__inputs', message }] };
  }
  if (isMapping(data) && !('uid' in data)) {
    return {
      problems: [
        {
          path: 'uid',
          message: 'missing, expected a name of its own such as "team-overview", by which Grafana and links know it',
        },
      ],
    };
  }
  const problems = schemaProblems(CLASSIC_DASHBOARD, data);
  if (problems.length > 0) return { problems };
  const written = data as Written;
  if (written.panels.some((panel) => !isMapping(panel))) {
    return { problems: [{ path: 'panels', message: `got ${show(written.panels)}, expected a list of panels` }] };
  }
  const about = typeof written.description === 'string' && written.description !== '' ? `${written.description} ` : '';
  const description = `${about}${MARK} from ${from}; do not edit.`;
  return {
    problems: [],
    dashboard: {
      uid: written.uid,
      title: written.title,
      description,
      tags: [],
      from: '',
      refresh: '',
      variables: [],
      sections: [{ panels: panelsOf(written).map(placed) }],
      plain: { ...(data as Readonly<Record<string, unknown>>), id: null, description },
    },
  };
}
