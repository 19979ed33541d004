import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CORE_SCHEMA, dump, load, loadAll, YAML11_SCHEMA } from 'js-yaml';
import { yamlDocument } from '../../../generators/outputs/yaml.ts';
import { readYaml } from '../../../generators/schema/yaml.ts';
import { EVERY_SOURCE, EVERYTHING } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';

const asOf12 = (text: string): unknown => loadAll(text, { schema: CORE_SCHEMA });
const asOf11 = (text: string): unknown => loadAll(text, { schema: YAML11_SCHEMA });

/** Texts that one of the two versions takes for something else. */
const TRAPS = [
  'on', 'off', 'On', 'OFF', 'yes', 'no', 'Yes', 'y', 'n', 'Y', 'N', 'true', 'True', 'null', 'Null', 'NULL', '~', '',
  '0777', '0o17', '0b11', '0x1F', '1_000', '1_0.5', '08', '1e3', '1e+3', '1.5e+3', '12:30', '1:30:45', '190:20:30.15',
  '.inf', '-.Inf', '.NaN', '+1', '1.', '.5', '-0', '2026-11-01', '2026-11-01T00:00:00Z', '2001-12-14 21:59:43.10 -5', '=', '<<',
]; // prettier-ignore

describe('every generated YAML is the same to a reader of YAML 1.1 and to one of YAML 1.2', () => {
  test.each([
    ['by default', {}] as const,
    ...EVERY_SOURCE.map((given) => [JSON.stringify(given.flows.source), given] as const),
  ])('%s', (_name, given) => {
    for (const { path, text } of generate(given).artifacts.filter((artifact) => artifact.path.endsWith('.yaml'))) {
      expect([path, asOf11(text)]).toEqual([path, asOf12(text)]);
      expect(readYaml(text).documents().data).toEqual(asOf12(text));
    }
  });

  test.each(['on', '0777', '1_000', '12:30', '2026-11-01', '~', '='])('with the cluster called %s', (name) => {
    const given = {
      ...EVERYTHING,
      cluster: { name },
      rules: { labels: { team: name } },
      targets: ['manifests', 'amp'],
    };
    for (const { path, text } of generate(given).artifacts.filter((artifact) => artifact.path.endsWith('.yaml'))) {
      expect([path, asOf11(text)]).toEqual([path, asOf12(text)]);
    }
  });
});

describe('what the build refuses', () => {
  const differs = (scalar: string): boolean =>
    JSON.stringify(load(`k: ${scalar}`, { schema: CORE_SCHEMA })) !==
    JSON.stringify(load(`k: ${scalar}`, { schema: YAML11_SCHEMA }));

  test.each(TRAPS.filter((text) => text !== ''))(
    '%s without quotes where readers differ, and never with them',
    (trap) => {
      const refused = readYaml(`k: ${trap}\n`).problems.length > 0;
      expect(refused).toBe(differs(trap) || trap === '=');
      expect(readYaml(`k: '${trap}'\n`).problems).toEqual([]);
    },
  );

  test.each(['k: on', '- on', 'on: 1', 'a: { b: yes }', 'a: [no]', '? off\n: 1', 'a:\n  - b:\n      on'])(
    '%j',
    (text) => {
      expect(readYaml(text).problems).toEqual([
        { path: expect.stringMatching(/^line [0-9]$/), message: expect.stringContaining('quote it') },
      ]);
    },
  );

  /** Whether the two read it differently; undefined for what one of them refuses. */
  const isTrap = (scalar: string): boolean | undefined => {
    try {
      return differs(scalar);
    } catch {
      return undefined;
    }
  };

  test('any scalar that the two read differently', () => {
    const scalar = fc.stringMatching(/^[-+.0-9_:exobinfNaTZyYnN~]{1,8}$/).filter((text) => isTrap(text) === true);
    expect(() => {
      fc.assert(
        fc.property(scalar, (text) => readYaml(`k: ${text}\n`).problems.length === 1),
        { numRuns: 300 },
      );
    }).not.toThrow();
  });

  test('nothing of what our writer writes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string(),
          fc.oneof(fc.string(), fc.constantFrom(...TRAPS), fc.integer(), fc.boolean(), fc.constant(null)),
        ),
        (data) => {
          for (const text of [dump(data, { lineWidth: -1, noRefs: true }), yamlDocument('about', data)]) {
            expect([data, readYaml(text).problems]).toEqual([data, []]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
