import type { Unit } from '../traffic/source.ts';

const UNITS: Readonly<Record<Unit, string>> = {
  // Grafana has no unit for flow events; "si:" scales a unit of one's own. The space matters: "si:flows" would be "lows" with
  // the prefix femto.
  network_flows: 'si: flows/s',
  network_packets: 'pps',
  network_bytes: 'Bps',
};

/** Packets beyond a limit, per second: "pps" would write the trickle of 0.04 as "40 mp/s", which reads as millions. */
export const PACKETS_OVER = 'suffix: p/s';

/** The Grafana unit of traffic. */
export const grafanaUnit = ({ unit }: { readonly unit: Unit }): string => UNITS[unit];
