import type { Dashboard, PlacedPanel } from '../model/dashboard.ts';
import {
  type AlertingRule,
  isRecording,
  type RecordingRule,
  type Rule,
  type RuleFile,
  ruleName,
} from '../model/rules.ts';
import { nearestNames, ProblemError, show } from '../schema/problems.ts';

/** Rules and dashboards: what `transform` may change. */
export interface Parts {
  readonly ruleFiles: readonly RuleFile[];
  readonly dashboards: readonly Dashboard[];
}

/** Where an added rule goes. */
export interface RulePlace {
  /** A rule file; `own` by default. */
  readonly file?: string;
  /** A rule group; `azimuth-own` by default. */
  readonly group?: string;
}

/** Where an added panel goes: behind a panel of that key, or at the end. */
export interface PanelPlace {
  readonly after?: string;
}

type Kind = 'record' | 'alert';

const isKind = (rule: Rule, kind: Kind): boolean => isRecording(rule) === (kind === 'record');

const fail = (message: string): ProblemError => new ProblemError('transform', [{ path: '', message }]);

const unknown = (what: string, name: string, known: readonly string[]): ProblemError => {
  const near = nearestNames(name, known);
  return fail(
    `there is no ${what} ${show(name)}${near.length > 0 ? `, did you mean ${near.join(', ')}?` : '; azimuth list has their names'}`,
  );
};

/**
 * Changes rules and dashboards by their names. A name that is not there is an error, with the nearest one: what a change was meant for may have
 * another name in a new version.
 */
export class Editor {
  #files: readonly RuleFile[];
  #dashboards: readonly Dashboard[];
  readonly #interval: string;

  /** @param interval the interval of new rule groups, a Prometheus duration. */
  constructor({ ruleFiles, dashboards }: Parts, interval: string) {
    this.#files = ruleFiles;
    this.#dashboards = dashboards;
    this.#interval = interval;
  }

  /** The parts as they are now. */
  get parts(): Parts {
    return { ruleFiles: this.#files, dashboards: this.#dashboards };
  }

  #rules(kind: Kind): readonly string[] {
    const rules = this.#files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
    return rules.filter((rule) => isKind(rule, kind)).map(ruleName);
  }

