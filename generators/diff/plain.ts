import type { WrittenGroup } from '../outputs/rule-groups.ts';
import { isMapping } from '../settings/section.ts';
import { type NamedFact, tierName } from './fact.ts';

/**
 * Facts of rule groups as a file holds them: with the labels that a record sets, and what a group says beside its rules.
 * @param prefix stands before each name, such as the path of the file.
 */
export const plainRuleFacts = (groups: readonly WrittenGroup[], prefix = ''): readonly NamedFact[] =>
  groups.flatMap(({ rules, interval = '', ...group }) =>
    rules.map(({ record, alert = '', expr, labels = {}, annotations = {}, ...rule }): NamedFact => {
      if (record !== undefined) return ['records', `${prefix}${record}`, { expr, interval, group, set: labels }];
      const { severity = '', ...others } = labels;
      const times = { for: rule.for ?? '0s', keepFiringFor: rule.keep_firing_for ?? '0s' };
      return [
        'alerts',
        tierName(`${prefix}${alert}`, severity),
        { expr, ...times, interval, group, labels: others, annotations },
      ];
    }),
  );

type Json = Readonly<Record<string, unknown>>;

const listAt = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isMapping) : []);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Panels with those of closed rows. */
const panelsOf = (json: Json): readonly Json[] =>
  listAt(json['panels']).flatMap((panel) => [panel, ...panelsOf(panel)]);

/** Whether a document is a dashboard in Grafana's classic model. */
export const isDashboard = (document: unknown): document is Json =>
  isMapping(document) && typeof document['uid'] === 'string' && Array.isArray(document['panels']);

/** What counts builds or places panels: it says nothing of what changed. */
const COUNTED: ReadonlySet<string> = new Set(['version', 'id', 'gridPos', 'panels', 'templating']);

const without = (json: Json): Json => Object.fromEntries(Object.entries(json).filter(([key]) => !COUNTED.has(key)));

/**
 * Facts of a dashboard in Grafana's classic model.
 * @param prefix stands before each name, such as the path of the file.
 */
export function plainDashboardFacts(json: Json, prefix = ''): readonly NamedFact[] {
  const name = `${prefix}${textOf(json['uid'])}`;
  const { templating } = json;
  const variables = isMapping(templating) ? listAt(templating['list']) : [];
  return [
    ['dashboards', name, without(json)],
    ...variables.map((one): NamedFact => ['variables', `${name}/$${textOf(one['name'])}`, one]),
    // A number would change with the place: titles are what people know panels by.
    ...panelsOf(json).map((one): NamedFact => {
      const { id: _id, gridPos: _gridPos, panels: _panels, ...fact } = one;
      return ['panels', `${name}/${textOf(one['title']) || textOf(one['id'])}`, fact];
    }),
  ];
}
