import { describe, expect, test } from '@jest/globals';
import { REPORTS } from '../support/expected-traffic.ts';
import { generate } from '../support/generate.ts';
import { fires, type Labels, silent } from './allowances-input.ts';
import { NAMES } from './pipeline-cases.ts';
import {
  ABSENT,
  ALL,
  alertsIn,
  constant,
  during,
  expectAlerts,
  holding,
  skippedAlerts,
  type Turn,
} from './pipeline-input.ts';

const PLACE: Labels = { cluster: 'production' };
const MINUTES = 60;

const ONE_VIEW = { TrafficCountedTwice: 'the source reports one end only' };
const ZONES_BESIDE = {
  TrafficUnattributed: 'the source counts cross-zone traffic only, even if a zone is unknown',
};
const LOSSES_UNKNOWN = { FlowEventsLost: 'the source does not count what it loses' };

describe('what cannot be had is left out and listed with the reason', () => {
  test.each([
    ...Object.entries(REPORTS).map(([id, reports]) => ({
      name: id,
      flows: { source: id },
      skipped: {
        ...(!reports.includes('destinations') && ZONES_BESIDE),
        ...(!reports.includes('peer views') && ONE_VIEW),
        ...(!reports.includes('lost events') && LOSSES_UNKNOWN),
      },
    })),
    { name: 'hubble and another', flows: { source: ['kubezonnet', 'retina-hubble'] }, skipped: {} },
    { name: 'the compatibility selection', flows: { select: 'compatibility' }, skipped: {} },
    { name: 'matchers', flows: { select: 'traffic_direction="ingress"' }, skipped: {} },
  ])('$name', ({ flows, skipped }) => {
    expect(skippedAlerts({ ...ALL, flows })).toEqual(skipped);
    expect(alertsIn(generate({ ...ALL, flows }))).toEqual(NAMES.filter((name) => !Object.hasOwn(skipped, name)));
  });

  test('all but those on the rules themselves, without flows', () => {
    const flows = { source: 'none' };
    const onRules = ['RuleEvaluationFailing', 'RuleGroupSlow'];
    const onTraffic = NAMES.filter((name) => !onRules.includes(name));
    const onAgents = ['FlowAgentDown', 'FlowAgentThrottled', 'FlowSeriesChurn'];
    expect(skippedAlerts({ ...ALL, flows })).toEqual(
      Object.fromEntries([...onTraffic, ...onAgents].map((name) => [name, 'flows.source is none'])),
    );
    expect(alertsIn(generate({ ...ALL, flows }))).toEqual(onRules);
  });
});

describe('retina-standard, which counts bytes and packets', () => {
  const generated = generate({ flows: { source: 'retina-standard' } });
  const units = ['network_bytes', 'network_packets'] as const;
  const endpoint = (unit: string) => `source_endpoint:${unit}:rate5m`;
  const sent = (unit: string, level: number) =>
    constant(endpoint(unit), { ...PLACE, namespace: 'shop', pod: 'cart-1' }, level, MINUTES);
  const at = MINUTES - 5;
  const firing = (alert: string, ...wanted: readonly string[]) =>
    fires(
      alert,
      'warning',
      at,
      wanted.map((unit) => ({ ...PLACE, unit, ...(alert === 'IdentitySourceSilent' && { cause: 'no_pods' }) })),
    );

  test('TrafficLost: each unit against its own total', async () => {
    const lost = (unit: string, level: number) => constant(`cluster:${unit}_lost:rate5m`, PLACE, level, MINUTES);
    const input = (bytes: number, packets: number) => [
      sent('network_bytes', 150_000),
      sent('network_packets', 100),
      lost('network_bytes', bytes),
      lost('network_packets', packets),
    ];
    await expectAlerts(generated, input(2, 2), firing('TrafficLost', 'network_packets'));
    await expectAlerts(generated, input(1600, 1), firing('TrafficLost', 'network_bytes'));
    await expectAlerts(generated, input(1600, 2), firing('TrafficLost', ...units));
    await expectAlerts(generated, input(1500, 1), ...silent('TrafficLost', 'warning', [5, at]));
    // Of no traffic at all, a rounding error is no share.
    const none = [sent('network_packets', 0), lost('network_packets', -1e-9)];
    await expectAlerts(generated, none, ...silent('TrafficLost', 'warning', [5, at]));
  });

  test('TrafficUnattributed and TrafficCountedTwice: each unit alone', async () => {
    const share = (unit: string, level: number) =>
      constant(`cluster:${unit}_unattributed:ratio_rate5m`, { ...PLACE, reason: 'gone' }, level, MINUTES);
    const ratio = (unit: string, level: number) =>
      constant(`cluster:${unit}_initiator_over_receiver:ratio_rate5m`, PLACE, level, MINUTES);
    await expectAlerts(
      generated,
      [
        share('network_bytes', 0.2),
        share('network_packets', 0.05),
        ratio('network_bytes', 1.1),
        ratio('network_packets', 2),
      ],
      firing('TrafficUnattributed', 'network_bytes'),
      firing('TrafficCountedTwice', 'network_packets'),
    );
  });

  test('FlowSourceSilent: the unit that is missing; IdentitySourceSilent: the unit that is not', async () => {
    const node = constant('kube_node_info', { ...PLACE, node: 'a' }, 1, MINUTES);
    await expectAlerts(
      generated,
      [node, sent('network_bytes', 0)],
      firing('FlowSourceSilent', 'network_packets'),
      firing('IdentitySourceSilent', 'network_bytes'),
    );
    await expectAlerts(generated, [node], firing('FlowSourceSilent', ...units), firing('IdentitySourceSilent'));
  });
});

describe('kube-state-metrics that comes and goes', () => {
  const generated = generate();
  const nodes = (...turns: readonly Turn[]) => [holding('kube_node_info', { ...PLACE, node: 'a' }, during(...turns))];
  const firing = (minute: number, ...where: readonly Labels[]) => fires('FlowSourceSilent', 'warning', minute, where);
  const there = { ...PLACE, unit: 'network_flows' };

  test('a restart does not start the wait of FlowSourceSilent anew, nor end it', async () => {
    await expectAlerts(generated, nodes([8, 1], [3, ABSENT], [20, 1]), firing(15), firing(16, there));
    await expectAlerts(
      generated,
      nodes([20, 1], [3, ABSENT], [20, 1]),
      ...[19, 20, 21, 22, 23, 24, 30].map((minute) => firing(minute, there)),
    );
  });

  test('a cluster that is gone for good is forgotten', async () => {
    await expectAlerts(generated, nodes([12, 1], [40, ABSENT]), firing(16, there), firing(18), firing(40));
  });
});
