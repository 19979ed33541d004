import { describe, expect, jest, test } from '@jest/globals';
import { build, completeConfig, parseLock } from '../../../generators/index.ts';
import { buildIn } from '../../support/built-dir.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { ONE_LOADER } from '../../support/registry.ts';
import { objectsIn, TOPIC } from '../../support/packagings.ts';
import { run } from '../../support/run-main.ts';
import { filesIn, inTempDir, timesOf } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

const given = (changes: object, targets: readonly string[] = ONE_LOADER) => ({
  amp: { workspaceId: 'ws-1', alertmanager: { sns: { topicArn: TOPIC } } },
  ...changes,
  targets,
});

/** The version that every rule object carries after builds of these configurations, one after the other. */
function versionsAfter(...configurations: readonly object[]): Readonly<Record<string, string | undefined>> {
  const objects = ['prometheus-operator', 'amp'].flatMap((output) => {
    let artifacts = generate(given(configurations[0] ?? {}, [output])).artifacts;
    for (const next of configurations.slice(1)) {
      const config = completeConfig('test', given(next, [output]), catalogue);
      artifacts = build(config, catalogue, parseLock(artifacts.at(-1)?.text)).artifacts;
    }
    const folder = `rules/${output}`;
    return Object.entries(objectsIn(artifacts, folder)).map(([name, object]) => [`${folder}/${name}`, object] as const);
  });
  return Object.fromEntries(objects.map(([name, { metadata }]) => [name, metadata.annotations?.['azimuth/version']]));
}

describe('the version of a packaged rule file', () => {
  test('stays while nothing changes', () => {
    expect(new Set(Object.values(versionsAfter({}, {}, {})))).toEqual(new Set(['1']));
  });

  test('rises by one where the rules changed, and only there', () => {
    const change = { alerts: { ConntrackAllowanceLow: { threshold: 0.2 } } };
    const found = versionsAfter({}, change, change);
    const risen = Object.keys(found).filter((name) => found[name] !== '1');
    expect(risen.toSorted()).toEqual(['rules/amp/ena-allowances', 'rules/prometheus-operator/ena-allowances']);
    expect(found['rules/amp/ena-allowances']).toBe('2');
    expect(versionsAfter({}, change, {})['rules/amp/ena-allowances']).toBe('3');
  });
});

test('a second build changes nothing, and what is no longer asked for is removed', async () => {
  await inTempDir(async (dir) => {
    const yaml = (targets: readonly string[]) => JSON.stringify({ ...given({}), targets });
    await buildIn(dir, yaml(ONE_LOADER));
    const before = await timesOf(dir);
    await buildIn(dir, yaml(ONE_LOADER));
    const { 'azimuth.yaml': _config, ...after } = await timesOf(dir);
    expect(before).toMatchObject(after);
    expect((await run(dir, 'check')).code).toBe(0);
    await buildIn(dir, yaml(['prometheus', 'grafana']));
    const left = (await filesIn(dir)).filter((path) => /^(rules|dashboards)\//.test(path));
    expect([...new Set(left.map((path) => path.split('/').slice(0, 2).join('/')))]).toEqual([
      'dashboards/grafana',
      'rules/prometheus',
    ]);
  });
});
