import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { plain, type Tree } from '../../generators/model/tree.ts';
import { escapeRegex, matches, not, oneOf, promql, quoted, selector } from '../../generators/promql/index.ts';
import { yamlDocument } from '../../generators/outputs/yaml.ts';
import { line } from '../support/arbitrary-values.ts';
import { complaintsOfYaml } from '../support/problems.ts';
import { stringsOf } from '../support/promql.ts';
import { relabel } from '../support/relabel.ts';
import { scrapeJobs, stackValues } from '../support/values.ts';

const STACK = 'kube-prometheus-stack';

/** Any text at all. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\r', "'", '`', '{', '}', '$', 'n', ' ', '#', ':', '-') }),
);

describe('text inside a query', () => {
  test('comes back from the query', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const query = promql`label_replace(${selector('a', { x: a, y: not(b), z: matches(a) })}, "x", ${quoted(b)}, "", "")`;
        expect(stringsOf(query.text)).toEqual([a, b, a, 'x', b, '', '']);
      }),
      { numRuns: 500 },
    );
  });

  test('comes back from the query inside YAML', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expr = promql`
          sum(
            ${selector('a', { x: a })}
            + ${selector('b', { y: b })}
          )`.text;
        const { rules } = load(yamlDocument('about', { rules: [{ expr }] })) as { rules: { expr: string }[] };
        expect(rules.flatMap((rule) => stringsOf(rule.expr))).toEqual([a, b]);
      }),
      { numRuns: 300 },
    );
  });

  test('as a regular expression of literal values matches these and no others', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.array(text, { maxLength: 4 }),
        (values, others) => {
          const regex = new RegExp(`^(?:${oneOf(values).value})$`, 'u');
          for (const value of [...values, ...others]) expect(regex.test(value)).toBe(values.includes(value));
          expect(new RegExp(`^(?:${escapeRegex(values.join(''))})$`, 'u').test(values.join(''))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('text inside YAML', () => {
  const leaf = fc.oneof(
    text.filter((value) => !value.endsWith('\n')),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(true, false, null),
  );
  const key = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\n'));

  const { tree } = fc.letrec<{ readonly tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }));

  test('comes back, wherever it stands', () => {
    fc.assert(
      fc.property(fc.dictionary(key, tree, { noNullPrototype: true }), (given) => {
        expect(load(yamlDocument('about', given))).toEqual(plain(given));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the name of a cluster', () => {
  const name = fc.oneof(
    line,
    fc.string({ unit: fc.constantFrom('{', '{{', '}}', '$', '1', '"', '`', ' ', 'a', "'", '\\'), minLength: 1 }),
  );

  /** What jobs for the control plane keep. */
  const API_SERVER = {
    __meta_kubernetes_namespace: 'default',
    __meta_kubernetes_service_name: 'kubernetes',
    __meta_kubernetes_endpoint_port_name: 'https',
  };

  test('comes back from every scrape job', () => {
    fc.assert(
      fc.property(name, (given) => {
        for (const { relabel_configs: configs } of scrapeJobs({ cluster: { name: given }, targets: [STACK] })) {
          const target = { __meta_kubernetes_pod_container_name: 'retina', ...API_SERVER, __address__: '10.0.0.1' };
          expect(relabel(configs, target)).toMatchObject({ cluster: given });
        }
      }),
      { numRuns: 30 },
    );
  });

  test('comes back from kube-state-metrics', () => {
    fc.assert(
      fc.property(name, (given) => {
        const values = stackValues({ cluster: { name: given }, targets: [STACK] });
        const steps = values['kube-state-metrics']?.prometheus?.monitor.relabelings ?? [];
        const configs = steps.map(({ targetLabel, replacement }) => ({ target_label: targetLabel, replacement }));
        expect(relabel(configs, {})).toEqual({ cluster: given });
      }),
      { numRuns: 30 },
    );
  });

  // Half a character cannot be written as UTF-8: every check would find the file changed.
  test('is refused when it is no Unicode', () => {
    expect(complaintsOfYaml('cluster: { name: "\\ud800" }')).toHaveLength(1);
  });
});
