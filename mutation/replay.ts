import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promtool } from '../bench/process/prometheus.ts';
import { inTemporaryFolder } from '../conformance/shared/temporary.ts';
import { type Case, lastTime, type RuleTest } from './cases.ts';
import type { Mutated } from './mutants.ts';
import { type Group, needed, reduced, type Rule, seriesRead } from './rules.ts';

/** Rule files and their test, for `promtool test rules`. */
interface Document {
  readonly groups: readonly Group[];
  readonly every: string;
  readonly test: Omit<RuleTest, 'name'>;
}

interface Outcome {
  readonly passed: boolean;
}

/** Runs documents in one process; they do not share anything. */
async function runAll(documents: readonly Document[]): Promise<{ outcomes: readonly Outcome[]; report: string }> {
  return inTemporaryFolder(async (folder) => {
    const names = documents.map((_, index) => `test-${index}.yaml`);
    await Promise.all(
      documents.map(async ({ groups, every, test }, index) => {
        const rules = `rules-${index}.yaml`;
        await writeFile(join(folder, rules), JSON.stringify({ groups }));
        const document = {
          rule_files: [rules],
          evaluation_interval: every,
          // As in the tests: otherwise promtool takes them in the order of a hash map, and a rule may see no record of this evaluation.
          group_eval_order: groups.map(({ name }) => name),
          tests: [test],
        };
        await writeFile(join(folder, `test-${index}.yaml`), JSON.stringify(document));
      }),
    );
    const { code, stdout, stderr } = await promtool(['test', 'rules', ...names], { cwd: folder });
    const report = `${stdout}${stderr}`;
    const broken = /could not parse expression.*|parse error.*|panic: .*/.exec(report);
    const passed = new Set(Array.from(stdout.matchAll(/Unit Testing: +(\S+)\n +SUCCESS/g), ([, name]) => name));
    if (broken !== null || stdout.split('Unit Testing:').length !== names.length + 1)
      throw new Error(`promtool test rules: exit code ${code}\n${broken?.[0] ?? report}`);
    return { outcomes: names.map((name) => ({ passed: passed.has(name) })), report };
  });
}

const DIFFERS = 'mutation:differs';

/**
 * Rules that record a mutated expression beside the original one, and where they differ. They come before the rule itself, so that
 * a rule that reads its own record reads the same. Alerts are compared by their expression.
 */
function compared(original: Rule, mutations: readonly (readonly [Mutated, number])[], place: number): readonly Rule[] {
  const labels = original.record === undefined ? {} : { labels: original.labels ?? {} };
  const before = `mutation:original${place}`;
  return [
    { record: before, expr: original.expr, ...labels },
    ...mutations.flatMap(([{ rule }, index]) => {
      const after = `mutation:mutated${index}`;
      const expr = `count((${after} != ${before}) or (${after} unless ${before}) or (${before} unless ${after}))`;
      return [
        { record: after, expr: rule.expr, ...labels },
        { record: DIFFERS, expr, labels: { mutated: String(index) } },
      ];
    }),
  ];
}

/** How many expressions are compared in one process. */
const COMPARED = 250;

/**
 * Which mutations make their rule answer differently at any evaluation of a case. The others cannot be noticed by it, whatever it asks:
 * all rules then read and record the same. One process compares many.
 */
export async function differing(one: Case, mutations: readonly Mutated[]): Promise<ReadonlySet<Mutated>> {
  if (mutations.length > COMPARED) {
    const [head, tail] = [mutations.slice(0, COMPARED), mutations.slice(COMPARED)];
    return new Set([...(await differing(one, head)), ...(await differing(one, tail))]);
  }
  const { groups, rules, every, test } = one;
  const waiting = mutations.filter(({ original, rule }) => original.expr === rule.expr);
  const found = new Set<Mutated>(waiting);
  let rest = mutations.filter((mutated) => !found.has(mutated));
  while (rest.length > 0) {
    const current = rest;
    const expressions = [...new Set(current.map(({ original }) => original.expr))];
    const kept = needed(rules, expressions);
    const originals = new Set(current.map(({ original }) => original));
    const places = [...originals];
    const document: Document = {
      groups: reduced(groups, (rule) => {
        const own = current.flatMap((mutated, index) => (mutated.original === rule ? [[mutated, index] as const] : []));
        return [
          ...(own.length > 0 ? compared(rule, own, places.indexOf(rule)) : []),
          ...(kept.has(rule) || originals.has(rule) ? [rule] : []),
        ];
      }),
      every,
      test: {
        interval: test.interval,
        // Mutations change no names of metrics, so they read nothing else.
        input_series: seriesRead(test.input_series, [...expressions, ...[...kept].map(({ expr }) => expr)]),
        promql_expr_test: [
          {
            expr: `group by (mutated) (last_over_time(${DIFFERS}[1000h]))`,
            eval_time: lastTime(test),
            exp_samples: [],
          },
        ],
      },
    };
    const { outcomes, report } = await runAll([document]);
    if (outcomes[0]?.passed === true) return found;
    // A rule that cannot be evaluated ends the case: it is noticed, and the others are compared without it.
    const failed = new Set(
      Array.from(report.matchAll(/rule: mutation:mutated(\d+), time:/g), ([, index]) => Number(index)),
    );
    const different = Array.from(report.matchAll(/mutated="(\d+)"/g), ([, index]) => Number(index));
    for (const index of [...failed, ...different]) {
      const mutated = current[index];
      if (mutated !== undefined) found.add(mutated);
    }
    if (failed.size === 0) {
      if (different.length === 0) throw new Error(`promtool test rules failed over unchanged rules:\n${report}`);
      return found;
    }
    rest = current.filter((mutated) => !found.has(mutated));
  }
  return found;
}

/** A case with one rule mutated, and only with what its questions about that rule read. */
function mutatedCase({ groups, every, test, questions }: Case, { original, rule }: Mutated): Document {
  const asked = questions.filter(({ needs }) => needs.has(original));
  const queries = asked.map(({ query }) => query);
  const kept = new Set(asked.flatMap(({ needs }) => [...needs]));
  return {
    groups: reduced(groups, (one) => (one === original ? [rule] : kept.has(one) ? [one] : [])),
    every,
    test: {
      interval: test.interval,
      input_series: seriesRead(test.input_series, [...queries, ...[...kept].map(({ expr }) => expr)]),
      promql_expr_test: asked.flatMap((question) => question.asked.promql_expr_test ?? []),
      alert_rule_test: asked.flatMap((question) => question.asked.alert_rule_test ?? []),
    },
  };
}

/** Which mutations a case notices. */
export async function noticed(one: Case, mutations: readonly Mutated[]): Promise<readonly boolean[]> {
  if (mutations.length === 0) return [];
  const { outcomes } = await runAll(mutations.map((mutated) => mutatedCase(one, mutated)));
  return outcomes.map(({ passed }) => !passed);
}
