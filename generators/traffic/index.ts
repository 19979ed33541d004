import { ALERT_LABELS } from '../alerts/spec.ts';
import { domain } from '../domain.ts';
import { VARIABLE_LABELS } from '../panels/shared.ts';
import { trafficAlerts, withoutFlows } from './alerts.ts';
import { flowChecks, somethingToDo } from './checks.ts';
import { READS, SETTINGS } from './config.ts';
import { zoneTraffic } from './dashboard/index.ts';
import { primaryInput } from './input.ts';
import { TRAFFIC_LABELS } from './records/names.ts';
import { trafficRuleFiles } from './rule-files.ts';

export {
  hubbleEnds,
  hubbleLabelsContext,
  hubbleLost,
  hubbleMetric,
  hubblePeerViews,
  hubbleSelections,
  labelsContext,
} from './hubble.ts';
export {
  chosenSources,
  countedSeries,
  inputsOf,
  labelsRead,
  metricsRead,
  readsFrom,
  selectionName,
  sourceLabels,
  type FlowInput,
} from './input.ts';
export { noCost } from './price-book.ts';
export { costNames, trafficNames } from './records/names.ts';
export { CLOUD, FLOWS, ZONES, type Flows } from './settings.ts';
export { SIDES, type EndLabels, type FlowSource, type Selection, type Side, type Unit } from './source.ts';

/** Collectors of kube-state-metrics whose metrics the rules read. Upstream: kube-state-metrics, internal/store/builder.go. */
const COLLECTORS = ['jobs', 'nodes', 'pods', 'replicasets', 'services'];

/** Traffic between workloads and between zones, and its cost. */
export const trafficDomain = domain({
  id: 'traffic',
  settings: SETTINGS,
  reads: READS,
  checks: [somethingToDo],
  sourceChecks: flowChecks,
  enabled: (config) => withoutFlows(config) ?? true,
  ruleFiles: trafficRuleFiles,
  stateMetrics: ({ inputs, zones }) =>
    inputs.length === 0
      ? { resources: [], labels: {} }
      : { resources: COLLECTORS, labels: zones.from.includes('node-label') ? { nodes: [zones.nodeLabel] } : {} },
  alerts: trafficAlerts,
  dashboards: [
    {
      uid: 'zone-traffic',
      build: (config) => {
        const input = primaryInput(config.inputs);
        return input === undefined ? { reason: 'flows.source is none' } : zoneTraffic(config, input);
      },
    },
  ],
  labels: [...TRAFFIC_LABELS, ...ALERT_LABELS, ...VARIABLE_LABELS],
});
