import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { loadConfig } from '../../../generators/index.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { blocks } from '../../support/markdown.ts';

const guide = readFileSync('docs/configuration.md', 'utf8');

/** Code in the first cells of the rows of a table, found by its heading. */
const firstCells = (heading: string): string[] => {
  const [, table = ''] = new RegExp(`^\\| \`?${heading}\`? +\\|.*\\n((?:\\|.*\\n)+)`, 'm').exec(guide) ?? [];
  return [...table.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
};

describe('docs/configuration.md', () => {
  test('has every flow source in its table', () => {
    expect(firstCells('flows.source').toSorted()).toEqual(SOURCE_IDS.toSorted());
  });

  test('shows configurations that are valid, and that do what the text says', () => {
    const [sources, ranges, changes, ...others] = blocks(guide, 'yaml').map((text) =>
      loadConfig('configuration.md', text, catalogue),
    );
    expect(others).toEqual([]);
    expect(sources).toMatchObject({
      flows: { source: ['retina-hubble', 'obi'], granularity: 'workload' },
      cloud: { price: { egressPerGB: 0.01, ingressPerGB: 0.01, currency: 'USD', asOf: '2026-11-01' } },
    });
    expect(ranges?.flows.external.map(({ name }) => name)).toEqual(['orders-db', 'kafka', 's3', 'payments']);
    expect(changes).toMatchObject({
      alerts: { ConntrackAllowanceExceeded: { threshold: 10, for: '5m' }, BWINAllowanceExceeded: false },
      dashboards: { 'zone-traffic': { refresh: '1m', panels: { matrix: false } } },
    });
  });

  test('describes settings that exist', () => {
    const names = firstCells('setting');
    const known = (name: string) =>
      name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], generate().config);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => known(name) === undefined)).toEqual([]);
  });
});
