import { DURATION, seconds } from '../promql/index.ts';
import { type Difference, differences, isSame } from './deep.ts';
import { type Fact, type Facts, type SectionName, SECTIONS } from './fact.ts';
import { thresholdChanges } from './thresholds.ts';

/** A field of something that changed. */
export interface FieldChange {
  /** Such as `threshold`, `for`, `labels.team` or `fieldConfig.defaults.unit`. */
  readonly field: string;
  /** Undefined where it was not there. */
  readonly before?: unknown;
  /** Undefined where it is gone. */
  readonly after?: unknown;
  /** Why whoever relies on it must act; undefined where nobody must. */
  readonly breaking?: string;
}

/** Something that was added, is gone, has another name, or changed. */
export interface Change {
  readonly section: SectionName;
  readonly name: string;
  readonly kind: 'added' | 'gone' | 'renamed' | 'changed';
  /** The new name of what was renamed. */
  readonly to?: string;
  /** Why whoever relies on it must act. */
  readonly breaking?: string;
  readonly fields: readonly FieldChange[];
}

/** Sections whose names others rely on: rules and dashboards of users, links, routes. */
const RELIED_ON: Readonly<Partial<Record<SectionName, string>>> = {
  records: 'whatever reads the record gets nothing',
  alerts: 'it does not fire any more, or under another name',
  dashboards: 'links to it lead nowhere',
  variables: 'links that set it have no effect',
};

/** Severities by weight. Of others, nobody knows which is higher. */
const WEIGHTS: Readonly<Record<string, number>> = { info: 1, warning: 2, critical: 3 };

/** The change of an expression: of its thresholds, if only those differ. */
function expressionChanges(before: string, after: string): readonly FieldChange[] {
  const thresholds = thresholdChanges(before, after);
  if (thresholds === undefined) return [{ field: 'expression', before, after }];
  // Only layout differs.
  if (thresholds.length === 0) return [];
  return thresholds.map((one) => ({
    field: 'threshold',
    before: one.before,
    after: one.after,
    ...(one.isLooser === true && { breaking: 'looser: it fires for less than before' }),
    ...(one.isLooser === undefined && {
      breaking: 'it may fire for less than before: the comparison is inside of another one',
    }),
  }));
}

function labelChanges(before: readonly string[], after: readonly string[]): readonly FieldChange[] {
  const gone = before.filter((label) => !after.includes(label));
  const added = after.filter((label) => !before.includes(label));
  return [
    ...gone.map((label) => ({ field: 'label', before: label, breaking: 'queries that name the label match nothing' })),
    ...added.map((label) => ({ field: 'label', after: label })),
  ];
}

