import { expect, test } from '@jest/globals';
import { completeConfig, type ConfigInput } from '../../../generators/index.ts';
import { catalogue } from '../../support/generate.ts';

test('a configuration in TypeScript needs to say only what it changes', () => {
  // The type checker is the test: nothing is missing here, and a misspelt setting would be refused.
  const given = {
    rules: { window: '10m' },
    alerts: { PPSAllowanceExceeded: { threshold: 500, escalation: false } },
    dashboards: { 'zone-traffic': { panels: { matrix: false } } },
  } satisfies ConfigInput;
  expect(completeConfig('azimuth.config.ts', given, catalogue).rules).toMatchObject({ window: '10m', interval: '1m' });
});
