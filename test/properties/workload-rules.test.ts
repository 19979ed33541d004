import { jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { complaints } from '../support/problems.ts';
import { generate, RULES } from '../support/generate.ts';
import { testAllRules } from '../support/rule-test.ts';
import { kubeStateMetrics, type PodSpec, sample } from '../promtool/scenario.ts';

jest.setTimeout(120_000);

interface Rule {
  readonly kind: string;
  readonly name: string;
  readonly workload: string;
  readonly type?: string;
}

/** Configured rules by their definition: the first that matches the whole kind and name counts, unless its workload is empty. */
function workloadOf(rules: readonly Rule[], kind: string, name: string): readonly [type: string, workload: string] {
  const found = rules.find((rule) => RE2JS.matches(rule.kind, kind) && RE2JS.matches(rule.name, name));
  if (found === undefined) return [kind, name];
  const matcher = RE2JS.compile(found.name).matcher(name);
  matcher.matches();
  const workload = found.workload.replaceAll(
    /\$\{?([0-9]+)\}?/g,
    (_, group: string) => matcher.group(Number(group)) ?? '',
  );
  return workload === '' ? [kind, name] : [found.type ?? kind, workload];
}

const KINDS = ['Alpha', 'Alphabet', 'Beta', 'Pod', 'Workflow'];

const kindRegex = fc.constantFrom(
  'Alpha',
  'Alpha.*',
  '.*',
  'Beta|Alpha',
  '(Al)pha(bet)?',
  '[^P].*',
  '(?i)BETA',
  'Pod',
  '()',
);

/** Expressions with and without groups, greedy and not, with everything that must be escaped somewhere. */
const namePart = fc.constantFrom(
  'a',
  'b',
  '-',
  '.',
  '.*',
  '.+',
  '[^-]+',
  '(.*)',
  '(.+?)',
  '(a|b)',
  '(a)?',
  '(?:ab)*',
  '([ab]+)-',
  String.raw`\.`,
  String.raw`\x61`,
  String.raw`\d*`,
  '"*',
  "'?",
  '(?i)A',
  '(-|$)',
  '/?',
  '[^a]*',
  String.raw`\Qa.b\E`,
  '(?s:.)',
  '(b{1,2})',
);
const nameRegex = fc.oneof(
  fc.array(namePart, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  fc.tuple(namePart, namePart).map((parts) => parts.join('|')),
);

const rule: fc.Arbitrary<Rule> = fc.tuple(kindRegex, nameRegex).chain(([kind, name]) => {
  const groups = RE2JS.compile(name).groupCount();
  const references = Array.from({ length: groups }, (_, index) => [`$${index + 1}`, `\${${index + 1}}`]).flat();
  return fc.record(
    {
      kind: fc.constant(kind),
      name: fc.constant(name),
      workload: fc
        .array(fc.constantFrom('a', '1', '_', '-', '.', ...references, ...references), { minLength: 1, maxLength: 4 })
        // `$1` and a digit behind it are another group.
        .map((parts) =>
          parts.reduce((text, part) => text + (/\$[0-9]+$/.test(text) && /^[0-9]/.test(part) ? 'x' : part), ''),
        ),
      type: fc.constantFrom('Alpha', 'Other', 'Workflow'),
    },
    { requiredKeys: ['kind', 'name', 'workload'] },
  );
});

/** Short names of few characters, so that rules match often. */
const name = fc.stringMatching(/^[ab1]([-.ab1]{0,6}[ab1])?$/);

test('whatever the rules, a controller becomes what the first that matches says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(rule, { minLength: 1, maxLength: 8, selector: (one) => JSON.stringify(one) }),
      fc.uniqueArray(fc.tuple(fc.constantFrom(...KINDS), name), { minLength: 20, maxLength: 40, selector: String }),
      async (rules, controllers) => {
        const workloads = { rules, builtInRules: false };
        fc.pre(complaints({ workloads }).length === 0);
        // The kind Pod stands for a pod without a controller.
        const isBare = (kind: string) => kind === 'Pod';
        const pods = controllers.map(([kind, called], index): PodSpec => ({
          namespace: isBare(kind) ? 'bare' : 'ns',
          name: isBare(kind) ? called : `pod-${index}`,
          node: 'n',
          ...(isBare(kind) ? {} : { controller: [kind, called] }),
        }));
        const expected = controllers.map(([kind, called], index) => {
          const [workload_type, workload] = workloadOf(rules, kind, called);
          const { namespace, name: pod } = pods[index] as PodSpec;
          return sample({ cluster: 'one', namespace, pod, workload_type, workload }, 1);
        });
        await testAllRules(
          [generate({ workloads }).file(RULES.zoneTraffic)],
          [
            {
              name: JSON.stringify(rules),
              interval: '30s',
              input_series: kubeStateMetrics([{ name: 'n', label: 'z' }], pods),
              promql_expr_test: [
                {
                  expr: 'group by (cluster, namespace, pod, workload_type, workload) (cluster_namespace_pod:identity:info)',
                  eval_time: '3m',
                  exp_samples: expected,
                },
              ],
            },
          ],
        );
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});
