import type { TrafficConfig } from './config.ts';
import { type FlowInput, noTraffic } from './input.ts';
import { noCost } from './prices/index.ts';

/** The traffic that is priced: bytes. Or why there is none. */
export function costInput(config: TrafficConfig): { readonly input: FlowInput } | { readonly reason: string } {
  const { inputs, sources, flows } = config;
  const input = inputs.find(({ unit }) => unit === 'network_bytes');
  if (input !== undefined) return { input };
  const source = `${sources.map(({ id }) => id).join(', ')} counts no bytes`;
  return { reason: noTraffic(config) ?? (flows.units.includes('bytes') ? source : 'flows.units has no bytes') };
}

/** Why nothing has a cost; undefined if traffic across zones does. */
export function noMoney(config: TrafficConfig): string | undefined {
  const found = costInput(config);
  return 'reason' in found ? found.reason : noCost(config);
}
