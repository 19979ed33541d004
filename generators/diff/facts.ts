import type { Bundle } from '../model/bundle.ts';
import { type Dashboard, type Variable, variableName } from '../model/dashboard.ts';
import { isRecording, type Rule } from '../model/rules.ts';
import { plain, type Tree } from '../model/tree.ts';
import type { WrittenGroup } from '../outputs/rule-groups.ts';
import { type Fact, type Facts, type NamedFact, type SectionName, sectionsOf, tierName } from './fact.ts';
import { plainDashboardFacts, plainRuleFacts } from './plain.ts';

/** A rule under its name, an alert under that of its tier. */
function ruleFact(rule: Rule, interval: string): NamedFact {
  if (isRecording(rule)) {
    const { record, labels, unit, expr } = rule;
    return ['records', record, { labels: labels.toSorted(), unit, interval, expr: expr.text }];
  }
  const { severity, ...labels } = rule.labels;
  return [
    'alerts',
    tierName(rule.alert, severity),
    {
      expr: rule.expr.text,
      for: rule.for,
      keepFiringFor: rule.keepFiringFor,
      interval,
      labels,
      annotations: rule.annotations,
    },
  ];
}

/** What is shown of a variable: text of its query, and its choices. */
const variableFact = (variable: Variable): Fact => {
  const { kind, ...rest } = variable;
  return { kind, ...(JSON.parse(JSON.stringify(rest)) as object) };
};

const withoutPlaces = (panel: object): Fact => {
  const {
    gridPos: _gridPos,
    id: _id,
    description: _description,
    targets: _targets,
    ...rest
  } = panel as Record<string, unknown>;
  return JSON.parse(JSON.stringify(rest)) as Fact;
};

const panelFacts = ({ uid, sections }: Dashboard): readonly (readonly [string, Fact])[] =>
  sections.flatMap(({ title: section = '', panels }) =>
    panels.map(({ key, width, height, panel }): readonly [string, Fact] => [
      `${uid}/${key}`,
      {
        section,
        width,
        height,
        description: panel.description,
        queries: panel.targets.map(({ expr, legend }) => ({ expr: expr.text, legend })),
        ...withoutPlaces(panel.build().build()),
        title: panel.title,
      },
    ]),
  );

const dashboardFacts = (dashboard: Dashboard): readonly NamedFact[] => {
  const { uid, title, description, tags, from, refresh, variables } = dashboard;
  if (dashboard.plain !== undefined) return plainDashboardFacts(dashboard.plain);
  return [
    ['dashboards', uid, { title, description, tags, from, refresh }],
    ...variables.map((one): NamedFact => ['variables', `${uid}/$${variableName(one)}`, variableFact(one)]),
    ...panelFacts(dashboard).map(([name, fact]): NamedFact => ['panels', name, fact]),
  ];
};

const trees = (section: SectionName, all: readonly (readonly [string, Tree])[]): readonly NamedFact[] =>
  all.map(([name, tree]) => [section, name, { '': plain(tree) }]);

/**
 * What is compared of a bundle: independent of how it is laid out in files.
 * @param files what is compared of the files that it is written to, by their paths: how they are packaged.
 */
export const factsOf = (bundle: Bundle, files: readonly (readonly [path: string, fact: Fact])[]): Facts =>
  sectionsOf([
    ...bundle.ruleFiles.flatMap(({ groups }) =>
      groups.flatMap((group) =>
        group.plain === undefined
          ? group.rules.map((rule) => ruleFact(rule, group.interval))
          : plainRuleFacts([plain(group.plain) as WrittenGroup]),
      ),
    ),
    ...bundle.dashboards.flatMap(dashboardFacts),
    ...trees(
      'values',
      [...bundle.helmValues, ...bundle.valuesWithRules].map(({ chart, values }) => [chart, values]),
    ),
    ...trees(
      'manifests',
      bundle.manifests.map(({ name, content }) => [name, content]),
    ),
    ...files.map(([path, fact]): NamedFact => ['files', path, fact]),
  ]);
