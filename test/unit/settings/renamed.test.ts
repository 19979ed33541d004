import { describe, expect, test } from '@jest/globals';
import { RENAMED_SELECTIONS, RENAMED_SETTINGS } from '../../../generators/settings/renamed.ts';
import { hubbleSelections } from '../../../generators/traffic/index.ts';
import { generate } from '../../support/generate.ts';
import { complaints, complaintsOfYaml } from '../../support/problems.ts';

/** A configuration that holds a value at a path. */
const planted = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;

/** The default at a path; undefined where there is no such setting. */
const settingAt = (path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], generate().config);

describe('a setting under its old name', () => {
  test('is there to be planted', () => {
    expect(Object.keys(RENAMED_SETTINGS)).toContain('rules.articleRecords');
  });

  test.each(Object.entries(RENAMED_SETTINGS))('%s: the message names %s', (old, name) => {
    expect(settingAt(name)).toBeDefined();
    expect(complaints(planted(old, settingAt(name)))).toEqual([`${old}: renamed, write ${name}`]);
  });

  test('is not read, and what else is wrong is told too', () => {
    expect(
      complaintsOfYaml('rules: { articleRecords: sometimes, compatibilityRecords: 7, window: 5 minutes }'),
    ).toEqual([
      'rules.articleRecords: renamed, write rules.compatibilityRecords',
      'rules.window: got "5 minutes", expected a duration such as 30s or 5m',
      'rules.compatibilityRecords: got 7, expected true or false',
    ]);
  });

  test('is unknown elsewhere', () => {
    expect(complaintsOfYaml('retina: { articleRecords: true }')).toEqual([
      expect.stringMatching(/^retina\.articleRecords: unknown setting, known: /),
    ]);
  });
});

describe('a selection under its old name', () => {
  const selections = Object.entries(RENAMED_SELECTIONS);

  test('is there to be planted', () => {
    expect(Object.keys(RENAMED_SELECTIONS)).toContain('articles');
  });

  test.each(selections)('%s: the message names %s, also by source', (old, name) => {
    expect(Object.keys(hubbleSelections(''))).toContain(name);
    const message = `${old} is renamed, write ${name}`;
    for (const source of ['retina-hubble', 'cilium-hubble']) {
      expect(complaints({ flows: { source, select: old } })).toEqual([`flows.select: ${message}`]);
      expect(complaints({ flows: { source: [source, 'obi'], select: { [source]: old } } })).toEqual([
        `flows.select.${source}: ${message}`,
      ]);
    }
  });

  test('is none of a source that never had it', () => {
    expect(complaints({ flows: { source: 'obi', select: 'articles' } })).toEqual([
      expect.stringMatching(/^flows\.select: got "articles", expected default, /),
    ]);
  });
});
