import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import { identityMetrics } from '../identity/index.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { slower } from '../settings/general.ts';
import { hintAlerts, routingAlerts, workloadAlerts } from './alerts.ts';
import { changeRules } from './changes.ts';
import { zoneRouting } from './dashboard/index.ts';
import { serviceRules } from './endpoints.ts';
import { ROUTING_METRICS } from './metrics.ts';
import { ROUTING_LABELS } from './names.ts';
import { conditionRule, nodeRules } from './nodes.ts';
import { crossingInputs, noCrossing, noRouting, READS, type RoutingConfig, SETTINGS } from './settings.ts';
import { crossingRules, workloadRules } from './workloads.ts';

export { routingNames } from './names.ts';
export { crossing, noRouting, shownInput } from './settings.ts';

function ruleFiles(config: RoutingConfig): Built<RuleFile> {
  const reason = noRouting(config);
  if (reason !== undefined) return { built: [], skipped: [{ kind: 'rules on routing', reason }] };
  // Endpoints and hints change by rollouts and by hand; the joins with the traffic cost more than they tell anew each minute.
  const interval = slower(config.rules, 2);
  const group = (name: string, rules: readonly Rule[]) => ({ name, interval, rules });
  const inputs = crossingInputs(config);
  const groups = [
    group('azimuth-routing-services', [
      ...serviceRules(config),
      ...nodeRules(config),
      conditionRule(config),
      ...alertsFor(config, hintAlerts),
    ]),
    group('azimuth-routing-workloads', [
      ...workloadRules(config),
      ...inputs.flatMap((input) => crossingRules(config, input)),
      ...alertsFor(config, workloadAlerts),
    ]),
    group('azimuth-routing-changes', changeRules(config, inputs, interval)),
  ];
  const crossing = noCrossing(config);
  return {
    built: [{ name: 'zone-routing', header: 'How Services are routed by zone: records and alerts.', groups }],
    skipped: crossing === undefined ? [] : [{ kind: 'records of traffic into Services', reason: crossing }],
  };
}

/** How Services are routed: zone hints, endpoints and pods by zone, what crosses zones because of them, and what changed. */
export const routingDomain = domain({
  id: 'routing',
  settings: SETTINGS,
  reads: READS,
  enabled: (config) => noRouting(config) ?? true,
  ruleFiles,
  stateMetrics: (config) => {
    const own = identityMetrics(config);
    return {
      resources: [...own.resources, ...ROUTING_METRICS.resources],
      labels: { ...ROUTING_METRICS.labels, nodes: [...(own.labels.nodes ?? []), ...ROUTING_METRICS.labels.nodes] },
      annotations: ROUTING_METRICS.annotations,
    };
  },
  alerts: routingAlerts,
  dashboards: [
    {
      uid: 'zone-routing',
      build: (config) => {
        const reason = noRouting(config);
        return reason === undefined ? zoneRouting(config) : { reason };
      },
    },
  ],
  labels: ROUTING_LABELS,
});
