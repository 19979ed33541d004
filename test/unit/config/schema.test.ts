import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { FLEET_KEYS } from '../../../generators/fleet/settings.ts';
import { generate } from '../../support/generate.ts';
import { complaintsOfYaml } from '../../support/problems.ts';

interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly then?: Schema;
  readonly default?: unknown;
}

const schema = JSON.parse(generate().file('azimuth.schema.json')) as Schema;

// strict refuses unknown keywords, ignored keywords and properties without a type.
const validate = new Ajv2020({ strict: true, strictTypes: true, allowUnionTypes: true, allErrors: true }).compile(
  schema,
);

/** Every property at any depth, by its path; `changes` are the parts of alerts and dashboards that may be left out. */
function properties(of: Schema, path = '', changes = false): { path: string; property: Schema; changes: boolean }[] {
  return Object.entries(of.properties ?? {}).flatMap(([name, property]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const isChange = changes || property.then !== undefined;
    return [{ path: here, property, changes: isChange }, ...properties(property.then ?? property, here, isChange)];
  });
}

describe('the published schema', () => {
  // The keys of a fleet are no settings: each has those that stand beside it.
  const own = Object.entries(schema.properties ?? {}).filter(([name]) => !FLEET_KEYS.some((key) => key === name));
  const all = properties({ ...schema, properties: Object.fromEntries(own) });
  const settings = all.filter(({ changes }) => !changes);

  test('is a schema of draft 2020-12', () => {
    const meta = new Ajv2020({ strict: true }).getSchema('https://json-schema.org/draft/2020-12/schema');
    expect(meta?.(schema)).toBe(true);
  });

  test('has every setting, alert and panel', () => {
    const paths = all.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'retina.resources.cpu',
        'alerts.PPSAllowanceExceeded.escalation.for',
        'dashboards.zone-traffic.panels.matrix.title',
      ]),
    );
    expect(settings.length).toBeGreaterThan(30);
  });

  test('describes every setting and gives its default', () => {
    expect(settings.filter(({ property }) => typeof property['description'] !== 'string')).toEqual([]);
    expect(settings.filter(({ property }) => !('default' in property))).toEqual([]);
  });

  test('has defaults that are valid themselves', () => {
    const found = settings.filter(
      ({ property }) => !new Ajv2020({ allowUnionTypes: true }).validate(property, property.default),
    );
    expect(found).toEqual([]);
  });

  test('carries no keyword of our own', () => {
    expect(JSON.stringify(schema)).not.toContain('"expected"');
  });

  test('accepts azimuth.yaml', async () => {
    expect(validate(load(await readFile('azimuth.yaml', 'utf8')))).toBe(true);
    expect(validate({})).toBe(true);
  });

  test('accepts a fleet, and every setting in its clusters', () => {
    const clusters = { a: null, b: { flows: { source: 'obi' } } };
    expect(validate({ extends: 'base.yaml', fleet: { shared: ['amp'] }, clusters })).toBe(true);
    expect(validate({ clusters: { a: { flows: { source: 'nobody' } } } })).toBe(false);
    expect(validate({ clusters: { a: { flaws: {} } } })).toBe(false);
  });

  test('describes every part of a change too', () => {
    const bare = all.filter(({ property }) => typeof property['description'] !== 'string');
    expect([...new Set(bare.map(({ path }) => path.split('.').at(-1)))]).toEqual([]);
  });

  test('says which draft it is written in', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  });
});

describe('the published schema refuses what the build refuses', () => {
  test.each([
    'cluser: {}',
    'cluster: { label: a-b }',
    'cluster: { name: "" }',
    'cluster: { name: "a\\nb" }',
    'zones: { from: [] }',
    'zones: { from: [node-label, node-label] }',
    'rules: { window: 5 }',
    'rules: { window: five }',
    'rules: { labels: { a-b: c } }',
    'rules: { labels: { a: 1 } }',
    'flows: { source: none of them }',
    'ethtool: { port: 70000 }',
    'retina: { version: 1.2.6 }',
    'retina: { resources: { cpu: 2 } }',
    'targets: [helm]',
    'keep: [""]',
    'alerts: { Unknown: false }',
    'alerts: { PPSAllowanceExceeded: true }',
    'alerts: { PPSAllowanceExceeded: { threshold: -1 } }',
    'alerts: { PPSAllowanceExceeded: { escalation: { severity: info } } }',
    'dashboards: { zone-traffic: { panels: { unknown: false } } }',
    'dashboards: { zone-traffic: { panels: { matrix: { title: "" } } } }',
    '[]',
  ])('%s', (text) => {
    expect(validate(load(text))).toBe(false);
    expect(complaintsOfYaml(text)).not.toEqual([]);
  });

  test.each([
    'cluster: { label: null }',
    'alerts: { PPSAllowanceExceeded: false, BWINAllowanceExceeded: {} }',
    'alerts: { PPSAllowanceExceeded: { escalation: false, threshold: 0.5, for: 1h30m } }',
    'dashboards: { zone-traffic: { panels: { matrix: { title: x }, total: false } }, node-allowances: false }',
    'rules: { labels: { team: net } }',
  ])('and accepts %s', (text) => {
    expect(validate(load(text))).toBe(true);
    expect(complaintsOfYaml(text)).toEqual([]);
  });
});
