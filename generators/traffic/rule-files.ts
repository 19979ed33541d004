import { IDENTITY_GROUP, identityRules, nodeCreatedRule } from '../identity/index.ts';
import type { Built } from '../domain.ts';
import type { RuleFile, RuleGroup } from '../model/rules.ts';
import { slower } from '../settings/general.ts';
import { alertsFor } from '../alerts/spec.ts';
import { costAlerts } from './alerts/cost.ts';
import { alertsOf } from './alerts/index.ts';
import type { TrafficConfig } from './config.ts';
import { costInput } from './cost-input.ts';
import { type FlowInput, noTraffic } from './input.ts';
import { noCost } from './prices/index.ts';
import { looksUpRanges } from './ranges.ts';
import { addressRule, podNodeRule } from './records/addresses.ts';
import { compatibilityRules } from './records/compatibility.ts';
import { completionRules, needsPodNodes } from './records/completions.ts';
import { rangeNodeZoneRule, rangeRules } from './records/configured-ranges.ts';
import { avoidableRules, costRules } from './records/cost.ts';
import { externalCostRule } from './records/cost-external.ts';
import { groupRule } from './records/cost-groups.ts';
import { hourRules } from './records/cost-hours.ts';
import { monthRules } from './records/cost-month.ts';
import { endpointRule } from './records/endpoints.ts';
import { isKeyedByName, reportRules } from './records/flows.ts';
import { lossRules, readsAllFlows } from './records/losses.ts';
import { masqueradeRules } from './records/masquerade.ts';
import { pairAndClusterRules, unclassifiedRule } from './records/pairs.ts';
import { doubleCountRule, qualityRules } from './records/quality.ts';
import { podCidrPlacesRule, podCidrRule, podsByCidrRule } from './records/pod-cidrs.ts';
import { resolutionRule } from './records/resolution.ts';
import { knowsLocality, placedRule, podsDescribedRule } from './records/usable.ts';
import { endLabels, type FlowSource, SIDES } from './source.ts';
import { zonesLeftOut } from './zones-left-out.ts';

const none = (kind: string, reason: string): Built<never> => ({ built: [], skipped: [{ kind, reason }] });

const dashed = (unit: string): string => unit.replaceAll('_', '-');

/** Names, addresses and zones of pods and nodes; the same for every flow source. */
function identityGroup(config: TrafficConfig): RuleGroup {
  const rangeNodes = config.inputs.some((input) => looksUpRanges(config, input))
    ? rangeNodeZoneRule(config)
    : undefined;
  return {
    name: IDENTITY_GROUP,
    interval: config.rules.interval,
    rules: [
      ...identityRules(config),
      nodeCreatedRule(config),
      podsByCidrRule(config),
      podCidrRule(config),
      addressRule(config),
      ...(needsPodNodes(config.inputs) ? [podNodeRule(config)] : []),
      podsDescribedRule(config),
      ...(rangeNodes === undefined ? [] : [rangeNodes]),
    ],
  };
}

/**
 * The rules from the flows of one unit to the zone matrix. Many ranges take several rules: with those that compare the reports of two
 * agents, too many for one group. In a group of their own they may be one evaluation behind.
 */
function trafficGroups(config: TrafficConfig, input: FlowInput): readonly RuleGroup[] {
  const { interval } = config.rules;
  const name = `azimuth-${dashed(input.unit)}`;
  const sides = SIDES.filter((side) => endLabels(input.source, side).length > 0);
  const [reports, masquerade] = [reportRules(config, input), masqueradeRules(config, input)];
  const ranges = rangeRules(config, input);
  const isApart = input.source.reporter !== undefined && ranges.length > 1;
  const group: RuleGroup = {
    name,
    interval,
    rules: [
      // By name, it reads what remains of nodes; by address, the records of pairs read it.
      ...(isKeyedByName(input.source) ? [...reports, ...masquerade] : [...masquerade, ...reports]),
      ...completionRules(config, input),
      ...sides.map((side) => endpointRule(config, input, side)),
      ...podCidrPlacesRule(config, input),
      ...(isApart ? [] : ranges),
      ...sides.map((side) => resolutionRule(config, input, side)),
      ...(knowsLocality(input.source) ? [] : [placedRule(config, input)]),
      unclassifiedRule(config, input),
      ...pairAndClusterRules(config, input),
      ...qualityRules(config, input),
    ],
  };
  return [group, ...(isApart ? [{ name: `${name}-ranges`, interval, rules: ranges }] : [])];
}

/** A check that reads all flows once more runs less often. */
const checkInterval = ({ rules }: TrafficConfig): string => slower(rules, 4);

