import { type Problem, show } from '../schema/problems.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { isRecording, ruleName, type RuleFile } from '../model/rules.ts';
import { syntaxProblem, type Query } from '../promql/index.ts';

/** Limits of mixtool: 20 rules per group, 40 characters per group name. */
const MAX_RULES = 20;
const MAX_GROUP_NAME = 40;

/** Why a query is no PromQL, with the position in it. */
export function queryProblems(path: string, query: Query): Problem[] {
  const found = syntaxProblem(query.text);
  if (found === undefined) return [];
  const { line, column, excerpt } = found;
  return [{ path, message: `not PromQL at line ${line}, column ${column}\n${excerpt.replaceAll(/^/gm, '  ')}` }];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function ruleProblems({ name: file, groups }: RuleFile): Problem[] {
  return groups.flatMap(({ name, rules, plain }) => {
    const path = `${file}/${name}`;
    // How users cut their own rules is up to them.
    const isOwn = plain !== undefined;
    const size = !isOwn && rules.length > MAX_RULES ? [`${rules.length} rules, expected at most ${MAX_RULES}`] : [];
    const length = !isOwn && name.length > MAX_GROUP_NAME ? [`name longer than ${MAX_GROUP_NAME} characters`] : [];
    const twice = repeated(rules.filter(isRecording).map(({ record }) => record)).map(
      (record) => `${record} recorded twice`,
    );
    return [
      ...[...size, ...length, ...twice].map((message) => ({ path, message })),
      ...rules.flatMap((rule) => queryProblems(`${path}/${ruleName(rule)}`, rule.expr)),
    ];
  });
}

function dashboardProblems({ uid, sections, variables }: Dashboard): Problem[] {
  const panels = sections.flatMap((section) => section.panels);
  return [
    ...repeated(panels.map(({ key }) => key)).map((key) => ({ path: uid, message: `panel key ${key} used twice` })),
    ...panels.flatMap(({ key, panel }) => panel.targets.flatMap(({ expr }) => queryProblems(`${uid}/${key}`, expr))),
    ...variables.flatMap((variable) =>
      variable.kind === 'query' ? queryProblems(`${uid}/$${variable.name}`, variable.query.selector) : [],
    ),
  ];
}

/** Grafana provisions neither of two dashboards with the same title in a folder, and stops updating the whole provider (seen with 12.4). */
const titleProblems = (dashboards: readonly Dashboard[]): Problem[] =>
  repeated(dashboards.map(({ title }) => title)).map((title) => ({
    path: dashboards
      .filter((dashboard) => dashboard.title === title)
      .map(({ uid }) => `dashboards.${uid}.title`)
      .join(', '),
    message: `got ${show(title)} for each, expected a title of its own`,
  }));

/** Problems because of which Prometheus or Grafana would reject rules or dashboards, with the rule or panel and the position in its query. */
export const bundleProblems = ({ ruleFiles, dashboards }: Bundle): readonly Problem[] => [
  ...ruleFiles.flatMap(ruleProblems),
  ...dashboards.flatMap(dashboardProblems),
  ...titleProblems(dashboards),
];
