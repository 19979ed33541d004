import { type AlertingRule, isRecording, type Rule, type RuleFile, type RuleGroup } from '../model/rules.ts';
import { noneOf, oneOf, promql, type Query, within } from '../promql/index.ts';

/** The rules of one cluster. */
export interface ClusterRules {
  /** Its value of the cluster label. */
  readonly cluster: string;
  readonly ruleFiles: readonly RuleFile[];
}

const isAlert = (rule: Rule): rule is AlertingRule => !isRecording(rule);

const rulesOf = (files: readonly RuleFile[]): readonly Rule[] =>
  files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));

/** The tiers of each alert, by its name. */
function alertsOf(files: readonly RuleFile[]): ReadonlyMap<string, readonly AlertingRule[]> {
  const alerts = new Map<string, AlertingRule[]>();
  for (const rule of rulesOf(files).filter(isAlert)) {
    const tiers = alerts.get(rule.alert);
    if (tiers === undefined) alerts.set(rule.alert, [rule]);
    else tiers.push(rule);
  }
  return alerts;
}

const asText = (value: unknown): string =>
  JSON.stringify(value, (key, part: unknown) => (key === 'comment' ? undefined : part));

/** All of a rule but its query. */
const frameOf = ({ expr: _expr, ...frame }: AlertingRule): string => asText(frame);

/** A tier of an alert as some clusters have it, which differs from every common one. */
interface Variant {
  readonly clusters: readonly string[];
  readonly tier: AlertingRule;
}

/** The tiers that clusters have and the common settings have not, each with its clusters. */
function variantsOf(common: ReadonlySet<string>, clusters: readonly Tiers[]): readonly Variant[] {
  const variants = new Map<string, { clusters: string[]; tier: AlertingRule }>();
  for (const { cluster, tiers } of clusters) {
    for (const tier of tiers) {
      const text = asText(tier);
      if (common.has(text)) continue;
      const variant = variants.get(text) ?? { clusters: [], tier };
      variant.clusters.push(cluster);
      variants.set(text, variant);
    }
  }
  return [...variants.values()];
}

/** The tiers of one alert in a cluster; none where it is off. */
interface Tiers {
  readonly cluster: string;
  readonly tiers: readonly AlertingRule[];
}

/** The rules of an alert: those of all clusters that change at most its query, and those of the others. */
interface Split {
  readonly usual: readonly AlertingRule[];
  readonly others: readonly AlertingRule[];
}

const commented = (rule: AlertingRule, expr: Query, comment: string): AlertingRule => ({
  ...rule,
  expr,
  comment: rule.comment === '' ? comment : `${rule.comment}\n${comment}`,
});

/** A common tier, for the clusters that have it as it is, and with the queries of those that change no more than that. */
function commonTier(
  label: string,
  rule: AlertingRule,
  variants: readonly Variant[],
  clusters: readonly Tiers[],
): AlertingRule {
  const text = asText(rule);
  const differing = clusters
    .filter(({ tiers }) => !tiers.some((tier) => asText(tier) === text))
    .map(({ cluster }) => cluster);
  if (differing.length === 0) return rule;
  // Another threshold is a part of the query: one rule, as rulers and people expect an alert once.
  const alike = variants.filter(({ tier }) => frameOf(tier) === frameOf(rule));
  const expr = alike.reduce(
    (all, { tier, clusters: names }) => promql`${all} or ${within(tier.expr, { [label]: oneOf(names) })}`,
    within(rule.expr, { [label]: noneOf(differing) }),
  );
  const changed = alike.flatMap((variant) => variant.clusters);
  const without = differing.filter((name) => !changed.includes(name));
  const sentences = [
    ...(changed.length === 0 ? [] : [`Limits of their own: ${changed.join(', ')}.`]),
    ...(without.length === 0 ? [] : [`Not for ${without.join(', ')}.`]),
  ];
  return commented(rule, expr, sentences.join(' '));
}

function split(label: string, common: readonly AlertingRule[], clusters: readonly Tiers[]): Split {
  const texts = new Set(common.map(asText));
  const frames = new Set(common.map(frameOf));
  const variants = variantsOf(texts, clusters);
  // The label tells rules of one name apart, which linters ask for; each alert has it anyway.
  const others = variants
    .filter(({ tier }) => !frames.has(frameOf(tier)))
    .flatMap(({ clusters: names, tier }) =>
      names.map((name) =>
        commented(
          { ...tier, labels: { ...tier.labels, [label]: name } },
          within(tier.expr, { [label]: name }),
          `For ${name} alone.`,
        ),
      ),
    );
  return { usual: common.map((rule) => commonTier(label, rule, variants, clusters)), others };
}

interface Known {
  readonly cluster: string;
  readonly alerts: ReadonlyMap<string, readonly AlertingRule[]>;
}

/** Rules of a group; rulers are made for this many. Upstream: mixtool. */
const MAX_RULES = 20;

/** Longest name of a group that the checks take, with room for what is added to it. */
const MAX_NAME = 28;