  #eachRule(kind: Kind, name: string, change: (rule: Rule) => readonly Rule[]): void {
    const known = this.#rules(kind);
    if (!known.includes(name)) throw unknown(kind, name, known);
    this.#files = this.#files.map((file) => ({
      ...file,
      groups: file.groups.map((group) => {
        const isHere = group.rules.some((rule) => isKind(rule, kind) && ruleName(rule) === name);
        if (!isHere) return group;
        const { plain, ...rest } = group;
        if (plain !== undefined) throw fail(`${name} stands in a rule file of your own: change it there`);
        const rules = group.rules.flatMap((rule) =>
          isKind(rule, kind) && ruleName(rule) === name ? change(rule) : [rule],
        );
        return { ...rest, rules };
      }),
    }));
    // A group needs a rule, and a file a group.
    this.#files = this.#files
      .map((file) => ({ ...file, groups: file.groups.filter(({ rules }) => rules.length > 0) }))
      .filter(({ groups }) => groups.length > 0);
  }

  #addRule(rule: Rule, { file = 'own', group = 'azimuth-own' }: RulePlace): void {
    const kind = isRecording(rule) ? 'record' : 'alert';
    const name = ruleName(rule);
    const isTaken = kind === 'record' && this.#rules(kind).includes(name);
    if (isTaken) throw fail(`the record ${name} is there already: change it, or choose another name`);
    const added = { name: group, interval: this.#interval, rules: [rule] };
    const found = this.#files.find((one) => one.name === file);
    if (found === undefined) {
      const header = 'Rules that "transform" of the configuration adds.';
      this.#files = [...this.#files, { name: file, header, groups: [added] }];
      return;
    }
    const hasGroup = found.groups.some((one) => one.name === group);
    const groups = hasGroup
      ? found.groups.map((one) => (one.name === group ? { ...one, rules: [...one.rules, rule] } : one))
      : [...found.groups, added];
    this.#files = this.#files.map((one) => (one === found ? { ...one, groups } : one));
  }

  /** Changes a recording rule. @example edit.changeRecord('node:x:sum', (rule) => ({ ...rule, comment: 'mine' })) */
  changeRecord(name: string, change: (rule: RecordingRule) => RecordingRule): void {
    this.#eachRule('record', name, (rule) => (isRecording(rule) ? [change(rule)] : [rule]));
  }

  /** Removes a recording rule. What reads it gets nothing then. */
  removeRecord(name: string): void {
    this.#eachRule('record', name, () => []);
  }

  /** Adds a recording rule. */
  addRecord(rule: RecordingRule, place: RulePlace = {}): void {
    this.#addRule(rule, place);
  }

  /** Changes every tier of an alert. @example edit.changeAlert('CoreDNSDown', (rule) => ({ ...rule, for: '10m' })) */
  changeAlert(name: string, change: (rule: AlertingRule) => AlertingRule): void {
    this.#eachRule('alert', name, (rule) => (isRecording(rule) ? [rule] : [change(rule)]));
  }

  /** Removes an alert with all of its tiers. */
  removeAlert(name: string): void {
    this.#eachRule('alert', name, () => []);
  }

  /** Adds an alerting rule. */
  addAlert(rule: AlertingRule, place: RulePlace = {}): void {
    this.#addRule(rule, place);
  }

  #eachPanel(name: string, change: (panel: PlacedPanel) => readonly PlacedPanel[]): void {
    const [uid = '', ...keys] = name.split('/');
    const key = keys.join('/');
    const all = this.#dashboards.flatMap((one) =>
      one.sections.flatMap(({ panels }) => panels.map((placed) => `${one.uid}/${placed.key}`)),
    );
    if (!all.includes(name)) throw unknown('panel', name, all);
    this.changeDashboard(uid, (one) => {
      if (one.plain !== undefined) throw fail(`${name} stands in a dashboard of your own: change it there`);
      return {
        ...one,
        sections: one.sections.map((section) => ({
          ...section,
          panels: section.panels.flatMap((placed) => (placed.key === key ? change(placed) : [placed])),
        })),
      };
    });
  }

  /** Changes a panel, by the dashboard's uid and its key. @example edit.changePanel('zone-cost/month', (panel) => withUnit(panel, 'currencyEUR')) */
  changePanel(name: string, change: (panel: PlacedPanel) => PlacedPanel): void {
    this.#eachPanel(name, (placed) => [change(placed)]);
  }

  /** Removes a panel, by the dashboard's uid and its key. */
  removePanel(name: string): void {
    this.#eachPanel(name, () => []);
  }

  /** Adds a panel to a dashboard. */
  addPanel(uid: string, placed: PlacedPanel, { after }: PanelPlace = {}): void {
    this.changeDashboard(uid, (one) => {
      const keys = one.sections.flatMap(({ panels }) => panels.map(({ key }) => key));
      if (keys.includes(placed.key)) throw fail(`${uid} has a panel of the key ${show(placed.key)} already`);
      if (after === undefined) return { ...one, sections: [...one.sections, { panels: [placed] }] };
      if (!keys.includes(after))
        throw unknown(
          'panel',
          `${uid}/${after}`,
          keys.map((key) => `${uid}/${key}`),
        );
      const sections = one.sections.map((section) => ({
        ...section,
        panels: section.panels.flatMap((other) => (other.key === after ? [other, placed] : [other])),
      }));
      return { ...one, sections };
    });
  }

  /** Changes a dashboard. @example edit.changeDashboard('zone-cost', (one) => ({ ...one, tags: [...one.tags, 'finops'] })) */
  changeDashboard(uid: string, change: (dashboard: Dashboard) => Dashboard): void {
    const known = this.#dashboards.map((one) => one.uid);
    if (!known.includes(uid)) throw unknown('dashboard', uid, known);
    this.#dashboards = this.#dashboards.map((one) => (one.uid === uid ? change(one) : one));
  }

  /** Removes a dashboard. */
  removeDashboard(uid: string): void {
    this.changeDashboard(uid, (one) => one);
    this.#dashboards = this.#dashboards.filter((one) => one.uid !== uid);
  }

  /** Adds a dashboard. */
  addDashboard(added: Dashboard): void {
    if (this.#dashboards.some(({ uid }) => uid === added.uid))
      throw fail(`there is a dashboard ${show(added.uid)} already`);
    this.#dashboards = [...this.#dashboards, added];
  }
}
