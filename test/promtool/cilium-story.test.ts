import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, INTERVAL, type Labels, silent } from './allowances-input.ts';
import { constant, type Level, holding } from './pipeline-input.ts';

const generated = generate({ flows: { source: 'cilium-hubble' } });
const rules = generated.file(RULES.cilium);
const NODES = ['n1', 'n2', 'n3', 'n4'];
const MINUTES = 60;

const agent = (node: string): Labels => ({ cluster: 'production', node, instance: node, job: 'cilium-agent' });
const at = (node: string): Labels => ({ cluster: 'production', node });

/** Every tier of every alert. */
const TIERS = generated.bundle.ruleFiles
  .filter(({ name }) => name === 'cilium')
  .flatMap(({ groups }) => groups.flatMap(({ rules: all }) => all))
  .flatMap((rule) => ('alert' in rule ? [[rule.alert, rule.labels.severity] as const] : []));

/** A counter that grows by so much in a minute and begins at 0 with each new process. */
function counted(
  name: string,
  labels: Labels,
  perMinute: (minute: number) => number,
  starts: readonly number[] = [],
): InputSeries {
  let value = 1e6;
  const levels = Array.from({ length: MINUTES }, (_, minute): Level => {
    if (starts.includes(minute)) value = 0;
    return (value += perMinute(minute));
  });
  return holding(name, labels, levels);
}

const gauge = (name: string, labels: Labels, of: (minute: number) => Level): InputSeries =>
  holding(
    name,
    labels,
    Array.from({ length: MINUTES }, (_, minute) => of(minute)),
  );

describe('an upgrade, node by node', () => {
  /** The agent of each node is away for two minutes, and its endpoints are regenerated when it is back. */
  const begins = (node: string): number => 8 + 8 * NODES.indexOf(node);
  const isAway = (node: string, minute: number): boolean => begins(node) <= minute && minute < begins(node) + 2;
  const series = NODES.flatMap((node) => {
    const labels = agent(node);
    const back = begins(node) + 2;
    const exposed = (value: number) => (minute: number) => (isAway(node, minute) ? 'stale' : value);
    /** So many others are away, or have been within the minutes that health checks need. */
    const missed = (minute: number) =>
      NODES.filter((other) => other !== node && begins(other) <= minute && minute < begins(other) + 7).length;
    return [
      gauge('up', labels, (minute) => (isAway(node, minute) ? 0 : 1)),
      constant('kube_node_info', { ...at(node), instance: 'ksm' }, 1, MINUTES),
      gauge('cilium_process_start_time_seconds', labels, (minute) =>
        isAway(node, minute) ? 'stale' : minute < back ? -86_400 : 60 * back,
      ),
      gauge('cilium_unreachable_nodes', labels, (minute) => (isAway(node, minute) ? 'stale' : missed(minute))),
      gauge('cilium_unreachable_health_endpoints', labels, (minute) =>
        isAway(node, minute) ? 'stale' : missed(minute),
      ),
      gauge('cilium_bpf_map_pressure', { ...labels, map_name: 'ct4_global' }, exposed(0.3)),
      // A first failure when it begins, as the API server is asked by all reconcilers at once.
      gauge('cilium_reconciler_errors_current', { ...labels, module_id: 'loadbalancer-reconciler' }, (minute) =>
        isAway(node, minute) ? 'stale' : minute === back ? 3 : 0,
      ),
      gauge('cilium_ip_addresses', { ...labels, family: 'ipv4' }, exposed(60)),
      gauge('cilium_ipam_capacity', { ...labels, family: 'ipv4' }, exposed(254)),
      counted(
        'cilium_endpoint_regenerations_total',
        { ...labels, outcome: 'success' },
        (minute) => (minute === back ? 60 : 2),
        [back],
      ),
      counted(
        'cilium_endpoint_regenerations_total',
        { ...labels, outcome: 'fail' },
        (minute) => (minute === back ? 1 : 0),
        [back],
      ),
      // Packets to pods that ended meanwhile.
      counted(
        'cilium_drop_count_total',
        { ...labels, reason: 'Stale or unroutable IP', direction: 'INGRESS' },
        (minute) => (Math.abs(minute - back) < 2 ? 900 : 60),
        [back],
      ),
    ];
  });
  const operators = ['n1', 'n2'].map((node, index) =>
    gauge('up', { ...agent(node), job: 'cilium-operator' }, (minute) => (minute >= 50 && minute < 53 + index ? 0 : 1)),
  );

  test('raises nothing', async () => {
    expect(TIERS.length).toBeGreaterThan(15);
    await testRules(
      [rules],
      [
        {
          name: 'upgrade',
          interval: INTERVAL,
          input_series: [...series, ...operators],
          promql_expr_test: TIERS.flatMap(([alert, severity]) =>
            [20, 30, 40, 50, 59].map((minute) => ({ ...fires(alert, severity, minute, []) })),
          ),
        },
      ],
    );
  });

  test('while an agent that stays away, and one that nobody reaches, are told', async () => {
    const stays = series.map((one) =>
      one.series.includes('up{') && one.series.includes('node="n2"')
        ? gauge('up', agent('n2'), (minute) => (minute < 16 ? 1 : 0))
        : one,
    );
    await testRules(
      [rules],
      [
        {
          name: 'one that stays away',
          interval: INTERVAL,
          input_series: [...stays, ...operators],
          promql_expr_test: [fires('CiliumAgentDown', 'warning', 45, [at('n2')])],
        },
        {
          name: 'nobody reaches n4 after all',
          interval: INTERVAL,
          input_series: [
            ...series.filter((one) => !one.series.startsWith('cilium_unreachable_nodes')),
            ...NODES.map((node) => constant('cilium_unreachable_nodes', agent(node), node === 'n4' ? 3 : 1, MINUTES)),
            constant('kube_node_info', at('other'), 1, MINUTES),
          ],
          promql_expr_test: [
            // 6 of 12 paths, less those that a restart would explain, until the last restart is ten minutes ago.
            fires('CiliumNodesUnreachable', 'warning', 59, [{ cluster: 'production', kind: 'node' }]),
          ],
        },
      ],
    );
  });
});

