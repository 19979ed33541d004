import { describe, expect, jest, test } from '@jest/globals';
import { isRead } from '../../generators/build/recorder.ts';
import { suspicion, unusedSettings } from '../../generators/build/unused.ts';
import { checkConfig } from '../../generators/config/checks.ts';
import { defaultsOf, namedSchema, schemaAt } from '../../generators/config/schema.ts';
import { completeConfig, type Config } from '../../generators/index.ts';
import { valueAt } from '../../generators/settings/section.ts';
import { catalogue } from '../support/generate.ts';
import { differ, madeFiles, madeOf, otherValues, SETTINGS, withValue } from '../support/other-values.ts';
import { SCENARIOS } from '../support/scenarios.ts';

jest.setTimeout(600_000);

type Path = readonly string[];

const name = (path: Path): string => path.join('.');

const schema = namedSchema(catalogue);
const defaults = defaultsOf(schema);

/** Facts that no output need read: they are never called unused. */
const isNote = (path: Path): boolean => schemaAt(schema, path)['note'] === true;

/** Choices that every part of the generator asks for. Other values may write the same, such as `default` and the name of that selection. */
const CHOICES = new Set([
  'flows.source',
  'flows.select',
  'flows.units',
  'ethtool.exporter',
  'workloads.resources',
  'dns.enabled',
  'controlPlane.enabled',
  // Zone hints need the zone label of nodes as well, so kube-state-metrics exports it in any case.
  'zones.from',
]);

const isValid = (config: Config): boolean => checkConfig(config, catalogue, []).length === 0;

const configs = Object.entries(SCENARIOS).map(([scenario, given]) => ({
  scenario,
  config: completeConfig(scenario, given, catalogue),
}));

/** Whether another value writes something else, or is refused for what it is asked to go with. */
function hasEffect(config: Config, path: Path): boolean {
  const others = otherValues(config, path).map((value) => withValue(config, path, value));
  return others.some((other) => !isValid(other)) || differ(path, config, ...others);
}

/** Whether the build of a configuration says that a setting changes nothing. */
function isReported(config: Config, path: Path): boolean {
  const { read, bundle } = madeOf(config);
  const warnings = unusedSettings(config, catalogue, read(), bundle, madeFiles);
  return warnings.some(({ settings }) => settings.includes(name(path)));
}

test('settings that no output reads are these', () => {
  expect(SETTINGS.filter(isNote).map(name).toSorted()).toEqual(['cloud.region', 'keep', 'targets']);
});

describe.each(configs)('$scenario', ({ config }) => {
  const read = madeOf(config).read();
  const suspect = suspicion(config, catalogue, madeOf(config).bundle.skipped);

  test('writes the same whatever the settings are that nothing reads', () => {
    const unread = SETTINGS.filter((path) => !isRead(read, path));
    for (const round of [0, 1]) {
      const changed = unread.reduce((given, path) => {
        const values = otherValues(config, path);
        return withValue(given, path, values[round % values.length]);
      }, config);
      expect(differ([], config, changed)).toBe(false);
    }
  });

  test('has no setting that is read, changes nothing and is not suspected', () => {
    const silent = SETTINGS.filter(
      (path) => isRead(read, path) && !isNote(path) && !CHOICES.has(name(path)) && suspect(path) === undefined,
    ).filter((path) => !hasEffect(config, path));
    expect(silent.map(name)).toEqual([]);
  });

  test('reports suspected settings exactly where they change nothing', () => {
    const suspected = SETTINGS.filter((path) => isRead(read, path) && !isNote(path) && suspect(path) !== undefined);
    const wrong = suspected.flatMap((path) => {
      const usual = withValue(config, path, valueAt(defaults, path));
      const [value] = otherValues(usual, path);
      const changed = withValue(config, path, value);
      // Another value may itself be the switch, or ask for what is not there.
      if (!isValid(usual) || !isValid(changed)) return [];
      return isReported(changed, path) === differ(path, usual, changed) ? [name(path)] : [];
    });
    expect(wrong).toEqual([]);
  });
});
