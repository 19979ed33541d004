import { describe, expect, test } from '@jest/globals';
import { EXPORTERS as SIMULATED } from '../../bench/exporters.ts';
import { SIMULATORS } from '../../bench/sources/index.ts';
import { COMPONENTS, DOMAINS, EXPORTERS, FLOW_SOURCES, OUTPUTS } from '../../generators/index.ts';
import { COUNTED, EXPECTED, REPORTS } from '../support/expected-traffic.ts';
import { SECTIONS, SWITCHES } from '../support/registry.ts';
import { SCENARIOS } from '../support/scenarios.ts';

const missingFrom = (table: object): readonly string[] => FLOW_SOURCES.filter((id) => !Object.hasOwn(table, id));

// The truth about a source cannot be derived from its adapter, or it would prove nothing: each has to be written.
describe('every flow source has', () => {
  test('a simulator in bench/sources', () => {
    expect(missingFrom(SIMULATORS)).toEqual([]);
    expect(Object.keys(SIMULATORS).filter((id) => !FLOW_SOURCES.includes(id))).toEqual([]);
  });

  test('a total in test/support/expected-traffic.ts, by hand', () => {
    expect(missingFrom(COUNTED)).toEqual([]);
  });

  test('what it reports in test/support/expected-traffic.ts, by hand', () => {
    expect(missingFrom(REPORTS)).toEqual([]);
  });

  test('what it counts of each connection in test/support/expected-traffic.ts, by hand', () => {
    expect(missingFrom(EXPECTED)).toEqual([]);
  });
});

test('every exporter of ENA counters has a simulator in bench/exporters.ts', () => {
  expect(Object.keys(SIMULATED).toSorted()).toEqual(EXPORTERS.toSorted());
});

describe('among the scenarios is', () => {
  const all = Object.values(SCENARIOS) as readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];
  const valuesAt = (path: readonly string[]): readonly unknown[] =>
    all.flatMap((given) =>
      path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], given),
    );

  test('every flow source', () => {
    expect(FLOW_SOURCES.filter((id) => !valuesAt(['flows', 'source']).includes(id))).toEqual([]);
  });

  test('every exporter', () => {
    expect(EXPORTERS.filter((id) => !valuesAt(['ethtool', 'exporter']).includes(id))).toEqual([]);
  });

  test('every output alone', () => {
    const alone = new Set(all.map(({ targets }) => JSON.stringify(targets)));
    expect(OUTPUTS.filter(({ id }) => !alone.has(JSON.stringify([id]))).map(({ id }) => id)).toEqual([]);
  });

  test('every part that is switched on', () => {
    expect(Object.keys(SWITCHES).length).toBeGreaterThan(4);
    expect(Object.keys(SWITCHES).filter((path) => !valuesAt(path.split('.')).includes(true))).toEqual([]);
  });
});

describe('parts', () => {
  test.each([
    ['domains', DOMAINS],
    ['components', COMPONENTS],
    ['outputs', OUTPUTS],
  ])('%s have ids of their own, and read sections that exist', (_name, parts) => {
    const ids = parts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const unknown = parts.flatMap(({ id, reads, settings }) =>
      [...reads, ...Object.keys(settings)]
        .filter((section) => !(section in SECTIONS))
        .map((section) => `${id}: ${section}`),
    );
    expect(unknown).toEqual([]);
  });

  test('own their sections alone', () => {
    const owned = [...DOMAINS, ...COMPONENTS, ...OUTPUTS].flatMap(({ settings }) => Object.keys(settings));
    expect(owned.filter((section, index) => owned.indexOf(section) !== index)).toEqual([]);
  });
});
