import type { Config } from '../config/schema.ts';
import type { RuleGroup } from '../model/rules.ts';
import { SIDES, type FlowSource } from '../sources/flow-source.ts';
import { articleRules } from './articles.ts';
import { endpointRule } from './endpoints.ts';
import { podIdentityRule } from './identity.ts';
import { trafficRules } from './traffic.ts';
import { controllerWorkloadRule } from './workloads.ts';
import { nodeZoneRule } from './zones.ts';

/** From flows to the zone matrix. Each rule reads the ones before it, so they share a group. */
export const zoneTrafficGroup = (config: Config, source: FlowSource): RuleGroup => ({
  name: 'azimuth-zone-traffic',
  interval: config.rules.interval,
  rules: [
    nodeZoneRule(config),
    controllerWorkloadRule(config),
    podIdentityRule(config),
    ...SIDES.map((side) => endpointRule(config, source, side)),
    ...trafficRules(config, source),
  ],
});

/** The articles' records, in a group of the articles' name; it reads nothing of the other groups. */
export const articlesGroup = (config: Config, source: FlowSource): RuleGroup => ({
  name: 'inter_az_traffic_analysis.rules',
  interval: config.rules.interval,
  rules: articleRules(config, source),
});
