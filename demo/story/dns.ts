import type { Pod } from '../../bench/model.ts';
import type { Dns } from '../../bench/model/dns.ts';
import { burstAt, isWithin, PLOT } from './plot.ts';

/** The resolver of the company, for its own names. */
export const COMPANY_RESOLVER = '10.200.0.53:53';

/** Its part of what CoreDNS passes on. */
const COMPANY_SHARE = 0.02;

const named = (pod: Pod | undefined, workload: string): boolean => pod?.workload.name === workload;

/** How DNS works while the resolver of the company answers or not, while the mailer asks for what does not exist, and in a burst. */
const dnsIn = (isFailing: boolean, isStorm: boolean, isBurst: boolean): Dns => ({
  upstreams: [
    { to: '169.254.169.253:53', share: 1 - COMPANY_SHARE, seconds: isBurst ? 0.03 : 0.006 },
    { to: COMPANY_RESOLVER, share: COMPANY_SHARE, seconds: 0.018, failing: isFailing },
  ],
  nxdomain: (client) => (isStorm && named(client, 'mailer') ? 0.97 : named(client, 'price-sync') ? 0.35 : 0.6),
  // Every item has a name of its own, which nobody has asked for before.
  cached: (client) => (named(client, 'price-sync') ? 0.05 : 0.78),
});

const STATES = new Map<string, Dns>();

/** How DNS works at a time, in seconds relative to now: the same object while it is the same, as what depends on it is made again. */
export function dnsAt(seconds: number): Dns {
  const state = [isWithin(PLOT.resolver, seconds), isWithin(PLOT.storm, seconds), burstAt(seconds) === 0] as const;
  const known = STATES.get(state.join()) ?? dnsIn(...state);
  STATES.set(state.join(), known);
  return known;
}
