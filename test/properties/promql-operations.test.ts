import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { promql, Query, selector } from '../../generators/promql/index.ts';
import { isOperation } from '../../generators/promql/query.ts';
import { isOperationByGrammar, meaningOf } from '../support/promql.ts';

const OPERATORS = ['+', '-', '*', '/', '%', '^', '==', '> bool', '<=', 'and', 'or', 'unless', 'atan2', '* on (x)'];

/**
 * Any expression as text, operations without the parentheses that would protect them. Shifted selectors stand in brackets, as the
 * grammar of the editor, unlike Prometheus, lets "offset" reach over a whole operation before it.
 */
const { expression } = fc.letrec<{ readonly expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b:c', '2.5', '(a offset 5m)', 'sum(a @ 100)', 'rate(a[5m:1m])', 'time()'),
    fc
      .string({ unit: fc.constantFrom('"', '\\', '}', ' or ', '-', 'x', '😀') })
      .map((value) => selector('a', { x: value }).text),
    fc.tuple(tie('expression'), fc.constantFrom(...OPERATORS), tie('expression')).map((parts) => parts.join(' ')),
    tie('expression').map((inner) => `-${inner}`),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `sum by (x, y) (\n  ${inner}\n)`),
    tie('expression').map((inner) => `topk(5, ${inner}) without (z)`),
    tie('expression').map((inner) => `label_replace(${inner}, "x", "a or -(b", "y", "(.*)")`),
  ),
}));

/** Templates beside the same query with every value in parentheses of its own. */
const TEMPLATES: readonly (readonly [(a: Query, b: Query) => Query, (a: string, b: string) => string])[] = [
  [(a) => promql`${a}`, (a) => a],
  [(a, b) => promql`${a} * ${b}`, (a, b) => `(${a}) * (${b})`],
  [(a, b) => promql`${a}^${b}`, (a, b) => `(${a}) ^ (${b})`],
  [(a, b) => promql`${a} - ${b} - ${a}`, (a, b) => `(${a}) - (${b}) - (${a})`],
  [(a) => promql`c - -${a}`, (a) => `c - -(${a})`],
  [(a, b) => promql`${a} or ${b} and ${a}`, (a, b) => `(${a}) or (${b}) and (${a})`],
  [(a, b) => promql`${a} > bool on (x) group_left () ${b}`, (a, b) => `(${a}) > bool on (x) group_left () (${b})`],
  [(a, b) => promql`sum(${a}) / sum by (x) (${b})`, (a, b) => `sum((${a})) / sum by (x) ((${b}))`],
  [(a, b) => promql`clamp(${a}, ${b}, 1)`, (a, b) => `clamp((${a}), (${b}), 1)`],
  [(a, b) => promql`(${a} + 1) * (1 + ${b})`, (a, b) => `((${a}) + 1) * (1 + (${b}))`],
  [
    (a, b) => promql`
      max(
        ${a}
        unless
        ${b}
      )`,
    (a, b) => `max((${a}) unless (${b}))`,
  ],
];

describe('whatever is put into a template', () => {
  test('stays together there', () => {
    fc.assert(
      fc.property(expression, expression, fc.constantFrom(...TEMPLATES), (a, b, [template, spelledOut]) => {
        expect(meaningOf(template(new Query(a), new Query(b)).text)).toBe(meaningOf(spelledOut(a, b)));
      }),
      { numRuns: 500 },
    );
  });

  test('stays together after being put into several', () => {
    fc.assert(
      fc.property(expression, fc.array(fc.constantFrom(...TEMPLATES), { maxLength: 4 }), (text, templates) => {
        const c = 'c or d';
        const nested = templates.reduce((query, [template]) => template(query, new Query(c)), new Query(text));
        const spelledOut = templates.reduce((query, [, spell]) => spell(query, c), text);
        expect(meaningOf(nested.text)).toBe(meaningOf(spelledOut));
      }),
      { numRuns: 300 },
    );
  });
});

test('an operation is what the grammar calls one, and a negative number', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const expected = isOperationByGrammar(text) || /^-+[\d.]+$/.test(text);
      expect([text, isOperation(text)]).toEqual([text, expected]);
    }),
    { numRuns: 1_000 },
  );
});
