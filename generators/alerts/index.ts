import type { Config } from '../settings/index.ts';
import type { AlertingRule } from '../model/rules.ts';
import { allowanceExceededAlerts } from '../allowances/alerts-exceeded.ts';
import { conntrackAllowanceLow } from '../allowances/alert-conntrack-low.ts';
import { attributionAlerts } from '../traffic/alerts/attribution.ts';
import { pipelineAlerts } from '../traffic/alerts/pipeline.ts';
import { rulerAlerts } from '../traffic/alerts/ruler.ts';
import { alertingRules, type AlertSpec } from './spec.ts';

/** Alerts on the network limits of EC2 nodes. */
export const allowanceAlerts: readonly AlertSpec[] = [...allowanceExceededAlerts, conntrackAllowanceLow];

/** Alerts on what the traffic is computed from: whether it is complete, placed and counted once. */
export const trafficAlerts: readonly AlertSpec[] = [...attributionAlerts, ...pipelineAlerts, ...rulerAlerts];

/** Every alert there is, whatever the configuration says about it. */
export const allAlerts: readonly AlertSpec[] = [...allowanceAlerts, ...trafficAlerts];

/** The alerting rules of several alerts under a configuration. */
export const alertsFor = (config: Config, specs: readonly AlertSpec[]): readonly AlertingRule[] =>
  specs.flatMap((spec) => alertingRules(config, spec));
