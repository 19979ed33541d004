import { describe, expect, jest, test } from '@jest/globals';
import { checkConfig } from '../../generators/config/checks.ts';
import { idleReason } from '../../generators/effect/index.ts';
import { valueAt } from '../../generators/effect/settings.ts';
import { completeConfig, type Config } from '../../generators/index.ts';
import { differ, otherValues, SETTINGS, withValue } from '../support/effects.ts';
import { catalogue } from '../support/generate.ts';
import { SCENARIOS } from '../support/scenarios.ts';

jest.setTimeout(600_000);

const name = (path: readonly string[]): string => path.join('.');

/**
 * What is taken for read although nothing that is written may depend on it: what only `check` reads, facts for the record, and choices
 * that every part of the generator asks for.
 */
const NEVER_IDLE = new Set([
  'targets',
  'keep',
  'cloud.region',
  'flows.source',
  'flows.select',
  'flows.units',
  'ethtool.exporter',
]);

const configs = Object.entries(SCENARIOS).map(([scenario, given]) => ({
  scenario,
  config: completeConfig(scenario, given, catalogue),
}));

const isIdle = (config: Config, path: readonly string[]): boolean => idleReason(config, path) !== undefined;

/** Whether another value writes something else, or is refused for what it is asked to go with. */
function hasEffect(config: Config, path: readonly string[]): boolean {
  const others = otherValues(config, path).map((value) => withValue(config, path, value));
  return others.some((other) => checkConfig(other, catalogue, []).length > 0) || differ(config, ...others);
}

describe.each(configs)('$scenario', ({ config }) => {
  test('writes the same whatever the settings without effect are', () => {
    const idle = SETTINGS.filter((path) => isIdle(config, path));
    for (const round of [0, 1]) {
      const changed = idle.reduce((given, path) => {
        const values = otherValues(config, path);
        return withValue(given, path, values[round % values.length]);
      }, config);
      const guilty = differ(config, changed)
        ? idle.filter((path) => differ(config, withValue(config, path, valueAt(changed, path)))).map(name)
        : [];
      expect(guilty).toEqual([]);
      expect(differ(config, changed)).toBe(false);
    }
  });

  test('has no setting that changes nothing and is not said to', () => {
    const silent = SETTINGS.filter((path) => !NEVER_IDLE.has(name(path)) && !isIdle(config, path)).filter(
      (path) => !hasEffect(config, path),
    );
    expect(silent.map(name)).toEqual([]);
  });
});
