import { basename } from 'node:path';
import type { Catalogue } from '../config/schema.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Extra, OwnRuleFile } from '../model/extra.ts';
import { isRecording, ruleName, type RuleFile } from '../model/rules.ts';
import { type Problem, ProblemError, show } from '../schema/problems.ts';
import { ownDashboard } from './dashboards.ts';
import { ownRules } from './rules.ts';

/** Texts of files by their paths. */
export type Texts = Readonly<Record<string, string>>;

/** Own rule files begin with this, so that none of ours has its name. */
const PREFIX = 'extra-';

/** Names of Kubernetes objects and of keys in charts. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The name of a rule file without what rule files end in. */
const stemOf = (path: string): string => basename(path).replace(/(\.rules?)?\.(ya?ml|json)$/, '');

const below = (file: string, problems: readonly Problem[]): readonly Problem[] =>
  problems.map(({ path, message }) => ({ path: path === '' ? file : `${file} ${path}`, message }));

/** Names that stand twice, with the file of the second. */
function repeated(names: readonly (readonly [name: string, file: string])[], what: string): readonly Problem[] {
  const seen = new Map<string, string>();
  return names.flatMap(([name, file]): readonly Problem[] => {
    const other = seen.get(name);
    seen.set(name, file);
    return other === undefined ? [] : [{ path: file, message: `has the ${what} ${show(name)} of ${other} too` }];
  });
}

const ruleNames = (files: readonly OwnRuleFile[]) =>
  files.flatMap(({ from, groups }) =>
    groups.flatMap(({ rules }) =>
      rules.map((rule) => ({ path: from, name: ruleName(rule), isRecord: isRecording(rule) })),
    ),
  );

/** Names of ours that own files have: two rules of one name are one series, or one alert, to everybody. */
function takenNames(
  rules: readonly OwnRuleFile[],
  dashboards: readonly (readonly [uid: string, path: string])[],
  catalogue: Catalogue,
): readonly Problem[] {
  const alerts = ruleNames(rules).filter(({ name, isRecord }) => !isRecord && Object.hasOwn(catalogue.alerts, name));
  const taken = dashboards.filter(([uid]) => Object.hasOwn(catalogue.dashboards, uid));
  return [
    ...alerts.map(({ path, name }) => ({
      path,
      message: `has the alert ${name}, which is one of Azimuth; choose another name, or change that one under alerts.${name}`,
    })),
    ...taken.map(([uid, path]) => ({
      path,
      message: `has the uid ${show(uid)} of a dashboard of Azimuth; choose another, or change that one under dashboards.${uid}`,
    })),
  ];
}

/**
 * Reads rule files and dashboards of the user's own.
 * @param file the configuration that names them, for messages.
 * @param rules texts of Prometheus rule files, and
 * @param dashboards texts of dashboards in Grafana's classic JSON, by their paths.
 * @throws ProblemError with all problems: syntax, shape, PromQL, names that stand twice or are ours.
 * @example extraOf('azimuth.yaml', { 'own/slo.yaml': text }, {}, makeCatalogue())
 */
export function extraOf(file: string, rules: Texts, dashboards: Texts, catalogue: Catalogue): Extra {
  const problems: Problem[] = [];
  const ruleFiles = Object.entries(rules).flatMap(([path, text]) => {
    const stem = stemOf(path);
    if (!NAME.test(stem)) {
      const expected = 'a name of lower-case letters, digits and dashes: Kubernetes objects are named after it';
      problems.push({ path, message: `got ${show(basename(path))}, expected ${expected}` });
    }
    const own = ownRules(`${PREFIX}${stem}`, path, text);
    problems.push(...below(path, own.problems));
    return own.file ?? [];
  });
  const boards = Object.entries(dashboards).flatMap(([path, text]) => {
    const own = ownDashboard(path, text);
    problems.push(...below(path, own.problems));
    return own.dashboard === undefined ? [] : [{ path, dashboard: own.dashboard }];
  });
  const uids = boards.map(({ path, dashboard }) => [dashboard.uid, path] as const);
  problems.push(
    ...repeated(
      Object.keys(rules).map((path) => [stemOf(path), path] as const),
      'name',
    ),
    ...repeated(uids, 'uid'),
    ...takenNames(ruleFiles, uids, catalogue),
  );
  if (problems.length > 0) throw new ProblemError(file, problems);
  return { ruleFiles, dashboards: boards.map(({ dashboard }) => dashboard) };
}

/** @throws ProblemError for own records that a configuration records as well. */
export function requireOwnNames({ ruleFiles }: Bundle, extra: Extra): void {
  if (extra.ruleFiles.length === 0) return;
  const own = new Set<RuleFile>(extra.ruleFiles);
  const ours = new Set(
    ruleFiles
      .filter((file) => !own.has(file))
      .flatMap(({ groups }) => groups.flatMap((group) => group.rules.filter(isRecording).map(({ record }) => record))),
  );
  const problems = ruleNames(extra.ruleFiles)
    .filter(({ name, isRecord }) => isRecord && ours.has(name))
    .map(({ path, name }) => ({ path, message: `records ${name}, which is a record of Azimuth; choose another name` }));
  if (problems.length > 0) throw new ProblemError('extra.rules', problems);
}