describe('the map of Services fills up', () => {
  /** More Services each minute, measured every five minutes; then there is no room. */
  const fullAt = 20;
  const share = (minute: number) => Math.min(1, 0.5 + 0.025 * 5 * Math.floor(minute / 5));
  const series = ['n1', 'n2'].flatMap((node) => [
    gauge('cilium_bpf_map_pressure', { ...agent(node), map_name: 'lb4_services_v2' }, (minute) =>
      node === 'n1' ? share(minute) : 0.4,
    ),
    gauge('cilium_reconciler_errors_current', { ...agent(node), module_id: 'loadbalancer-reconciler' }, (minute) =>
      node === 'n1' && minute >= fullAt ? 40 : 0,
    ),
    counted(
      'cilium_drop_count_total',
      { ...agent(node), reason: 'Service backend not found', direction: 'EGRESS' },
      (minute) => (node === 'n1' && minute >= fullAt ? 60 * 50 : 0),
    ),
  ]);
  const map = { ...at('n1'), map_name: 'lb4_services_v2' };
  const module = { ...at('n1'), module_id: 'loadbalancer-reconciler' };
  const reason = { ...at('n1'), reason: 'Service backend not found' };

  test('is told before it is full, then what is missing, then what is dropped', async () => {
    await testRules(
      [rules],
      [
        {
          name: 'full',
          interval: INTERVAL,
          input_series: series,
          promql_expr_test: [
            // Above 0.8 from minute 15 on.
            fires('CiliumBPFMapPressure', 'warning', 16 + 14, []),
            fires('CiliumBPFMapPressure', 'warning', 16 + 15, [map]),
            fires('CiliumBPFMapPressure', 'critical', fullAt + 1 + 14, []),
            fires('CiliumBPFMapPressure', 'critical', fullAt + 1 + 15, [map]),
            fires('CiliumReconcilerFailing', 'warning', fullAt + 1 + 9, []),
            fires('CiliumReconcilerFailing', 'warning', fullAt + 1 + 10, [module]),
            fires('CiliumReconcilerFailing', 'critical', fullAt + 1 + 15, [module]),
            // 50 packets/s: the mean of the window passes ten within two minutes.
            fires('CiliumDropsHigh', 'warning', fullAt + 15, [reason]),
            ...silent('CiliumDropsHigh', 'critical', [40, 59]),
            ...silent('CiliumDropsHigh', 'warning', [19]),
          ],
        },
      ],
    );
  });
});
