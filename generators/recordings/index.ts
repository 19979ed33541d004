import type { Config } from '../config/schema.ts';
import type { RuleGroup } from '../model/rules.ts';
import { SIDES } from '../sources/flow-source.ts';
import type { FlowInput } from '../sources/input.ts';
import { addressRule } from './addresses.ts';
import { compatibilityRules } from './articles.ts';
import { checkRules } from './checks.ts';
import { endpointRule } from './endpoints.ts';
import { podIdentityRule } from './identity.ts';
import { incarnationRule } from './incarnations.ts';
import { pairAndClusterRules } from './pairs.ts';
import { resolutionRule } from './resolution.ts';
import { unclassifiedRule } from './traffic.ts';
import { controllerWorkloadRule } from './workloads.ts';
import { nodeZoneRule } from './zones.ts';

/** Who has which name and address, and in which zone: the same for every flow source. */
export const identityRules = (config: Config) => [
  nodeZoneRule(config),
  controllerWorkloadRule(config),
  incarnationRule(config),
  podIdentityRule(config),
  addressRule(config),
];

/** From the flows of one unit to the zone matrix. */
export const trafficRules = (config: Config, input: FlowInput) => {
  const sides = SIDES.filter((side) => Object.keys(input.source.ends[side]).length > 0);
  return [
    ...sides.map((side) => endpointRule(config, input, side)),
    ...sides.map((side) => resolutionRule(config, input, side)),
    unclassifiedRule(config, input),
    ...pairAndClusterRules(config, input),
    ...checkRules(config, input),
  ];
};

/** The compatibility records, in the group where readers expect them; it reads nothing of the other groups. */
export const compatibilityGroup = (config: Config, input: FlowInput): RuleGroup => ({
  name: 'inter_az_traffic_analysis.rules',
  interval: config.rules.interval,
  rules: compatibilityRules(config, input),
});
