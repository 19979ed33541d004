import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SIMULATORS } from '../../bench/sources/index.ts';
import { totalsOf } from '../../bench/truth.ts';
import { dashboardOf, substituted } from './panels.ts';
import { startStack, type Stack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  // kube-state-metrics under its own name only, as in a scrape job without honor_labels.
  stack = await startStack('retina-hubble', { honorLabels: false });
}, 240_000);

afterAll(async () => {
  await stack?.stop();
}, 60_000);

/** What panels show instead of nothing. */
interface Field {
  readonly noValue?: string;
  readonly mappings?: readonly { readonly options: Readonly<Record<string, { readonly text?: string }>> }[];
}

/** A panel's JSON. */
interface Built {
  readonly fieldConfig?: { readonly defaults?: Field };
}

test('every panel of zone-traffic says that identity is missing, and none shows 0 traffic', async () => {
  const panels = dashboardOf(stack, 'zone-traffic').sections.flatMap(({ panels: placed }) => placed);
  const shown = await Promise.all(
    panels.map(async ({ key, panel }) => {
      const answers = await Promise.all(
        panel.targets.map(async (target) => {
          const { samples } = await stack.prometheus.instant(
            substituted(stack, 'zone-traffic', target),
            stack.settledAt,
          );
          return samples.map(({ value }) => ({ value, legend: target.legend }));
        }),
      );
      const { noValue, mappings = [] } = (panel.build().build() as Built).fieldConfig?.defaults ?? {};
      const texts = answers
        .flat()
        .map(({ value, legend }) => mappings[0]?.options[String(value)]?.text ?? `${legend}: ${value}`);
      return [key, texts.length === 0 ? noValue : texts.join()] as const;
    }),
  );
  const withheld = 'Withheld: no identity: 0';
  expect(Object.fromEntries(shown)).toEqual({
    'cross-zone': 'no identity',
    'cross-zone-share': 'no identity',
    total: 'no identity',
    'same-zone': 'no identity',
    'unknown-share': 'no identity',
    // What agents say of themselves needs no identity.
    'events-lost': 'Events lost: 0',
    locality: withheld,
    'zone-pairs': withheld,
    matrix: 'no traffic, or no identity',
    'top-pairs': 'no cross-zone traffic, or no identity',
    'workload-pairs': 'no such traffic, or no identity',
    lost: 'no identity',
    // Two views of the same flows, and agents beside nodes: neither needs pods.
    'counted-twice': expect.stringMatching(/^Counted twice: 1/),
    silent: 'Silent nodes: 0',
    unattributed: 'none, or no identity',
    'firing-alerts': 'no data',
    'zone-topology': 'no cross-zone traffic, or no identity',
    'workload-topology': 'no cross-zone traffic, or no identity',
    'pod-pairs': 'No pod of this namespace has such traffic ($locality), or no identity',
    'pod-pairs-over-time': 'No pod of this namespace has such traffic ($locality), or no identity',
  });
});

test('what was measured is there, and no record shows the namespace of kube-state-metrics', async () => {
  const { samples } = await stack.prometheus.instant('sum(source_endpoint:network_flows:rate20s)', stack.settledAt);
  // Nothing proves what stays on one node or leaves the cluster, so the selection is not completed.
  const known = { nodes: [], pods: [], services: [] };
  const { network_flows: selected = [] } = SIMULATORS['retina-hubble'].observed(stack.cluster, { known });
  expect(Math.abs((samples[0]?.value ?? 0) / totalsOf(selected).total - 1)).toBeLessThan(0.02);
  const wrong = '{__name__=~".+:.+", namespace="monitoring"} or {__name__=~".+_pair:.+"}';
  expect((await stack.prometheus.instant(wrong, stack.settledAt)).samples).toEqual([]);
});
