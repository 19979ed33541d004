import { describe, expect, test } from '@jest/globals';
import { promql, selector } from '../../../generators/promql/index.ts';

const rate = promql`rate(a[5m])`;
const lines = promql`
  sum by (x) (
    ${rate}
  )`;
const either = promql`
  a
  or
  b`;

describe('the text of a query', () => {
  test('has neither the indentation of the source nor blank lines around it', () => {
    expect(lines.text).toBe('sum by (x) (\n  rate(a[5m])\n)');
    expect(
      promql`

          a
            + b

        `.text,
    ).toBe('a\n  + b');
  });

  test('has no spaces at the ends of lines', () => {
    const spaces = '   ';
    expect(promql([`a ${spaces}\n  + b${spaces}`] as unknown as TemplateStringsArray).text).toBe('a\n  + b');
  });

  test('on one line stays on one line', () => {
    expect(promql`sum(${rate}) / 2`.text).toBe('sum(rate(a[5m])) / 2');
  });
});

describe('a query of several lines', () => {
  test('is indented to where it stands', () => {
    expect(
      promql`
      max(
        ${lines}
      )`.text,
    ).toBe('max(\n  sum by (x) (\n    rate(a[5m])\n  )\n)');
  });

  test('is indented at every depth', () => {
    const nested = promql`
      topk(3,
        ${promql`
          max(
            ${lines}
          )`}
      )`;
    expect(nested.text.split('\n').map((line) => line.search(/\S/))).toEqual([0, 2, 4, 6, 4, 2, 0]);
  });

  test('gets parentheses on lines of their own', () => {
    expect(
      promql`
      sum(
        c
        * on (x)
        ${either}
      )`.text,
    ).toBe('sum(\n  c\n  * on (x)\n  (\n    a\n    or\n    b\n  )\n)');
  });

  test('needs none where lines above and below enclose it', () => {
    expect(
      promql`
      sum(
        ${either}
      )`.text,
    ).toBe('sum(\n  a\n  or\n  b\n)');
  });

  test('keeps line breaks inside values escaped, so that indentation cannot change them', () => {
    const value = 'one\n  two';
    const query = promql`
      sum(
        ${selector('a', { x: value })}
      )`;
    expect(query.text).toBe(String.raw`sum(
  a{x="one\n  two"}
)`);
  });
});
