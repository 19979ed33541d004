import type { Bundle } from '../model/bundle.ts';
import { type Dashboard, type PlacedPanel, type Variable, variableName } from '../model/dashboard.ts';
import { isRecording, type AlertingRule, type RecordingRule, type Rule } from '../model/rules.ts';
import { asWritten, type Query } from '../promql/index.ts';
import { readsOf } from '../promql/reads.ts';
import { isMapping } from '../settings/section.ts';

/** A rule and its place. */
export interface Placed<R extends Rule> {
  readonly rule: R;
  /** Name of the rule file, such as `azimuth-identity`. */
  readonly file: string;
  readonly group: string;
  /** How often the group is evaluated; empty where the ruler decides. */
  readonly interval: string;
}

/** A panel with the name by which it is asked for: the dashboard's uid, a slash and its key. */
export interface NamedPanel {
  readonly name: string;
  readonly dashboard: Dashboard;
  readonly placed: PlacedPanel;
}

/** Who reads a record or a metric: names of recording rules, alerts, panels (`uid/key`) and variables of dashboards (`uid/$name`). */
export interface Readers {
  readonly records: readonly string[];
  readonly alerts: readonly string[];
  readonly panels: readonly string[];
  readonly variables: readonly string[];
}

/** What reads what in a bundle. */
export interface Graph {
  /** Recording rules by record: several write one where sources differ. */
  readonly records: ReadonlyMap<string, readonly Placed<RecordingRule>[]>;
  /** Alerting rules by alert: one for each tier. */
  readonly alerts: ReadonlyMap<string, readonly Placed<AlertingRule>[]>;
  readonly panels: ReadonlyMap<string, NamedPanel>;
  /** Names of metrics that something reads and no rule records. */
  readonly metrics: ReadonlySet<string>;
  /** Records and metrics that queries read, in their order. */
  readonly readBy: (queries: readonly Query[]) => readonly string[];
  readonly readersOf: (name: string) => Readers;
}

function byName<T>(items: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const [name, item] of items) found.set(name, [...(found.get(name) ?? []), item]);
  return found;
}

/** The query of a variable; none where its values are fixed. */
function queryOf(variable: Variable): readonly Query[] {
  if (variable.kind === 'query') return [variable.query.selector];
  return variable.kind === 'largest' ? [variable.query.expr] : [];
}

/** Queries of a panel: ours, or those in the JSON of a dashboard of the user's own. */
export function queriesOf({ dashboard, placed }: NamedPanel): readonly Query[] {
  if (dashboard.plain === undefined) return placed.panel.targets.map(({ expr }) => expr);
  const { targets } = placed.panel.build().build() as { readonly targets?: unknown };
  const exprs = Array.isArray(targets)
    ? targets.map((target: unknown) => (isMapping(target) ? target['expr'] : undefined))
    : [];
  return exprs.flatMap((expr) => (typeof expr === 'string' ? [asWritten(expr)] : []));
}

/** A pattern that is no regular expression for JavaScript matches nothing: PromQL has its own dialect. */
function matching(pattern: string, names: Iterable<string>): readonly string[] {
  try {
    const whole = new RegExp(`^(?:${pattern})$`);
    return [...names].filter((name) => whole.test(name));
  } catch {
    return [];
  }
}

/** Names that a pattern spells out, such as `a|b`. */
const spelled = (pattern: string): readonly string[] =>
  /^[\w:]+(?:\|[\w:]+)*$/.test(pattern) ? pattern.split('|') : [];

/** Finds out what reads what in a bundle. */
export function graphOf(bundle: Bundle): Graph {
  const placed = bundle.ruleFiles.flatMap(({ name: file, groups }) =>
    groups.flatMap(({ name: group, interval, rules }) => rules.map((rule) => ({ rule, file, group, interval }))),
  );
  const records = byName(
    placed.flatMap(({ rule, ...place }) => (isRecording(rule) ? [[rule.record, { rule, ...place }] as const] : [])),
  );
  const alerts = byName(
    placed.flatMap(({ rule, ...place }) => (isRecording(rule) ? [] : [[rule.alert, { rule, ...place }] as const])),
  );
  const panels = new Map(
    bundle.dashboards.flatMap((dashboard) =>
      dashboard.sections.flatMap((section) =>
        section.panels.map((one) => {
          const name = `${dashboard.uid}/${one.key}`;
          return [name, { name, dashboard, placed: one }] as const;
        }),
      ),
    ),
  );
  const readBy = (queries: readonly Query[]): readonly string[] => [
    ...new Set(
      queries.flatMap(({ text }) => {
        const { names, patterns } = readsOf(text);
        return [...names, ...patterns.flatMap((one) => [...spelled(one), ...matching(one, records.keys())])];
      }),
    ),
  ];
  const readings = [
    ...placed.map(({ rule }) => {
      const [kind, name] = isRecording(rule) ? (['records', rule.record] as const) : (['alerts', rule.alert] as const);
      return { kind, name, reads: readBy([rule.expr]) };
    }),
    ...[...panels.values()].map((panel) => ({
      kind: 'panels' as const,
      name: panel.name,
      reads: readBy(queriesOf(panel)),
    })),
    ...bundle.dashboards.flatMap(({ uid, variables }) =>
      variables.map((variable) => ({
        kind: 'variables' as const,
        name: `${uid}/$${variableName(variable)}`,
        reads: readBy(queryOf(variable)),
      })),
    ),
  ];
  const readers = byName(readings.flatMap((one) => one.reads.map((name) => [name, one] as const)));
  return {
    records,
    alerts,
    panels,
    metrics: new Set([...readers.keys()].filter((name) => !records.has(name))),
    readBy,
    readersOf: (read) => {
      const of = (wanted: keyof Readers): readonly string[] => [
        ...new Set((readers.get(read) ?? []).flatMap(({ kind, name }) => (kind === wanted ? [name] : []))),
      ];
      return { records: of('records'), alerts: of('alerts'), panels: of('panels'), variables: of('variables') };
    },
  };
}
