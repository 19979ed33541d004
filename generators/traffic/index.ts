import { identityMetrics } from '../identity/index.ts';
import { domain } from '../domain.ts';
import { trafficAlerts } from './alerts/index.ts';
import { flowChecks, somethingBuilt, zoneRegex } from './checks.ts';
import { READS, SETTINGS } from './config.ts';
import { costChecks } from './cost-checks.ts';
import { costInput, noMoney } from './cost-input.ts';
import { zoneCost } from './dashboard/cost/index.ts';
import { DASHBOARD_LABELS } from './dashboard/labels.ts';
import { zoneTraffic } from './dashboard/index.ts';
import { noZoneWorkload, zoneWorkload } from './dashboard/workload/index.ts';
import { NO_SOURCE, noTraffic, primaryInput } from './input.ts';
import { rangeChecks } from './range-checks.ts';
import { groupsOf } from './records/cost-groups.ts';
import { TRAFFIC_LABELS } from './records/names.ts';
import { trafficRuleFiles } from './rule-files.ts';

export {
  hubbleDns,
  hubbleDnsMetric,
  hubbleEnds,
  hubbleLabelsContext,
  hubbleLost,
  hubbleMetric,
  hubblePacketMetrics,
  hubblePackets,
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
export { noCost, priceOf, priceText, wholeBook } from './prices/index.ts';
export { rulerLabels } from '../shared/rulers.ts';
export { reportsAddresses } from './ranges.ts';
export { costNames, EXTERNAL, MONTH_NAMES, trafficNames } from './records/names.ts';
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
  checks: [somethingBuilt, zoneRegex, ...rangeChecks, ...costChecks],
  sourceChecks: flowChecks,
  enabled: (config) => noTraffic(config) ?? true,
  ruleFiles: trafficRuleFiles,
  stateMetrics: (config) => {
    const { resources, labels } = identityMetrics(config);
    const groups = noMoney(config) === undefined ? groupsOf(config) : [];
    return {
      // Addresses of Services, and whom namespaces belong to.
      resources: [...resources, 'services', ...(groups.length === 0 ? [] : ['namespaces'])],
      labels: groups.length === 0 ? labels : { ...labels, namespaces: groups },
    };
  },
  alerts: trafficAlerts,
  dashboards: [
    // First where there is money: it is what people come for, and what opens first.
    {
      uid: 'zone-cost',
      build: (config, isBuilt) => {
        const reason = noMoney(config);
        const found = costInput(config);
        if ('reason' in found) return found;
        return reason === undefined ? zoneCost(config, found.input, isBuilt) : { reason };
      },
    },
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
