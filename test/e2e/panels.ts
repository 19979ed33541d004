import { expect } from '@jest/globals';
import type { Dashboard, PanelTarget } from '../../generators/index.ts';
import type { Stack } from './stack.ts';
import { AT_FIRST, type Choice, PODS_NAMESPACE } from './traffic-truths.ts';
import { FIRST_WORKLOAD } from './zone-workload-truths.ts';
import { expectAnswer, type Answer } from './vector.ts';

/** Several values as Grafana writes them into a regular expression, single ones as they are. */
const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;

/** The values of variables that a dashboard has beside those of all: one workload, or the choice of namespaces and localities. */
function valuesFor(stack: Stack, uid: string, { namespaces, localities }: Choice): Readonly<Record<string, string>> {
  if (uid === 'zone-workload') return FIRST_WORKLOAD(stack);
  return {
    namespace: namespaces === undefined ? '.*' : oneOf(namespaces),
    locality: oneOf(localities),
    workload: '.*',
    pods_namespace: PODS_NAMESPACE(stack),
  };
}

/** The query as Grafana sends it, with what a dashboard has chosen at first, unless told: All nearly everywhere. */
export function substituted(stack: Stack, uid: string, { expr }: PanelTarget, choice: Choice = AT_FIRST): string {
  const values: Record<string, string> = {
    cluster: '.*',
    kind: '.*',
    service: '.*',
    node: '.*',
    job: '.*',
    uuid: '.*',
    __range: '30s',
    ...valuesFor(stack, uid, choice),
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
  choice: Choice = AT_FIRST,
): Promise<void> {
  const panels = dashboardOf(stack, uid).sections.flatMap(({ panels: placed }) => placed);
  expect(panels.map(({ key }) => key).toSorted()).toEqual(Object.keys(truths).toSorted());
  for (const { key, panel } of panels) {
    const answers = truths[key] ?? [];
    expect({ key, queries: panel.targets.length }).toEqual({ key, queries: answers.length });
    for (const [index, target] of panel.targets.entries()) {
      const query = substituted(stack, uid, target, choice);
      const { samples, warnings } = await stack.prometheus.instant(query, stack.settledAt);
      expect({ key, warnings }).toEqual({ key, warnings: [] });
      const answer = answers[index];
      if (answer !== undefined) expectAnswer(`${uid}/${key}[${index}]`, samples, answer);
      // Over a time range as well, where the panel draws one: without an error, and with the same series.
      const { series } = await stack.prometheus.range(query, stack.settledAt - 10, stack.settledAt, 2);
      const shown = target.mode === 'range' ? series.length : samples.length;
      // Where a query cuts, two that are nearly equal may change places at the border.
      const spare = answer?.limit === undefined ? (answer?.required === undefined ? 0 : 8) : 2;
      expect({
        key,
        missing: Math.max(0, samples.length - shown - (answer?.required === undefined ? 0 : spare)),
        extra: Math.max(0, shown - samples.length - spare),
      }).toEqual({ key, missing: 0, extra: 0 });
    }
  }
}
