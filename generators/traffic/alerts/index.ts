import { alertsFor } from '../../alerts/spec.ts';
import type { AlertingRule } from '../../model/rules.ts';
import type { TrafficConfig } from '../config.ts';
import { noTraffic } from '../input.ts';
import type { Alert } from './common.ts';
import { attributionAlerts } from './attribution.ts';
import { inputAlerts } from './inputs.ts';
import { rulerAlerts } from './rules.ts';

/** Alerts on whether the figures of traffic can be trusted. */
export const trafficAlerts: readonly Alert[] = [...attributionAlerts, ...inputAlerts, ...rulerAlerts];

/** The alerts of a configuration. Without traffic there is no zone-traffic dashboard to open. */
export const alertsOf = (config: TrafficConfig): readonly AlertingRule[] =>
  alertsFor(
    config,
    noTraffic(config) === undefined
      ? trafficAlerts
      : rulerAlerts.map((spec) => ({
          ...spec,
          dashboard: { uid: config.exporters.length === 0 ? 'workload-resources' : 'node-allowances', variables: [] },
        })),
  );