/** Money by hour and by month, and the alerts on it; no file where nothing has a cost. */
function costFile(config: TrafficConfig): readonly RuleFile[] {
  const found = costInput(config);
  if ('reason' in found || noCost(config) !== undefined) return [];
  const groups: readonly RuleGroup[] = [
    {
      name: 'azimuth-network-cost-month',
      interval: '1h',
      rules: [...hourRules(config, found.input), ...monthRules(config, found.input)],
    },
    { name: 'azimuth-network-cost-alerts', interval: checkInterval(config), rules: alertsFor(config, costAlerts) },
  ];
  const header =
    'Money by hour and by calendar month (UTC), and alerts on it. Months are summed from hours of up to 31 days, and weeks are compared with the one before: ' +
    'keep 62 days, or have Thanos or Mimir behind the ruler.';
  return [{ name: 'zone-cost', header, groups: groups.filter(({ rules }) => rules.length > 0) }];
}

function costGroup(config: TrafficConfig): Built<RuleGroup> {
  const { flows, rules } = config;
  const found = costInput(config);
  if ('reason' in found) return none('records of cost', found.reason);
  const { input } = found;
  const reason = noCost(config);
  const hasPairs = input.source.locality === undefined && flows.granularity !== 'zone';
  const records = [
    ...(reason === undefined
      ? [...costRules(config, input), ...externalCostRule(config, input), ...groupRule(config)]
      : []),
    ...(hasPairs ? avoidableRules(config, input) : []),
  ];
  return {
    built: records.length === 0 ? [] : [{ name: 'azimuth-network-cost', interval: rules.interval, rules: records }],
    skipped: [
      ...(reason === undefined ? [] : [{ kind: 'records of cost', reason }]),
      ...(hasPairs ? [] : [{ kind: 'records of avoidable traffic', reason: 'they need pairs of workloads in bytes' }]),
    ],
  };
}

const fileHeader = ({ id, deduplication, blindSpots }: FlowSource, inputs: readonly FlowInput[]): string => {
  const units = inputs.filter(({ source }) => source.id === id).map(({ unitLabel }) => unitLabel);
  return [
    `Traffic between workloads and zones in ${units.join(' and ')}, read from ${id}. ${deduplication}`,
    'Blind spots:',
    ...blindSpots.map((spot) => `- ${spot}`),
  ].join('\n');
};

/** The checks against double counting and losses, and the alerts; no file if there is none of them. */
function pipelineFile(config: TrafficConfig): readonly RuleFile[] {
  const { interval } = config.rules;
  const doubleCount = config.inputs.flatMap((input) => doubleCountRule(config, input) ?? []);
  const groups: readonly RuleGroup[] = [
    { name: 'azimuth-double-count', interval: checkInterval(config), rules: doubleCount },
    {
      name: 'azimuth-flow-events',
      interval: readsAllFlows(config) ? checkInterval(config) : interval,
      rules: lossRules(config),
    },
    { name: 'azimuth-traffic-pipeline', interval, rules: alertsOf(config) },
  ].filter(({ rules }) => rules.length > 0);
  const header =
    noTraffic(config) === undefined
      ? 'Checks of the traffic figures: the double-count check, what agents lose, and alerts.'
      : 'Alerts on the evaluation of the rules.';
  return groups.length === 0 ? [] : [{ name: 'traffic-pipeline', header, groups }];
}

/** The compatibility records, under the group name that public rules use. The group reads no record of the others. */
function compatibilityFile(config: TrafficConfig): Built<RuleFile> {
  const input = config.inputs.find(({ unit }) => unit === 'network_flows');
  if (input === undefined) return none('compatibility records', 'they are built from Hubble flows');
  const { compatibilityRecords, interval } = config.rules;
  if (!compatibilityRecords) return none('compatibility records', 'rules.compatibilityRecords is false');
  const file: RuleFile = {
    name: 'inter-az-traffic-analysis',
    header:
      'Compatibility records: public names, for queries that use them. Azimuth itself reads none of them; ' +
      'rules.compatibilityRecords turns them on. They cost two series for each flow series.',
    groups: [{ name: 'inter_az_traffic_analysis.rules', interval, rules: compatibilityRules(config, input) }],
  };
  return { built: [file], skipped: [] };
}

/** The rules of traffic: identities, the traffic of each unit, cost, checks, alerts, and the compatibility records. */
export function trafficRuleFiles(config: TrafficConfig): Built<RuleFile> {
  const { inputs, sources } = config;
  const reason = noTraffic(config);
  if (reason !== undefined) return { ...none('recording rules of traffic', reason), built: pipelineFile(config) };
  const cost = costGroup(config);
  const compatibility = compatibilityFile(config);
  const zoneTraffic: RuleFile = {
    name: 'zone-traffic',
    header: sources.map((source) => fileHeader(source, inputs)).join('\n'),
    groups: [identityGroup(config), ...inputs.flatMap((input) => trafficGroups(config, input)), ...cost.built],
  };
  return {
    built: [zoneTraffic, ...costFile(config), ...pipelineFile(config), ...compatibility.built],
    skipped: [...zonesLeftOut(config, sources), ...cost.skipped, ...compatibility.skipped],
  };
}
