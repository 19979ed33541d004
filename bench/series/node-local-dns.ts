import type { MetricFamily } from '../model.ts';
import { family, growing } from './family.ts';

/** What NodeLocal DNSCache exposes about its interface and its rules, with so many errors per second; upstream: kubernetes/dns, cmd/node-cache/app/metrics.go. */
export const nodeLocalSetupFamilies = (errors: number): MetricFamily[] => [
  family(
    'coredns_nodecache_setup_errors_total',
    'counter',
    'The number of errors during periodic network setup for node-cache',
    [growing({ errortype: 'iptables' }, errors), growing({ errortype: 'interface_add' }, 0)],
  ),
];
