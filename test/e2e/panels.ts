import { expect } from '@jest/globals';
import type { Dashboard, PanelTarget } from '../../generators/index.ts';
import type { Stack } from './stack.ts';
import { PODS_NAMESPACE } from './truths.ts';
import { expectAnswer, type Answer } from './vector.ts';

/** The query as Grafana sends it with All chosen everywhere. */
export function substituted(stack: Stack, { expr }: PanelTarget): string {
  const values: Record<string, string> = {
    cluster: '.*',
    namespace: '.*',
    kind: '.*',
    workload: '.*',
    service: '.*',
    node: '.*',
    job: '.*',
    __range: '30s',
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

/** A generated dashboard. @throws Error when there is none of that uid. */
export const dashboardOf = (stack: Stack, uid: string): Dashboard => {
  const found = stack.generated.bundle.dashboards.find((dashboard) => dashboard.uid === uid);
  if (found === undefined) throw new Error(`no dashboard ${uid}`);
  return found;
};

/** Compares every query of every panel with the truth; a panel without a truth, or a truth without a panel, fails. */
export async function expectTruth(
  stack: Stack,
  uid: string,
  truths: Readonly<Record<string, readonly Answer[]>>,
): Promise<void> {
  const panels = dashboardOf(stack, uid).sections.flatMap(({ panels: placed }) => placed);
  expect(panels.map(({ key }) => key).toSorted()).toEqual(Object.keys(truths).toSorted());
  for (const { key, panel } of panels) {
    const answers = truths[key] ?? [];
    expect({ key, queries: panel.targets.length }).toEqual({ key, queries: answers.length });
    for (const [index, target] of panel.targets.entries()) {
      const query = substituted(stack, target);
      const { samples, warnings } = await stack.prometheus.instant(query, stack.settledAt);
      expect({ key, warnings }).toEqual({ key, warnings: [] });
      const answer = answers[index];
      if (answer !== undefined) expectAnswer(`${uid}/${key}[${index}]`, samples, answer);
      // Over a time range as well, where the panel draws one: without an error, and with the same series.
      const { series } = await stack.prometheus.range(query, stack.settledAt - 10, stack.settledAt, 2);
      const shown = target.mode === 'range' ? series.length : samples.length;
      // Where a query cuts, two that are nearly equal may change places at the border.
      const spare = answer?.limit === undefined ? 0 : 2;
      expect({
        key,
        missing: Math.max(0, samples.length - shown),
        extra: Math.max(0, shown - samples.length - spare),
      }).toEqual({ key, missing: 0, extra: 0 });
    }
  }
}
