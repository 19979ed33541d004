import type { Service } from '../../bench/model.ts';
import { DNS_SERVICE } from './connections.ts';
import { PLOT } from './plot.ts';

/** Workloads with a Service of their name, and how it prefers zones: what the traffic between them follows. */
const ROUTED: Readonly<Record<string, Service['routing'] | 'headless' | 'none'>> = {
  'edge/gateway': 'PreferSameZone',
  'shop/web': 'Auto',
  'shop/checkout': 'PreferSameZone',
  'shop/cart': 'PreferSameZone',
  'shop/cart-redis': 'headless',
  'shop/mailer': 'PreferClose',
  'catalog/products': 'PreferSameZone',
  'catalog/images': 'PreferSameZone',
  'search/query': 'PreferSameZone',
  'search/index': 'none',
  'payments/ledger': 'none',
  'payments/fraud': 'PreferSameZone',
  'accounts/login': 'Auto',
  // Two pods in three zones: the annotation has no effect.
  'accounts/postgres': 'Auto',
};

const serviceOf = (path: string, index: number, mode: (typeof ROUTED)[string]): Service => {
  const [namespace = '', name = ''] = path.split('/');
  const service = { namespace, name, workload: name, clusterIp: `172.20.1.${index + 10}` };
  if (mode === 'headless') return { ...service, isHeadless: true };
  return mode === 'none' || mode === undefined ? service : { ...service, routing: mode };
};

const FIRST = [DNS_SERVICE, ...Object.entries(ROUTED).map(([path, mode], index) => serviceOf(path, index, mode))];

/** search/index gets trafficDistribution. */
const LATER = FIRST.map((one) => (one.name === 'index' ? { ...one, routing: 'PreferSameZone' as const } : one));

/** The Services of the cluster at a time, in seconds relative to now: the same list for as long as nothing changes. */
export const servicesAt = (seconds: number): readonly Service[] => (seconds < PLOT.routed.at ? FIRST : LATER);
