import { describe, expect, test } from '@jest/globals';
import { completeConfig } from '../../../generators/index.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { complaints } from '../../support/problems.ts';

/** What a configuration in TypeScript can hold and YAML cannot. Its types forbid most of this, but nothing checks them at run time. */
describe('a configuration that a program gives', () => {
  test('may leave a setting undefined', () => {
    const given = {
      cluster: undefined,
      rules: { window: undefined },
      alerts: { PPSAllowanceExceeded: undefined },
      dashboards: { 'zone-traffic': undefined },
    };
    expect(completeConfig('azimuth.ts', given, catalogue)).toMatchObject({
      cluster: { label: 'cluster' },
      rules: { window: '5m' },
    });
  });

  test('may be made without a prototype', () => {
    const given = Object.assign(Object.create(null) as object, { cluster: { name: 'blue' } });
    expect(completeConfig('azimuth.ts', given, catalogue).cluster.name).toBe('blue');
  });
});

describe('what no configuration can hold is refused in a sentence', () => {
  test.each([
    ['a function in place of a section', { cluster: () => 'blue' }, /^cluster: got .*, expected a mapping/],
    ['a function', { cluster: { name: () => 'blue' } }, /^cluster\.name: got .*, expected text on one line/],
    ['a symbol', { cluster: { name: Symbol('blue') } }, /^cluster\.name: got .*, expected text on one line/],
    ['a big number', { retina: { hubblePort: 9965n } }, /^retina\.hubblePort: got 9965.*, expected a whole number/],
    [
      'a mapping that has no JSON',
      { rules: { window: { toJSON: () => undefined } } },
      /^rules\.window: got undefined, /,
    ],
    ['a big number in a list', { targets: [1n] }, /^targets\.0: got 1.*, expected one of/],
  ])('%s', (_name, given, line) => {
    expect(complaints(given)).toEqual([expect.stringMatching(line)]);
  });

  test('a big number inside a value of the wrong kind', () => {
    expect(complaints({ flows: [1n] })).toEqual([expect.stringMatching(/^flows: got .*, expected a mapping/)]);
  });

  test.each(['toString', 'valueOf'])('a mapping with the key %s in a list whose items differ', (key) => {
    expect(complaints({ targets: [{ a: 1 }, { [key]: 'x' }] })).toEqual([
      expect.stringMatching(/^targets\.0: got \{"a":1\}, expected one of prometheus, /),
      expect.stringMatching(/^targets\.1: got \{".*":"x"\}, expected one of prometheus, /),
    ]);
    expect(complaints({ keep: [{ a: 1 }, { [key]: 'x' }, 'a', 'a'] })).toEqual([
      expect.stringMatching(/^keep\.0: got .*, expected text$/),
      expect.stringMatching(/^keep\.1: got .*, expected text$/),
      expect.stringMatching(/^keep: got .*, expected every item once$/),
    ]);
  });

  test('a mapping that holds itself', () => {
    const alerts: Record<string, unknown> = {};
    alerts['PPSAllowanceExceeded'] = alerts;
    expect(complaints({ alerts })).toEqual([
      'alerts.PPSAllowanceExceeded: got a value that holds itself, expected plain data',
    ]);
  });
});

// They have no keys of their own, so they would pass for empty sections, a change that is silently none; and by their name for text.
describe('an object that is no mapping is refused', () => {
  test.each([
    ['alerts', 'Map', { alerts: new Map([['PPSAllowanceExceeded', false]]) }],
    ['cluster', 'Date', { cluster: new Date(0) }],
    ['cluster', 'Promise', { cluster: Promise.resolve({ name: 'blue' }) }],
    ['rules.labels', 'RegExp', { rules: { labels: /team/ } }],
    ['cluster.name', 'Promise', { cluster: { name: Promise.resolve('blue') } }],
  ])('in place of %s: %s', (path, kind, given) => {
    expect(complaints(given)).toEqual([`${path}: got [object ${kind}], expected plain data`]);
  });

  test('in place of the whole configuration', () => {
    expect(complaints(Promise.resolve({ cluster: { name: 'blue' } }))).not.toEqual([]);
  });
});

describe('what is left undefined in a change changes nothing', () => {
  const zoneTraffic = 'dashboards/grafana/zone-traffic.json';
  const plain = generate().file(zoneTraffic);

  test('of a dashboard', () => {
    const dashboards = { 'zone-traffic': { title: undefined, refresh: undefined, from: undefined } };
    expect(generate({ dashboards }).file(zoneTraffic)).toBe(plain);
  });

  test('of a panel', () => {
    const dashboards = { 'zone-traffic': { panels: { matrix: { title: undefined, description: undefined } } } };
    expect(generate({ dashboards }).file(zoneTraffic)).toBe(plain);
  });
});

test('a list whose constructor is no function is read like others', () => {
  const targets = Object.assign(['grafana'], { constructor: { [Symbol.species]: 3 } });
  expect(complaints({ targets })).toEqual([]);
});
