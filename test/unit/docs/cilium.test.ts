import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { ciliumChoices } from '../../../generators/components/cilium/profiles.ts';
import { generate } from '../../support/generate.ts';
import { tableRows } from '../../support/markdown.ts';
import { complaintsOfYaml } from '../../support/problems.ts';

const guide = readFileSync('docs/cilium.md', 'utf8');
const tuned = generate(load(readFileSync('examples/cilium-tuned.yaml', 'utf8')) as object);
const values = load(tuned.file('helm-values/cilium.yaml'));

/** What stands at a path of the values. */
const at = (path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((tree, key) => (tree as Readonly<Record<string, unknown>> | undefined)?.[key], values);

const rows = tableRows(guide, "The write-up's settings, one by one", 'the write-up sets');

describe('docs/cilium.md', () => {
  const written = rows.flatMap(([asked = '', , cell = '']) =>
    /^`.+`$/.test(cell) ? [[asked, cell.slice(1, -1)] as const] : [],
  );

  test('has a row for each setting of the write-up', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(written.length).toBeGreaterThan(18);
  });

  test.each(written)('%s becomes %s', (_asked, line) => {
    const [, path = '', value = ''] = /^([\w.]+): (.+)$/.exec(line) ?? [];
    expect(at(path)).toEqual(load(value));
  });

  test('names settings that exist, with values that the example has', () => {
    const named = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, setting = '']) => setting));
    const settings: Readonly<Record<string, unknown>> = { ...tuned.config.cilium, ...ciliumChoices(tuned.config) };
    const wrong = named
      .filter((setting) => /^\w+(: \w[\w.-]*)?$/.test(setting) && !setting.startsWith('healthChecking'))
      .filter((setting) => {
        const [key = '', value] = setting.split(': ');
        return !(key in settings) || (value !== undefined && String(settings[key]) !== value);
      });
    expect(wrong).toEqual([]);
    expect(named.length).toBeGreaterThan(15);
  });

  test('shows the message as it is', () => {
    const shown = [...guide.matchAll(/^ {6}(cilium\..+)$/gm)].map(([, line]) => line);
    expect(complaintsOfYaml('cilium: { values: full, profile: low-latency, nativeRoutingCIDR: 10.0.0.0/8 }')).toEqual(
      expect.arrayContaining(shown),
    );
    expect(shown).toHaveLength(3);
  });

  test('tells of every profile', () => {
    const profiles = tableRows(guide, 'Profiles', '`cilium.profile`').map(([name = '']) => name.replaceAll('`', ''));
    expect(profiles).toEqual(['conservative', 'large-cluster', 'low-latency']);
  });
});
