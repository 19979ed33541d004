import { describe, expect, test } from '@jest/globals';
import { complaints } from '../../support/problems.ts';

const RULE = { kind: 'Pod', name: '(a+)-(b+)', workload: '$1' };

const about = (...rules: readonly object[]): string[] => complaints({ workloads: { rules } });

const re2 = (why: string) => `a regular expression as Prometheus reads it (RE2) (${why})`;

describe('a rule for workloads is refused', () => {
  test.each([
    ['kind', { kind: 'Pod(' }, `got "Pod(", expected ${re2('missing closing ): `Pod(`')}`],
    ['name', { name: '(?=a)' }, `got "(?=a)", expected ${re2('invalid or unsupported Perl syntax: `(?=`')}`],
    [
      'name',
      { name: '((a{1000}){1000})' },
      `got "((a{1000}){1000})", expected ${re2('it has 1001001 steps with repetitions written out, at most 1000 are taken')}`,
    ],
    ['name', { name: '(?P<a>b)' }, `got "(?P<a>b)", expected ${re2('groups have numbers here, no names')}`],
    ['kind', { kind: '(?<a>b)' }, `got "(?<a>b)", expected ${re2('groups have numbers here, no names')}`],
    [
      'name',
      { name: 'a\nb' },
      String.raw`got "a\nb", expected a regular expression (RE2) of up to 200 characters on one line`,
    ],
    ['kind', { kind: '' }, 'got "", must not be empty'],
    ['workload', { workload: '$1-$3' }, 'got "$1-$3", expected groups up to $2, as name has 2'],
    ['workload', { workload: '${12}' }, 'got "${12}", expected groups up to $2, as name has 2'],
    ['workload', { name: 'a', workload: '$1' }, 'got "$1", expected no $1, as name has no group'],
    ['workload', { kind: '(Pod)', name: 'a', workload: '$1' }, 'got "$1", expected no $1, as name has no group'],
    [
      'type',
      { type: 'Service' },
      'got "Service", expected another type than Service, Node, External, which mean ends that are no workload',
    ],
    ['type', { type: 'my type' }, 'got "my type", expected a kind such as Deployment'],
  ])('for its %s: %j', (key, change, message) => {
    expect(about({ ...RULE, ...change })).toEqual([`workloads.rules.0.${key}: ${message}`]);
  });

  test.each(['$0', '$', '$$', '$a', '${1', 'a/b', 'a b', '"', 'x'.repeat(201)])('for its template %j', (workload) => {
    const [line, ...others] = about({ ...RULE, workload });
    expect(line).toMatch(/^workloads\.rules\.0\.workload: got .*, expected a name of up to 200 letters/);
    expect(others).toEqual([]);
  });

  test.each([{ name: String.raw`\Qab` }, { kind: String.raw`\QPod` }])('for the open quotation of %j', (change) => {
    const [line, ...others] = about({ ...RULE, workload: 'x', ...change });
    expect(line).toMatch(
      /^workloads\.rules\.0: got .*, expected kind and name that are complete by themselves, so no open \\Q$/,
    );
    expect(others).toEqual([]);
  });

  test('for what it lacks, and for what nobody knows, each at its place', () => {
    expect(about(RULE, { kind: 'Pod', tpye: 'Pod', workload: 'x' }, { ...RULE, name: '[' })).toEqual([
      'workloads.rules.1.name: got nothing, expected a value: the key is required',
      'workloads.rules.1.tpye: unknown setting, did you mean type?',
    ]);
    expect(about(RULE, { ...RULE, name: '[' }, { ...RULE, workload: '$3' })).toHaveLength(2);
  });

  test('if there are more than 50', () => {
    const rules = (count: number) => Array.from({ length: count }, (_, index) => ({ ...RULE, kind: `Kind${index}` }));
    expect(about(...rules(50))).toEqual([]);
    expect(about(...rules(51)).join()).toMatch(/^workloads\.rules: got .*, expected at most 50 items$/);
  });
});

test.each([
  { name: String.raw`\Qa.b\E`, workload: 'x' },
  { name: '(?i)A(.+)' },
  { name: '(a)|(b)', workload: '$1$2' },
  { name: '"(a)"', workload: '${1}x-$1.y:z_' },
  { kind: '(?:Pod|Job)', type: 'Other' },
])('a rule may have %j', (change) => {
  expect(about({ ...RULE, ...change })).toEqual([]);
});
