import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dashboard, PanelTarget } from '../../generators/index.ts';
import { startStack, type Stack } from './stack.ts';
import { nodeAllowancesTruths, PODS_NAMESPACE, zoneTrafficTruths } from './truths.ts';
import { expectAnswer, type Answer } from './vector.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
}, 240_000);

afterAll(async () => {
  await stack?.stop();
}, 60_000);

/** The query as Grafana sends it with All chosen everywhere. */
function substituted({ expr }: PanelTarget): string {
  const values: Record<string, string> = {
    cluster: '.*',
    namespace: '.*',
    node: '.*',
    pods_namespace: PODS_NAMESPACE(stack),
  };
  return expr.text.replaceAll(/\$(\w+)/g, (token, name: string) => {
    // Label replacement writes groups as $1.
    if (/^\d+$/.test(name)) return token;
    const value = values[name];
    if (value === undefined) throw new Error(`the test knows no variable ${token}`);
    return value;
  });
}

const dashboardOf = (uid: string): Dashboard => {
  const found = stack.generated.bundle.dashboards.find((dashboard) => dashboard.uid === uid);
  if (found === undefined) throw new Error(`no dashboard ${uid}`);
  return found;
};

/** Compares every query of every panel with the truth; a panel without a truth, or a truth without a panel, fails. */
async function expectTruth(uid: string, truths: Readonly<Record<string, readonly Answer[]>>): Promise<void> {
  const panels = dashboardOf(uid).sections.flatMap(({ panels: placed }) => placed);
  expect(panels.map(({ key }) => key).toSorted()).toEqual(Object.keys(truths).toSorted());
  for (const { key, panel } of panels) {
    const answers = truths[key] ?? [];
    expect({ key, queries: panel.targets.length }).toEqual({ key, queries: answers.length });
    for (const [index, target] of panel.targets.entries()) {
      const query = substituted(target);
      const { samples, warnings } = await stack.prometheus.instant(query, stack.settledAt);
      expect({ key, warnings }).toEqual({ key, warnings: [] });
      const answer = answers[index];
      if (answer !== undefined) expectAnswer(`${uid}/${key}[${index}]`, samples, answer);
      // Over a time range as well, where the panel draws one: without an error, and with the same series.
      const { series } = await stack.prometheus.range(query, stack.settledAt - 10, stack.settledAt, 2);
      expect({ key, series: target.mode === 'range' ? series.length : samples.length }).toEqual({
        key,
        series: samples.length,
      });
    }
  }
}

describe('on a live synthetic cluster, through the generated scrape jobs and rules', () => {
  test('every panel of zone-traffic shows the truth', async () => {
    await expectTruth('zone-traffic', zoneTrafficTruths(stack));
  });

  test('every panel of node-allowances shows the truth', async () => {
    await expectTruth('node-allowances', nodeAllowancesTruths(stack));
  });

  test('every variable offers the right values', async () => {
    const offered = async (uid: string, name: string): Promise<string[]> => {
      const variable = dashboardOf(uid).variables.find((item) => item.kind === 'query' && item.name === name);
      if (variable?.kind !== 'query') throw new Error(`no variable ${name}`);
      const selector = variable.query.selector.text.replaceAll('$cluster', '.*');
      const { samples } = await stack.prometheus.instant(
        `group by (${variable.query.label}) (${selector})`,
        stack.settledAt,
      );
      return samples.map(({ metric }) => metric[variable.query.label] ?? '').toSorted();
    };
    const sources = [...new Set(stack.truth.workloadPairs.map(({ source }) => source.namespace))].toSorted();
    expect(await offered('zone-traffic', 'cluster')).toEqual([stack.cluster.name]);
    expect(await offered('zone-traffic', 'namespace')).toEqual(sources);
    expect(await offered('zone-traffic', 'pods_namespace')).toEqual(sources);
    expect(await offered('node-allowances', 'node')).toEqual(stack.cluster.nodes.map(({ name }) => name).toSorted());
  });

  test('all traffic is accounted for, and no rule has failed', async () => {
    const { samples } = await stack.prometheus.instant('sum(workload_pair:network_flows:rate20s)', stack.settledAt);
    expect(Math.abs((samples[0]?.value ?? 0) / stack.truth.total - 1)).toBeLessThan(0.02);
    const { samples: failures } = await stack.prometheus.instant('sum(prometheus_rule_evaluation_failures_total)');
    expect(failures.map(({ value }) => value)).toEqual([]);
    const response = await fetch(`${stack.prometheus.url}/api/v1/rules`);
    const { data } = (await response.json()) as { data: { groups: { rules: { name: string; health: string }[] }[] } };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.length).toBeGreaterThan(20);
  });
});
