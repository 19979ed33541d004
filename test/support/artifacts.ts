import { load } from 'js-yaml';
import type { Artifact } from '../../generators/index.ts';

/** A rule as rule files hold it. */
export interface RuleData {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Rule groups as rule files hold them. */
export interface GroupsData {
  readonly groups: readonly { readonly name: string; readonly interval: string; readonly rules: readonly RuleData[] }[];
}

/** A dashboard's JSON, as far as tests read it. */
export interface DashboardData {
  readonly uid: string;
  readonly version: number;
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
  }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string; readonly query: unknown }[];
  };
}

/** The data of every YAML file of a kind, by path. */
export const yamlOf = (artifacts: readonly Artifact[], kind: Artifact['kind']): ReadonlyMap<string, unknown> =>
  new Map(artifacts.filter((artifact) => artifact.kind === kind).map(({ path, text }) => [path, load(text)]));

/** Every rule of the rule files. */
export const rulesOf = (artifacts: readonly Artifact[]): readonly RuleData[] =>
  [...yamlOf(artifacts, 'rules').values()].flatMap((data) => (data as GroupsData).groups.flatMap(({ rules }) => rules));

/** Every dashboard. */
export const dashboardsOf = (artifacts: readonly Artifact[]): readonly DashboardData[] =>
  artifacts.filter(({ kind }) => kind === 'dashboard').map(({ text }) => JSON.parse(text) as DashboardData);

/** What a query variable asks: `label_values(<selector>, <label>)`. */
export function variablesOf({
  templating,
}: DashboardData): readonly { readonly selector: string; readonly label: string }[] {
  return templating.list.flatMap(({ definition }) => {
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(definition ?? '') ?? [];
    return selector === undefined || label === undefined ? [] : [{ selector, label }];
  });
}

/** Every query of every rule, panel and variable, as the files hold it. */
export const queriesOf = (artifacts: readonly Artifact[]): readonly string[] => [
  ...rulesOf(artifacts).map(({ expr }) => expr),
  ...dashboardsOf(artifacts).flatMap((dashboard) => [
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...variablesOf(dashboard).map(({ selector }) => selector),
  ]),
];
