import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { workloadTypeOf } from '../../bench/model.ts';
import { DOMAINS } from '../../generators/index.ts';
import { STACK_CILIUM } from './cilium-state.ts';
import { dashboardOf, expectTruth, substituted } from './panels.ts';
import { startStack, type Stack } from './stack.ts';
import { namespacesByTraffic, zoneTrafficTruths } from './traffic-truths.ts';
import { FIRST_WORKLOAD } from './zone-workload-truths.ts';
import { TRUTHS } from './truths.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack('retina-hubble', {}, STACK_CILIUM);
}, 240_000);

afterAll(async () => {
  await stack?.stop();
}, 60_000);

describe('on a live synthetic cluster, through the generated scrape jobs and rules', () => {
  // Money is shown by the month, and where bytes are counted: zone-cost.test.ts.
  const uids = DOMAINS.flatMap(({ dashboards }) => dashboards).filter((uid) => uid !== 'zone-cost');
  test.each(uids)('every panel of %s shows the truth', async (uid) => {
    await expectTruth(stack, uid, TRUTHS[uid]?.(stack) ?? {});
  });

  test.each([
    ['one namespace', 1, ['cross_zone']],
    ['several namespaces, and all localities', 2, ['cross_zone', 'same_zone', 'unknown']],
  ] as const)('every panel of zone-traffic shows the truth of %s', async (_what, count, localities) => {
    const namespaces = namespacesByTraffic(stack)
      .slice(0, count)
      .map(({ labels }) => labels['namespace'] ?? '');
    const choice = { namespaces, localities };
    await expectTruth(stack, 'zone-traffic', zoneTrafficTruths(stack, choice), choice);
  });

  test('what is chosen at first has the most cross-zone traffic', async () => {
    const largest = async (uid: string, name: string): Promise<readonly (string | undefined)[]> => {
      const variable = dashboardOf(stack, uid).variables.find((item) => item.kind === 'largest' && item.name === name);
      if (variable?.kind !== 'largest') throw new Error(`no variable ${name}`);
      const { expr, label } = variable.query;
      const query = substituted(stack, uid, { expr, mode: 'instant', format: 'table', legend: '' });
      const { samples } = await stack.prometheus.instant(`sort_desc(${query})`, stack.settledAt);
      return samples.map(({ metric }) => metric[label]);
    };
    const namespaces = namespacesByTraffic(stack).map(({ labels }) => labels['namespace']);
    const offered = await largest('zone-traffic', 'pods_namespace');
    expect(offered[0]).toBe(namespaces[0]);
    expect(new Set(offered)).toEqual(new Set(namespaces));
    expect((await largest('zone-workload', 'namespace'))[0]).toBe(namespaces[0]);
    expect((await largest('zone-workload', 'workload'))[0]).toBe(FIRST_WORKLOAD(stack).workload);
  });

  test('every variable offers the right values', async () => {
    const offered = async (uid: string, name: string): Promise<string[]> => {
      const variable = dashboardOf(stack, uid).variables.find((item) => item.kind === 'query' && item.name === name);
      if (variable?.kind !== 'query') throw new Error(`no variable ${name}`);
      const selector = variable.query.selector.text.replaceAll(/\$(cluster|namespace|kind)/g, '.*');
      const { samples } = await stack.prometheus.instant(
        `group by (${variable.query.label}) (${selector})`,
        stack.settledAt,
      );
      return samples.map(({ metric }) => metric[variable.query.label] ?? '').toSorted();
    };
    const sources = [...new Set(stack.truth.workloadPairs.map(({ source }) => source.namespace))].toSorted();
    expect(await offered('zone-traffic', 'cluster')).toEqual([stack.cluster.name]);
    expect(await offered('zone-traffic', 'namespace')).toEqual(sources);
    const { pods } = stack.cluster;
    const all = (values: readonly string[]) => [...new Set(values)].toSorted();
    expect(await offered('workload-resources', 'namespace')).toEqual(all(pods.map(({ namespace }) => namespace)));
    expect(await offered('workload-resources', 'kind')).toEqual(all(pods.map(workloadTypeOf)));
    expect(await offered('workload-resources', 'workload')).toEqual(all(pods.map(({ workload }) => workload.name)));
    expect(await offered('node-allowances', 'node')).toEqual(stack.cluster.nodes.map(({ name }) => name).toSorted());
  });

  test('all traffic is accounted for, and no rule has failed', async () => {
    const { samples } = await stack.prometheus.instant('sum(workload_pair:network_flows:rate20s)', stack.settledAt);
    expect(Math.abs((samples[0]?.value ?? 0) / stack.truth.total - 1)).toBeLessThan(0.02);
    const { samples: failures } = await stack.prometheus.instant('sum(prometheus_rule_evaluation_failures_total)');
    expect(failures.map(({ value }) => value)).toEqual([0]);
    const response = await fetch(`${stack.prometheus.url}/api/v1/rules`);
    const { data } = (await response.json()) as { data: { groups: { rules: { name: string; health: string }[] }[] } };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.length).toBeGreaterThan(20);
  });

  // The last test, as the exporters stay silent.
  test('without exporters, no tile and no table of node-allowances says 0 or "none", and one says how many nodes are silent', async () => {
    await stack.silenceExporters();
    const now = Date.now() / 1000 - 1;
    const shown = dashboardOf(stack, 'node-allowances')
      .sections.flatMap(({ panels }) => panels)
      .flatMap(({ key, panel }) => panel.targets.map((target) => ({ key, target })))
      .filter(({ target }) => target.mode === 'instant');
    const answers = await Promise.all(
      shown.map(async ({ key, target }) => {
        const { samples } = await stack.prometheus.instant(substituted(stack, 'node-allowances', target), now);
        return { key, samples };
      }),
    );
    const keys = (some: typeof answers) => [...new Set(some.map(({ key }) => key))].join(' ');
    expect(keys(answers.filter(({ samples }) => samples.length === 0))).toContain(
      'limited conntrack linklocal pps bw-in bw-out ',
    );
    // What was known before: alerts keep firing for a while, and the week remembers.
    expect(keys(answers.filter(({ samples }) => samples.length > 0))).toBe(
      'reporting silent limited-nodes talkers firing-alerts limited-week',
    );
    expect(
      answers.flatMap(({ samples }) => samples.filter(({ metric }) => Object.values(metric).includes('none'))),
    ).toEqual([]);
    const value = (key: string) => answers.find((answer) => answer.key === key)?.samples.map((sample) => sample.value);
    const ec2 = stack.cluster.nodes.filter(({ providerId }) => providerId.startsWith('aws://'));
    expect({ reporting: value('reporting'), silent: value('silent') }).toEqual({
      reporting: [0],
      silent: [ec2.length],
    });
    // Without the fault, the same would be there.
    const { samples } = await stack.prometheus.instant('group(metric:pps_allowance_exceeded)', stack.settledAt);
    expect(samples).toHaveLength(1);
  }, 60_000);
});
