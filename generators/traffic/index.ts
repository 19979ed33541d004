import { identityMetrics } from '../identity/index.ts';
import { domain } from '../domain.ts';
import { trafficAlerts } from './alerts/index.ts';
import { flowChecks, somethingBuilt, zoneRegex } from './checks.ts';
import { READS, SETTINGS } from './config.ts';
import { DASHBOARD_LABELS } from './dashboard/labels.ts';
import { zoneTraffic } from './dashboard/index.ts';
import { noZoneWorkload, zoneWorkload } from './dashboard/workload/index.ts';
import { NO_SOURCE, noTraffic, primaryInput } from './input.ts';
import { rangeChecks } from './range-checks.ts';
import { TRAFFIC_LABELS } from './records/names.ts';
import { trafficRuleFiles } from './rule-files.ts';

export {
  hubbleDns,
  hubbleDnsMetric,
  hubbleEnds,
  hubbleLabelsContext,
  hubbleLost,
  hubbleMetric,
  hubblePeerViews,
  hubbleSeen,
  hubbleSelections,
  hubbleTrace,
  labelsContext,
} from './hubble.ts';
export {
  chosenSources,
  inputsOf,
  labelsRead,
  metricsRead,
  readsFrom,
  selectionName,
  sourceLabels,
  type FlowInput,
} from './input.ts';
export { noCost } from './price-book.ts';
export { rulerLabels } from './rulers.ts';
export { costNames, trafficNames } from './records/names.ts';
export {
  BUFFER_BYTES,
  SIDES,
  type DnsCounters,
  type EndLabels,
  type FlowSource,
  type LossCounter,
  type Selection,
  type Side,
  type Unit,
} from './source.ts';

/** Traffic between workloads and between zones, and its cost. */
export const trafficDomain = domain({
  id: 'traffic',
  settings: SETTINGS,
  reads: READS,
  checks: [somethingBuilt, zoneRegex, ...rangeChecks],
  sourceChecks: flowChecks,
  enabled: (config) => noTraffic(config) ?? true,
  ruleFiles: trafficRuleFiles,
  stateMetrics: (config) => {
    const { resources, labels } = identityMetrics(config);
    // Addresses of Services.
    return { resources: [...resources, 'services'], labels };
  },
  alerts: trafficAlerts,
  dashboards: [
    {
      uid: 'zone-traffic',
      build: (config, isBuilt) => {
        const input = primaryInput(config.inputs);
        return input === undefined ? { reason: NO_SOURCE } : zoneTraffic(config, input, isBuilt);
      },
    },
    {
      uid: 'zone-workload',
      build: (config, isBuilt) => {
        const input = primaryInput(config.inputs);
        const reason = input === undefined ? NO_SOURCE : noZoneWorkload(config, input);
        return input === undefined || reason !== undefined
          ? { reason: reason ?? NO_SOURCE }
          : zoneWorkload(config, input, isBuilt);
      },
    },
  ],
  labels: [...TRAFFIC_LABELS, ...DASHBOARD_LABELS],
});
