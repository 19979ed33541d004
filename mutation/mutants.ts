import { createHash } from 'node:crypto';
import type { RecordLabels } from './labels.ts';
import { applied, durationOf, type Edit, editsOf, type ExpressionKind, secondsOf } from './operators.ts';
import { nameOf, type Rule } from './rules.ts';

/** Kinds of mutations of a rule. */
export type Kind = ExpressionKind | 'for' | 'keep_firing_for';

/** A rule with one change. */
export interface Mutated {
  /** What was changed where, the same in every configuration that has this place: see `Mutant`. */
  readonly id: string;
  readonly kind: Kind;
  /** The line of the expression, with the change marked as `{{from -> to}}`. */
  readonly place: string;
  readonly original: Rule;
  readonly rule: Rule;
}

/**
 * One change at one place of the rules. Configurations share the code that writes their rules, so the same line in the same rule of
 * several configurations, units or windows is one place: a test that notices the change in any of them protects it.
 */
export interface Mutant {
  readonly id: string;
  /** The record, or the alert and its severity. */
  readonly name: string;
  readonly isAlert: boolean;
  readonly kind: Kind;
  readonly place: string;
  /** The change in each distinct rule that has the place. */
  readonly variants: readonly Mutated[];
}

const MINUTE = 60;
const SHOWN = 60;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

/** The lines that an edit touches, as one, with the edit marked. */
function placeOf(expr: string, { from, to, text }: Edit): string {
  const start = expr.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = expr.indexOf('\n', to);
  const end = lineEnd === -1 ? expr.length : lineEnd;
  const change = [expr.slice(from, to), text].map((part) => shortened(oneLine(part)));
  return oneLine(`${expr.slice(start, from)}{{${change.join(' -> ')}}}${expr.slice(to, end)}`).trim();
}

/**
 * The part of a name that depends on the unit and the window of a configuration: the same code writes these rules for bytes, packets and
 * flows, for rates over 5 and over 10 minutes.
 */
const UNIT = /(?<=network_)(?:bytes|packets|flows)(?=_|:|\b)|(?<=rate)\d+[smh]\b/g;
const regardless = (text: string): string => text.replaceAll(UNIT, '*');

/** Waits that are a minute longer and shorter; rules are evaluated every minute. */
function waits(rule: Rule, key: 'for' | 'keep_firing_for'): { place: string; rule: Rule }[] {
  const seconds = secondsOf(rule[key] ?? '0s') ?? 0;
  return [seconds - MINUTE, seconds + MINUTE]
    .filter((changed) => changed >= 0)
    .map((changed) => ({
      place: `${key}: {{${durationOf(seconds)} -> ${durationOf(changed)}}}`,
      rule: { ...rule, [key]: durationOf(changed) },
    }));
}

/** Every mutation of one rule. */
export function mutationsOf(original: Rule, records: RecordLabels): readonly Mutated[] {
  const found: Omit<Mutated, 'id'>[] = editsOf(original.expr, records).map((edit) => ({
    kind: edit.kind,
    place: placeOf(original.expr, edit),
    original,
    rule: { ...original, expr: applied(original.expr, edit) },
  }));
  if (original.alert !== undefined)
    for (const key of ['for', 'keep_firing_for'] as const)
      found.push(...waits(original, key).map((change) => ({ kind: key, original, ...change })));
  const times = new Map<string, number>();
  return found.map((mutated) => {
    const base = regardless(`${nameOf(original)} | ${mutated.kind} | ${mutated.place}`);
    const count = (times.get(base) ?? 0) + 1;
    times.set(base, count);
    // Equal lines of one expression are told apart by their order.
    return { ...mutated, id: count === 1 ? base : `${base} #${count}` };
  });
}

/** Joins the mutations of all rules to mutants, in the order of their rules. */
export function mutantsOf(mutations: readonly Mutated[]): readonly Mutant[] {
  const byId = new Map<string, Mutated[]>();
  for (const mutated of mutations) {
    const variants = byId.get(mutated.id);
    if (variants === undefined) byId.set(mutated.id, [mutated]);
    else variants.push(mutated);
  }
  return [...byId].flatMap(([id, variants]) => {
    const [first] = variants;
    if (first === undefined) return [];
    const { kind, place, original } = first;
    return [{ id, kind, place, name: nameOf(original), isAlert: original.alert !== undefined, variants }];
  });
}

/** A short hash of texts. */
export const hashOf = (...texts: readonly string[]): string =>
  createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);

/** So many mutants, chosen by hash: a change of one rule does not change which mutants of others are chosen. */
export function sampleOf(mutants: readonly Mutant[], size: number, seed: number): readonly Mutant[] {
  const ranked = mutants.map((mutant) => ({ mutant, rank: hashOf(String(seed), mutant.id) }));
  const chosen = new Set(
    ranked
      .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
      .slice(0, size)
      .map(({ mutant }) => mutant),
  );
  return mutants.filter((mutant) => chosen.has(mutant));
}
