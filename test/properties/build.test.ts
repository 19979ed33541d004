import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { build, isRecording, parseLock, type Bundle, type RuleFile } from '../../generators/index.ts';
import { plain } from '../../generators/model/tree.ts';
import { dashboardsOf, queriesOf } from '../support/artifacts.ts';
import { validConfig } from '../support/arbitrary-config.ts';
import { catalogue, generate, generateAnew } from '../support/generate.ts';
import { kindOf } from '../support/promql.ts';

const isZero = (duration: string): boolean => /^(0+[a-z]+)+$/.test(duration);

/** The data of a rule file, written down here a second time: only what the model says, pending times of nothing left out. */
const groupsOf = ({ groups }: RuleFile) => ({
  groups: groups.map(({ name, interval, rules }) => ({
    name,
    interval,
    rules: rules.map((rule) =>
      isRecording(rule)
        ? { record: rule.record, expr: rule.expr.text }
        : {
            alert: rule.alert,
            expr: rule.expr.text,
            ...(isZero(rule.for) ? {} : { for: rule.for }),
            ...(isZero(rule.keepFiringFor) ? {} : { keep_firing_for: rule.keepFiringFor }),
            labels: rule.labels,
            annotations: rule.annotations,
          },
    ),
  })),
});

/** The data of every YAML artifact that a bundle can give, by path. */
function expectedData({
  ruleFiles,
  helmValues,
  valuesWithRules,
  manifests,
}: Bundle): Readonly<Record<string, unknown>> {
  const rules = ruleFiles.map((file) => [`rules/prometheus/${file.name}.rules.yaml`, groupsOf(file)] as const);
  const map = Object.fromEntries(ruleFiles.map((file) => [`azimuth-${file.name}`, groupsOf(file)]));
  const values = [...helmValues, ...valuesWithRules].map(({ chart, values: tree, rulesKey }) => {
    const data = plain(tree) as object;
    const all = rulesKey === undefined ? data : { ...data, [rulesKey]: map };
    return [`helm-values/${chart}.yaml`, all] as const;
  });
  const resources = manifests.map(({ name, content }) => [`manifests/${name}.yaml`, plain(content)] as const);
  return Object.fromEntries([...rules, ...values, ...resources]);
}

/** Data with its expressions without indentation, which outputs take away where a query would be too long. */
const unindented = (data: object): unknown =>
  JSON.parse(
    JSON.stringify(data, (key, value: unknown) =>
      key === 'expr' && typeof value === 'string' ? value.replaceAll(/^ +/gm, '') : value,
    ),
  );

/** The outputs that write what the model holds, with nothing around it; packagings.test.ts looks at the others. */
const PLAIN = ['prometheus', 'kube-prometheus-stack', 'helm-values', 'manifests'];

describe('any valid configuration', () => {
  test('gives YAML that holds what the model holds', () => {
    fc.assert(
      fc.property(validConfig, (given) => {
        const { artifacts, bundle } = generate({ ...given, targets: PLAIN });
        const written = artifacts.filter(({ path }) => path.endsWith('.yaml'));
        const loaded = Object.fromEntries(written.map(({ path, text }) => [path, load(text)]));
        expect(unindented(loaded)).toEqual(unindented(expectedData(bundle)));
      }),
      { numRuns: 20 },
    );
  });

  test('gives dashboards that hold what the model holds, and only queries that parse', () => {
    fc.assert(
      fc.property(validConfig, (given) => {
        const { artifacts, bundle } = generate({ ...given, targets: ['prometheus', 'grafana'] });
        expect(queriesOf(artifacts).map(kindOf)).not.toContain('nothing');
        const written = dashboardsOf(artifacts).toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
        const modelled = bundle.dashboards.toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
        expect(
          written.map(({ uid, panels }) => [
            uid,
            panels
              .filter(({ type }) => type !== 'row')
              .map(({ title, targets = [] }) => [title, ...targets.map(({ expr }) => expr)]),
          ]),
        ).toEqual(
          modelled.map(({ uid, sections }) => [
            uid,
            sections.flatMap(({ panels }) =>
              panels.map(({ panel: { title, targets } }) => [title, ...targets.map(({ expr }) => expr.text)]),
            ),
          ]),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('gives the same bytes again, and changes nothing once its lock is known', () => {
    fc.assert(
      fc.property(validConfig, (given) => {
        const { artifacts, config } = generateAnew(given);
        expect(generateAnew(given).artifacts).toEqual(artifacts);
        const lock = parseLock(artifacts.at(-1)?.text);
        expect(build(config, catalogue, lock).artifacts).toEqual(artifacts);
      }),
      { numRuns: 12 },
    );
  });

  test('is left as it was given', () => {
    fc.assert(
      fc.property(validConfig, (given) => {
        const before = structuredClone(given);
        generateAnew(given);
        expect(given).toEqual(before);
      }),
      { numRuns: 6 },
    );
  });
});
