import { describe, expect, test } from '@jest/globals';
import { compare, type Change, isBreaking } from '../../../generators/diff/compare.ts';
import { differences } from '../../../generators/diff/deep.ts';
import { factsOf } from '../../../generators/diff/facts.ts';
import { EVERY_SOURCE } from '../../support/everything.ts';
import { generate, generateAnew, type Generated } from '../../support/generate.ts';
import { SCENARIOS } from '../../support/scenarios.ts';

const factsOfBuild = ({ bundle, artifacts }: Pick<Generated, 'bundle' | 'artifacts'>) =>
  factsOf(
    bundle,
    artifacts.map(({ path }) => [path, {}] as const),
  );

const facts = (given: object) => factsOfBuild(generate(given));

const BASE = { flows: { source: ['retina-hubble', 'obi'], units: ['flows', 'bytes'] } };

const compared = (given: object, base: object = BASE): readonly Change[] =>
  compare(facts(base), facts({ ...base, ...given }));

/** What a change says in short: its kind, its name, the fields, and what breaks. */
const brief = ({ kind, name, to, fields, ...change }: Change): string =>
  [
    `${kind} ${name}${to === undefined ? '' : ` > ${to}`}`,
    ...fields.map(({ field }) => field),
    ...(isBreaking({ kind, name, fields, ...change }) ? ['BREAKING'] : []),
  ].join(', ');

test('a build is like itself, whatever it is of', () => {
  for (const given of EVERY_SOURCE) expect(compare(facts(given), factsOfBuild(generateAnew(given)))).toEqual([]);
});

describe('each change of a configuration is found as what it is, and nothing else', () => {
  test.each<[object, readonly string[]]>([
    [
      { alerts: { PPSAllowanceExceeded: { threshold: 200 } } },
      ['changed PPSAllowanceExceeded (warning), threshold, BREAKING'],
    ],
    [{ alerts: { PPSAllowanceExceeded: { threshold: 1 } } }, ['changed PPSAllowanceExceeded (warning), threshold']],
    [{ alerts: { PPSAllowanceExceeded: { for: '30m' } } }, ['changed PPSAllowanceExceeded (warning), for']],
    [
      { alerts: { CoreDNSDown: { severity: 'warning' } } },
      ['renamed CoreDNSDown (critical) > CoreDNSDown (warning), BREAKING'],
    ],
    [
      { alerts: { WorkloadZoneSkew: { severity: 'critical' } } },
      ['renamed WorkloadZoneSkew (warning) > WorkloadZoneSkew (critical)'],
    ],
    [{ alerts: { CoreDNSDown: false } }, ['gone CoreDNSDown (critical), BREAKING']],
    [{ alerts: { PPSAllowanceExceeded: { escalation: false } } }, ['gone PPSAllowanceExceeded (critical), BREAKING']],
    [
      { dashboards: { 'zone-traffic': { panels: { total: { title: 'Everything' } } } } },
      ['changed zone-traffic/total, title'],
    ],
    [{ dashboards: { 'zone-traffic': { panels: { matrix: false } } } }, ['gone zone-traffic/matrix']],
    [{ dashboards: { 'zone-traffic': { title: 'Zones' } } }, ['changed zone-traffic, title']],
  ])('%j', (given, expected) => {
    // Files have no names of their own here: paths are compared below.
    expect(compared(given).map(brief)).toEqual(expected);
  });

  test('records, variables, dashboards and files that are gone', () => {
    const changes = compared({ dashboards: { 'zone-workload': false } }).map(brief);
    expect(changes).toContain('gone zone-workload, BREAKING');
    expect(changes).toContain('gone zone-workload/$workload, BREAKING');
    expect(changes).toContain('gone dashboards/grafana/zone-workload.json');
  });

  test('a label of alerts that is gone breaks routes, a new one does not', () => {
    const labelled = { ...BASE, rules: { labels: { team: 'net' } } };
    const gone = compare(facts(labelled), facts(BASE));
    expect(gone.length).toBeGreaterThan(30);
    expect(gone.every((change) => change.section === 'alerts' && isBreaking(change))).toBe(true);
    expect(compare(facts(BASE), facts(labelled)).filter(isBreaking)).toEqual([]);
  });

  test('values of charts by their path', () => {
    const [change, ...others] = compared({ retina: { version: 'v0.0.34' } }).filter(
      ({ section }) => section === 'values',
    );
    expect(others).toEqual([]);
    expect(change?.name).toBe('retina-hubble');
    expect(change?.fields.map(({ after }) => after)).toContain('v0.0.34');
  });
});

test('a record whose name alone changed is renamed', () => {
  const before = facts(BASE);
  const records = new Map(before.records);
  const [name = '', fact = {}] = [...records][0] ?? [];
  records.delete(name);
  records.set('another:name', fact);
  expect(compare(before, { ...before, records }).map(brief)).toEqual([`renamed ${name} > another:name, BREAKING`]);
});

test('a record that loses a label breaks queries, one that gains a label does not', () => {
  const before = facts(BASE);
  const [name = '', fact = {}] = [...before.records][0] ?? [];
  const labels = fact['labels'] as readonly string[];
  const without = { ...before, records: new Map(before.records).set(name, { ...fact, labels: labels.slice(1) }) };
  expect(compare(before, without).map(brief)).toEqual([`changed ${name}, label, BREAKING`]);
  expect(compare(without, before).map(brief)).toEqual([`changed ${name}, label`]);
});

test('what is added one way is gone the other way', () => {
  const names = Object.keys(SCENARIOS);
  for (const [index, name] of names.slice(1, 12).entries()) {
    const [one, other] = [facts(SCENARIOS[names[index] ?? ''] ?? {}), facts(SCENARIOS[name] ?? {})];
    const named = (changes: readonly Change[], kind: Change['kind']) =>
      changes.flatMap((change) => (change.kind === kind ? [`${change.section} ${change.name}`] : [])).toSorted();
    const [there, back] = [compare(one, other), compare(other, one)];
    expect(named(there, 'added')).toEqual(named(back, 'gone'));
    expect(named(there, 'changed')).toEqual(named(back, 'changed'));
  }
});

test.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, []],
  [{ a: 1 }, {}, [[['a'], 1, undefined]]],
  [[1, 2], [2, 1], [[[], [1, 2], [2, 1]]]],
  [[{ name: 'a', x: 1 }, { name: 'b' }], [{ name: 'b' }, { name: 'a', x: 2 }], [[['a', 'x'], 1, 2]]],
  [[{ name: 'a' }, { name: 'a', x: 1 }], [{ name: 'a' }, { name: 'a', x: 2 }], [[['1', 'x'], 1, 2]]],
  [[{ y: 1 }], [{ y: 2 }], [[['0', 'y'], 1, 2]]],
  [null, {}, [[[], null, {}]]],
  ['a', 'b', [[[], 'a', 'b']]],
])('%j and %j differ in %j', (one, other, expected) => {
  expect(differences(one, other).map(({ path, before, after }) => [path, before, after])).toEqual(expected);
});
