import type { Config } from '../settings/index.ts';
import type { Omission } from '../model/skipped.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { ethtoolExporter } from '../sources/index.ts';
import { primaryInput } from '../traffic/input.ts';
import { nodeAllowances } from '../allowances/dashboard.ts';
import { zoneTraffic } from '../traffic/dashboard/index.ts';

/** One dashboard of the index: how it is made, or why it cannot be made. */
interface Entry {
  readonly uid: string;
  readonly make: (config: Config) => Dashboard | Omission;
}

const without = (uid: string, setting: string): Omission => ({
  what: `dashboard ${uid}`,
  reason: `${setting} is none`,
});

/** Every dashboard there is. */
export const dashboardIndex: readonly Entry[] = [
  {
    uid: 'zone-traffic',
    make: (config) => {
      const input = primaryInput(config);
      return input === undefined ? without('zone-traffic', 'flows.source') : zoneTraffic(config, input);
    },
  },
  {
    uid: 'node-allowances',
    make: (config) =>
      ethtoolExporter(config) === undefined ? without('node-allowances', 'ethtool.exporter') : nodeAllowances(config),
  },
];