const fieldOf = ({ path, before, after }: Difference): FieldChange => ({
  field: path.join('.'),
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

/** Labels of alerts are what routes match: one that is gone, or has another value. */
const isRouted = (section: SectionName, { path, before }: Difference): boolean =>
  section === 'alerts' && path[0] === 'labels' && before !== undefined;

const DURATIONS: ReadonlySet<string> = new Set(['for', 'keepFiringFor', 'interval']);

/** Whether two values are one duration, such as `120s` and `2m`. */
const isSameDuration = (field: string, ...values: readonly unknown[]): boolean =>
  DURATIONS.has(field) &&
  new Set(values.map((value) => (typeof value === 'string' && DURATION.test(value) ? seconds(value) : value))).size ===
    1;

/** The fields in which two facts of one name differ. */
function fieldsOf(section: SectionName, before: Fact, after: Fact): readonly FieldChange[] {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return all.flatMap((field): readonly FieldChange[] => {
    const [old, now] = [before[field], after[field]];
    if (field === 'expr' && typeof old === 'string' && typeof now === 'string') {
      return old === now ? [] : expressionChanges(old, now);
    }
    if (section === 'records' && field === 'labels')
      return labelChanges((old ?? []) as readonly string[], (now ?? []) as readonly string[]);
    if (isSameDuration(field, old, now)) return [];
    return differences(old, now, field === '' ? [] : [field]).map((one) => ({
      ...fieldOf(one),
      ...(isRouted(section, one) && { breaking: 'routes that match the label as it was do not any more' }),
    }));
  });
}

/** What tells that two things of different names are one: everything but texts. */
const bodyOf = ({ annotations: _annotations, description: _description, title: _title, ...body }: Fact): Fact => body;

/** Names that are gone, by the new name of the same thing. Only sections in which a rename breaks something are looked at. */
function renames(
  section: SectionName,
  gone: ReadonlyMap<string, Fact>,
  added: ReadonlyMap<string, Fact>,
): ReadonlyMap<string, string> {
  if (section !== 'records' && section !== 'alerts') return new Map();
  const free = new Map(added);
  const found = new Map<string, string>();
  for (const [name, fact] of gone) {
    const [to] = Array.from(free).find(([, other]) => isSame(bodyOf(fact), bodyOf(other))) ?? [];
    if (to === undefined) continue;
    found.set(name, to);
    free.delete(to);
  }
  return found;
}

const alertOf = (name: string): string => name.replace(/ \([^)]*\)(?: #\d+)?$/, '');
const severityOf = (name: string): string => /\(([^)]*)\)/.exec(name)?.[1] ?? '';

/** Why another name of an alert breaks something: a lower severity of the same alert, or another alert. */
function renameBreaks(section: SectionName, name: string, to: string): string | undefined {
  if (section !== 'alerts' || alertOf(name) !== alertOf(to)) return RELIED_ON[section];
  const [before, after] = [WEIGHTS[severityOf(name)], WEIGHTS[severityOf(to)]];
  if (before === undefined || after === undefined) return 'routes that match the severity as it was do not any more';
  return after < before ? 'lower severity' : undefined;
}

/** Tiers of one alert that have no counterpart, one on each side: the severity changed, whatever else did. */
function otherSeverity(gone: ReadonlyMap<string, Fact>, added: ReadonlyMap<string, Fact>): ReadonlyMap<string, string> {
  const pairs = [...gone.keys()].flatMap((name): readonly (readonly [string, string])[] => {
    const ofAlert = (names: Iterable<string>) => [...names].filter((other) => alertOf(other) === alertOf(name));
    const [to, ...more] = ofAlert(added.keys());
    return to !== undefined && more.length === 0 && ofAlert(gone.keys()).length === 1 ? [[name, to]] : [];
  });
  return new Map(pairs);
}

/** A section without some names. */
function others(facts: ReadonlyMap<string, Fact>, without: Iterable<string>): ReadonlyMap<string, Fact> {
  const names = new Set(without);
  return new Map([...facts].filter(([name]) => !names.has(name)));
}

function sectionChanges(
  section: SectionName,
  before: ReadonlyMap<string, Fact>,
  after: ReadonlyMap<string, Fact>,
): readonly Change[] {
  const gone = new Map([...before].filter(([name]) => !after.has(name)));
  const added = new Map([...after].filter(([name]) => !before.has(name)));
  const pairs = section === 'alerts' ? otherSeverity(gone, added) : new Map<string, string>();
  const renamed = new Map([...pairs, ...renames(section, others(gone, pairs.keys()), others(added, pairs.values()))]);
  const reason = RELIED_ON[section];
  const lost = [...others(gone, renamed.keys()).keys()].map((name): Change => {
    const isTier = section === 'alerts' && [...after.keys()].some((other) => alertOf(other) === alertOf(name));
    const why = isTier ? 'it does not fire at this severity any more' : reason;
    return { section, name, kind: 'gone', fields: [], ...(why !== undefined && { breaking: why }) };
  });
  const moved = [...renamed].map(([name, to]): Change => {
    const why = renameBreaks(section, name, to);
    const fields = fieldsOf(section, before.get(name) ?? {}, after.get(to) ?? {});
    return { section, name, kind: 'renamed', to, fields, ...(why !== undefined && { breaking: why }) };
  });
  const fresh = [...others(added, renamed.values()).keys()].map((name): Change => ({
    section,
    name,
    kind: 'added',
    fields: [],
  }));
  const changed = [...before].flatMap(([name, fact]): readonly Change[] => {
    const now = after.get(name);
    const fields = now === undefined ? [] : fieldsOf(section, fact, now);
    return fields.length === 0 ? [] : [{ section, name, kind: 'changed', fields }];
  });
  return [...lost, ...moved, ...changed, ...fresh];
}

/** What changed between two builds, by section: by rule, alert, panel and value, not by line. Empty where nothing did. */
export const compare = (before: Facts, after: Facts): readonly Change[] =>
  SECTIONS.flatMap((section) => sectionChanges(section, before[section], after[section]));

/** Whether whoever relies on something must act. */
export const isBreaking = ({ breaking, fields }: Change): boolean =>
  breaking !== undefined || fields.some((field) => field.breaking !== undefined);
