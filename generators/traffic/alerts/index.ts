import { alertsFor } from '../../alerts/spec.ts';
import type { AlertingRule } from '../../model/rules.ts';
import type { TrafficConfig } from '../config.ts';
import { noTraffic } from '../input.ts';
import type { Alert } from './common.ts';
import { attributionAlerts } from './attribution.ts';
import { costAlerts } from './cost.ts';
import { inputAlerts } from './inputs.ts';
import { rulerAlerts } from './rules.ts';

/** Alerts on whether the figures of traffic can be trusted. */
export const figureAlerts: readonly Alert[] = [...attributionAlerts, ...inputAlerts, ...rulerAlerts];

/** All alerts on traffic: whether its figures can be trusted, and what it costs. */
export const trafficAlerts: readonly Alert[] = [...figureAlerts, ...costAlerts];

/** The alerts of a configuration on its figures; those on cost are in a group of their own. Without traffic there is no zone-traffic dashboard to open. */
export const alertsOf = (config: TrafficConfig): readonly AlertingRule[] =>
  alertsFor(
    config,
    noTraffic(config) === undefined
      ? figureAlerts
      : rulerAlerts.map((spec) => ({
          ...spec,
          dashboard: { uid: config.exporters.length === 0 ? 'workload-resources' : 'node-allowances', variables: [] },
        })),
  );
