import { isDeepStrictEqual } from 'node:util';
import type { DashboardJson, PanelJson } from '../app/model/dashboard-json.ts';

/** What happened to the panels of a dashboard, by their titles. */
export interface PanelChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** With the names of the parts that differ, such as `targets`. */
  readonly changed: readonly { readonly title: string; readonly parts: readonly string[] }[];
  /** Those that only lie elsewhere or are of another size. */
  readonly moved: readonly string[];
}

/** What happened to a dashboard. */
export interface DashboardChanges {
  readonly uid: string;
  readonly title: string;
  readonly state: 'changed' | 'added' | 'removed' | 'unchanged';
  /** The parts beside the panels that differ, such as `templating`. */
  readonly parts: readonly string[];
  readonly panels: PanelChanges;
}

type Json = Readonly<Record<string, unknown>>;

const ORDER = ['changed', 'added', 'removed', 'unchanged'] as const;
const NO_CHANGES: PanelChanges = { added: [], removed: [], changed: [], moved: [] };

const nameOf = ({ title = '', type, id }: PanelJson): string => (title === '' ? `${type} ${id}` : title);

/** Names of the parts that differ, but for some, sorted. */
function partsThatDiffer(before: Json, after: Json, except: readonly string[]): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !except.includes(name) && !isDeepStrictEqual(before[name], after[name]))
    .toSorted();
}

/** Rows and panels in one list, those of collapsed rows too. */
function flatten(panels: readonly PanelJson[] = []): PanelJson[] {
  return panels.flatMap((panel) => [panel, ...flatten(panel.panels)]);
}

type Same = (one: PanelJson, other: PanelJson) => boolean;

// Ids may be numbers in order, which all change with a panel added in front; titles may be reworded, or occur twice.
const MATCHES: readonly Same[] = [
  (one, other) => one.id === other.id && nameOf(one) === nameOf(other),
  (one, other) => one.type === other.type && nameOf(one) === nameOf(other),
  (one, other) => one.id === other.id && one.type === other.type,
];

function comparePanels(before: DashboardJson, after: DashboardJson): PanelChanges {
  const old = new Set(flatten(before.panels));
  const fresh = new Set(flatten(after.panels));
  const pairs: [PanelJson, PanelJson][] = [];
  for (const same of MATCHES) {
    for (const panel of old) {
      const other = [...fresh].find((candidate) => same(panel, candidate));
      if (other === undefined) continue;
      pairs.push([panel, other]);
      old.delete(panel);
      fresh.delete(other);
    }
  }
  const compared = pairs.map(([one, other]) => ({
    title: nameOf(other),
    parts: partsThatDiffer(one, other, ['id', 'gridPos', 'panels']),
    moved: !isDeepStrictEqual(one.gridPos, other.gridPos),
  }));
  return {
    added: [...fresh].map(nameOf),
    removed: [...old].map(nameOf),
    changed: compared.filter(({ parts }) => parts.length > 0).map(({ title, parts }) => ({ title, parts })),
    moved: compared.filter(({ parts, moved }) => moved && parts.length === 0).map(({ title }) => title),
  };
}

function compareDashboard(before: DashboardJson, after: DashboardJson): DashboardChanges {
  const { uid, title } = after;
  const panels = comparePanels(before, after);
  // The version rises whenever anything else changes.
  const parts = partsThatDiffer(before, after, ['panels', 'version']);
  const isChanged = parts.length > 0 || Object.values(panels).some((list) => list.length > 0);
  return { uid, title, state: isChanged ? 'changed' : 'unchanged', parts, panels };
}

function alone(state: 'added' | 'removed', { uid, title }: DashboardJson): DashboardChanges {
  return { uid, title, state, parts: [], panels: NO_CHANGES };
}

/** What happened to each dashboard between two builds, matched by uid: changed ones first, then by title. */
export function compareDashboards(
  before: readonly DashboardJson[],
  after: readonly DashboardJson[],
): DashboardChanges[] {
  const old = new Map(before.map((dashboard) => [dashboard.uid, dashboard]));
  const kept = new Set(after.map(({ uid }) => uid));
  const changes = [
    ...after.map((dashboard) => {
      const earlier = old.get(dashboard.uid);
      return earlier === undefined ? alone('added', dashboard) : compareDashboard(earlier, dashboard);
    }),
    ...before.filter(({ uid }) => !kept.has(uid)).map((dashboard) => alone('removed', dashboard)),
  ];
  return changes.toSorted(
    (one, other) =>
      ORDER.indexOf(one.state) - ORDER.indexOf(other.state) ||
      (one.title < other.title ? -1 : Number(one.title > other.title)),
  );
}