/** Groups beside one, for alerts of single clusters: alerts depend on no order, and a group has a limited number of rules. */
const groupsBeside = (group: RuleGroup, rules: readonly Rule[]): readonly RuleGroup[] =>
  Array.from({ length: Math.ceil(rules.length / MAX_RULES) }, (_, index) => ({
    ...group,
    name: `${group.name.slice(0, MAX_NAME)}-clusters-${index + 1}`,
    rules: rules.slice(index * MAX_RULES, (index + 1) * MAX_RULES),
  }));

/** The group with its alerts for most clusters, and groups with those of the others. */
function splitGroup(group: RuleGroup, splitOf: (alert: string) => Split): readonly RuleGroup[] {
  const names = new Set(group.rules.filter(isAlert).map(({ alert }) => alert));
  const splits = new Map([...names].map((alert) => [alert, splitOf(alert)]));
  const done = new Set<string>();
  const rules = group.rules.flatMap((rule): readonly Rule[] => {
    if (isRecording(rule)) return [rule];
    if (done.has(rule.alert)) return [];
    done.add(rule.alert);
    return splits.get(rule.alert)?.usual ?? [];
  });
  return [
    ...(rules.length === 0 ? [] : [{ ...group, rules }]),
    ...groupsBeside(
      group,
      [...splits.values()].flatMap(({ others }) => others),
    ),
  ];
}

/** The alerts that only some clusters have, by the file and group that they stand in there. */
function missingAlerts(
  common: ReadonlyMap<string, unknown>,
  clusters: readonly ClusterRules[],
): readonly { readonly file: RuleFile; readonly group: RuleGroup; readonly alerts: ReadonlySet<string> }[] {
  const places = new Map<string, { file: RuleFile; group: RuleGroup; alerts: Set<string> }>();
  const seen = new Set<string>();
  const all = clusters.flatMap(({ ruleFiles }) =>
    ruleFiles.flatMap((file) => file.groups.map((group) => ({ file, group }))),
  );
  for (const { file, group } of all) {
    const missing = group.rules.filter(isAlert).filter(({ alert }) => !common.has(alert) && !seen.has(alert));
    if (missing.length === 0) continue;
    const key = `${file.name}/${group.name}`;
    const place = places.get(key) ?? { file, group, alerts: new Set<string>() };
    places.set(key, place);
    for (const { alert } of missing) {
      place.alerts.add(alert);
      seen.add(alert);
    }
  }
  return [...places.values()];
}

/**
 * Rules for one ruler that evaluates all clusters: the records of the common settings, and each alert as each cluster wants it. An alert that a
 * cluster changes is written once more, with selectors that read this cluster alone; the common one leaves it out.
 * @param label the cluster label.
 */
export function sharedRules(
  label: string,
  common: readonly RuleFile[],
  clusters: readonly ClusterRules[],
): readonly RuleFile[] {
  const usual = alertsOf(common);
  // Most clusters of a large fleet have the same rules, as the same object.
  const byFiles = new Map<readonly RuleFile[], ReadonlyMap<string, readonly AlertingRule[]>>([[common, usual]]);
  const known = clusters.map(({ cluster, ruleFiles }): Known => {
    const alerts = byFiles.get(ruleFiles) ?? alertsOf(ruleFiles);
    byFiles.set(ruleFiles, alerts);
    return { cluster, alerts };
  });
  const changed = known.filter(({ alerts }) => alerts !== usual);
  const splitOf = (alert: string): Split => {
    const tiers = usual.get(alert) ?? [];
    return split(
      label,
      tiers,
      changed.map(({ cluster, alerts }) => ({ cluster, tiers: alerts.get(alert) ?? [] })),
    );
  };
  const files = common.map((file) => ({ ...file, groups: file.groups.flatMap((group) => splitGroup(group, splitOf)) }));
  const missing = missingAlerts(
    usual,
    clusters.filter(({ ruleFiles }) => ruleFiles !== common),
  );
  return missing.reduce<readonly RuleFile[]>((all, { file, group, alerts }) => {
    // After the groups beside it that are there already, so with names of their own.
    const rules = [...alerts].flatMap((alert) => splitOf(alert).others);
    const added = groupsBeside({ ...group, name: `${group.name.slice(0, MAX_NAME - 4)}-own` }, rules);
    return all.some(({ name }) => name === file.name)
      ? all.map((one) => (one.name === file.name ? { ...one, groups: [...one.groups, ...added] } : one))
      : [...all, { ...file, groups: added }];
  }, files);
}

/** What the rules of a cluster ask of a shared ruler that it does not evaluate. */
export interface Unshared {
  /** Records that its alerts read, or its settings make, and the common settings do not. */
  readonly missing: readonly string[];
  /** Records whose query is another. */
  readonly other: readonly string[];
}

/** Compares the records of a cluster's settings with the common ones, which the shared ruler evaluates. */
export function unsharedRecords(common: readonly RuleFile[], ruleFiles: readonly RuleFile[]): Unshared {
  if (ruleFiles === common) return { missing: [], other: [] };
  const usual = new Map(
    rulesOf(common)
      .filter(isRecording)
      .map(({ record, expr }) => [record, expr.text]),
  );
  const records = rulesOf(ruleFiles).filter(isRecording);
  return {
    missing: records.map(({ record }) => record).filter((record) => !usual.has(record)),
    other: records
      .filter(({ record, expr }) => usual.has(record) && usual.get(record) !== expr.text)
      .map(({ record }) => record),
  };
}
