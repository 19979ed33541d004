import type { Bundle } from '../model/bundle.ts';
import type { Dashboard, Variable } from '../model/dashboard.ts';
import { isRecording, type Rule } from '../model/rules.ts';
import { plain, type Tree } from '../model/tree.ts';

/** Sections of a comparison, in the order in which people read them. */
export const SECTIONS = [
  'alerts',
  'records',
  'dashboards',
  'variables',
  'panels',
  'values',
  'manifests',
  'files',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** What is known of one thing, by field. */
export type Fact = Readonly<Record<string, unknown>>;

/** Everything that is compared, by section and name. */
export type Facts = Readonly<Record<SectionName, ReadonlyMap<string, Fact>>>;

/** Entries under names; of several with one name, the later ones get a number. */
export function numbered(entries: readonly (readonly [string, Fact])[]): ReadonlyMap<string, Fact> {
  const seen = new Map<string, number>();
  return new Map(
    entries.map(([name, fact]) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [count === 1 ? name : `${name} #${count}`, fact];
    }),
  );
}

/** A rule under its name; an alert also under its severity, as its tiers have one name. */
function ruleFact(rule: Rule, interval: string): readonly [SectionName, string, Fact] {
  if (isRecording(rule)) {
    const { record, labels, unit, expr } = rule;
    return ['records', record, { labels: labels.toSorted(), unit, interval, expr: expr.text }];
  }
  // Alerts of the user's own may have none.
  const { severity, ...labels }: Readonly<Record<string, string>> = rule.labels;
  return [
    'alerts',
    `${rule.alert} (${severity === undefined || severity === '' ? 'no severity' : severity})`,
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

const variableName = (variable: Variable): string => ('name' in variable ? variable.name : variable.kind);

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

const trees = (all: readonly (readonly [string, Tree])[]): ReadonlyMap<string, Fact> =>
  numbered(all.map(([name, tree]) => [name, { '': plain(tree) }]));

/**
 * What is compared of a bundle: independent of files and of how they are laid out.
 * @param files paths of the files that it is written to.
 */
export function factsOf(bundle: Bundle, files: readonly string[]): Facts {
  const rules = bundle.ruleFiles.flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules.map((rule) => ruleFact(rule, group.interval))),
  );
  const ofRules = (wanted: SectionName) =>
    numbered(rules.flatMap(([section, name, fact]) => (section === wanted ? [[name, fact] as const] : [])));
  return {
    alerts: ofRules('alerts'),
    records: ofRules('records'),
    dashboards: new Map(
      bundle.dashboards.map(({ uid, title, description, tags, from, refresh }) => [
        uid,
        { title, description, tags, from, refresh },
      ]),
    ),
    variables: numbered(
      bundle.dashboards.flatMap(({ uid, variables }) =>
        variables.map((variable) => [`${uid}/$${variableName(variable)}`, variableFact(variable)] as const),
      ),
    ),
    panels: numbered(bundle.dashboards.flatMap(panelFacts)),
    values: trees([...bundle.helmValues, ...bundle.valuesWithRules].map(({ chart, values }) => [chart, values])),
    manifests: trees(bundle.manifests.map(({ name, content }) => [name, content])),
    files: new Map(files.map((path) => [path, {}])),
  };
}
