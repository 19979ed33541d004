import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { GroupsData } from '../../support/artifacts.ts';
import { generate } from '../../support/generate.ts';
import { inFolder } from '../../support/packagings.ts';

/** Mimir, Thanos Ruler and vmalert read the plain files: no packaging of their own, but these promises. */
describe.each([
  ['the defaults', {}],
  ['all pods, by bytes', { flows: { source: 'obi', granularity: 'pod' } }],
  ['two sources', { flows: { source: ['retina-hubble', 'obi'], granularity: 'pod' } }],
  ['allowances only', { flows: { source: 'none' } }],
  ...['retina-standard', 'obi'].map(
    (source) =>
      [
        `everything about zones and addresses, ${source}`,
        {
          cluster: { label: 'kubernetes_cluster_name', cidrs: ['10.0.0.0/8'] },
          flows: { source, granularity: 'pod' },
          obi: { addresses: true },
          zones: {
            nodeLabel: 'topology.k8s.aws/zone-id',
            valid: '.+',
            subnets: [{ zone: 'use1-az1', cidrs: ['10.9.0.0/16'] }],
          },
          nodes: { addresses: [{ node: 'a.*', cidrs: ['10.2.0.0/16'] }] },
        },
      ] as const,
  ),
])('plain rule files: %s', (_name, given) => {
  const files = inFolder(generate({ ...given, targets: ['prometheus'] }).artifacts, 'rules/prometheus');
  const data = Object.entries(files).map(([name, text]) => ({ name, file: load(text) as GroupsData }));
  const groups = data.flatMap(({ file }) => file.groups);

  test('hold groups and nothing that only one ruler knows', () => {
    for (const { file } of data) expect(Object.keys(file)).toEqual(['groups']);
    const known = new Set(['name', 'interval', 'rules']);
    expect(groups.filter((group) => Object.keys(group).some((key) => !known.has(key)))).toEqual([]);
  });

  // Mimir: -ruler.max-rules-per-rule-group 20; -ruler.max-rule-groups-per-tenant 70.
  test("stay within Mimir's default limits", () => {
    expect(groups.filter(({ rules }) => rules.length > 20 || rules.length === 0)).toEqual([]);
    expect(groups.length).toBeLessThanOrEqual(70);
  });

  test('hold no query that VictoriaMetrics refuses as too long', () => {
    const longest = groups.flatMap(({ rules }) => rules.map(({ expr }) => Buffer.byteLength(expr)));
    expect(Math.max(...longest)).toBeLessThanOrEqual(16_384);
  });

  test('name groups once over all files, without characters that a path would not take', () => {
    const names = groups.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(name))).toEqual([]);
    expect(Object.keys(files).filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
  });

  // Rulers with tenants name namespaces after files, and groups within them.
  test('record each series in one group', () => {
    const places = groups.flatMap(({ name, rules }) =>
      rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[record, name, expr] as const])),
    );
    const repeated = places.filter(([record, group]) => places.some(([r, g]) => r === record && g !== group));
    expect(repeated.map(([record, group]) => `${record} in ${group}`)).toEqual([]);
  });
});
