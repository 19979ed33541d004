import { expect, test } from '@jest/globals';
import type { ErrorObject } from 'ajv';
import * as fc from 'fast-check';
import { plainCopy } from '../../generators/config/plain.ts';
import { validatorFor } from '../../generators/config/validator.ts';
import { type Json, namedSchema } from '../../generators/config/schema.ts';
import { schemaErrors } from '../../generators/schema/validator.ts';
import { deployedConfig } from '../support/arbitrary-cluster.ts';
import { validConfig } from '../support/arbitrary-config.ts';
import { mutated } from '../support/arbitrary-mutation.ts';
import { catalogue } from '../support/generate.ts';

const whole = namedSchema(catalogue);

const isMapping = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const told = (errors: readonly ErrorObject[]) =>
  errors.map(({ instancePath, keyword, params, propertyName, data, message, parentSchema }) => ({
    place: [instancePath, keyword, params, propertyName, message],
    data,
    // What messages read of the schema around: names to choose from, and what was expected.
    known: Object.keys(parentSchema?.['properties'] ?? {}),
    expected: parentSchema?.['expected'] as unknown,
  }));

/** What the whole schema, compiled at once, says and makes of a configuration. */
function expectedOf(given: Json): [Json, ReturnType<typeof told>] {
  const config = structuredClone(given);
  const errors = schemaErrors(whole, config);
  return [config, told(errors)];
}

function expectSame(given: Json): void {
  const config = structuredClone(given);
  const errors = told(validatorFor(catalogue).validate(config));
  expect([config, errors]).toEqual(expectedOf(given));
}

test.each([
  ['nothing', {}],
  ['empty sections', { cluster: {}, alerts: {}, dashboards: {}, cilium: {} }],
  ['a list for a section', { cluster: [], alerts: [] }],
  ['an empty list of targets', { targets: [] }],
  ['a list with one item twice', { targets: ['grafana', 'grafana'], keep: ['a', 'b', 'a'] }],
  ['unknown sections', { clusters: {}, alert: [] }],
  ['a broken section beside good ones', { rules: { window: 'x', lables: {} }, scrape: { interval: '15s' } }],
])('sections compiled one by one find what the whole schema finds: %s', (_, given) => {
  expectSame(given);
});

test('sections compiled one by one find what the whole schema finds in damaged configurations, and complete them alike', () => {
  // As a configuration reaches the validator: copied, so that no list has a constructor of its own.
  const damaged = fc
    .oneof(validConfig, deployedConfig)
    .chain(mutated)
    .map((given) => plainCopy(given, whole).copy)
    .filter(isMapping);
  fc.assert(fc.property(damaged, expectSame), { numRuns: 150 });
});
