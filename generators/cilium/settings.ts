import type { DomainConfig } from '../domain.ts';
import { choice, flag, list, namespace, section, value, when } from '../schema/settings.ts';
import { LINE } from '../schema/formats.ts';
import { CLUSTER, RULES } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';

/** Drops that a healthy cluster has: policies that do their work, and packets that nobody misses. Upstream: Cilium, pkg/monitor/api/drop.go. */
const EXPECTED_DROPS = [
  'Policy denied',
  'Policy denied by denylist',
  'Authentication required',
  'Unsupported L2 protocol',
  'Unsupported L3 protocol',
  'VLAN traffic disallowed by VLAN filter',
  'Forbidden ICMPv6 message',
  'TTL exceeded',
  'IGMP handled',
  'IGMP subscribed',
  'Multicast handled',
  'Punt to proxy',
] as const;

/**
 * Settings of the section `cilium` that both the values of its chart and the rules on its health read. With `values: hubble`, Azimuth does not
 * install Cilium, and the last four say what the installation has.
 */
export const CILIUM_FACTS = {
  namespace: namespace('kube-system', 'the agents'),
  values: choice(
    ['hubble', 'full'],
    'hubble',
    'hubble: only the metrics, for an existing installation; full: a full installation from a profile.',
  ),
  health: choice(
    ['auto', 'always', 'never'],
    'auto',
    "Whether to scrape Cilium's agents and operator and to write the records, alerts and dashboard of its health. auto: where a flow source is " +
      'cilium-hubble or values is full; always: with any flow source, as Cilium is the network of the cluster; never: not at all.',
  ),
  expectedDrops: when(
    'rules on Cilium',
    list(
      { ...LINE, minLength: 1 },
      EXPECTED_DROPS,
      'Reasons for dropped packets that are no failure: CiliumDropsHigh and the tile of the dashboard leave them out. Replaces the default as a whole.',
    ),
  ),
  profile: when(
    { 'cilium.values': ['full'] },
    choice(
      ['conservative', 'large-cluster', 'low-latency'],
      'conservative',
      'Base tuning; the settings below override it one by one.',
    ),
  ),
  ipam: choice(
    ['cluster-pool', 'kubernetes', 'eni'],
    'cluster-pool',
    'Source of pod addresses. With values: hubble, that of the installation, for the panels on addresses.',
  ),
  encryption: choice(
    ['none', 'wireguard', 'ipsec'],
    'none',
    'Encryption between nodes. With values: hubble, that of the installation, for the panels on encryption.',
  ),
  endpointSlices: value(
    { type: ['boolean', 'null'], expected: 'true, false or null' },
    null,
    'CiliumEndpointSlices: endpoints in batches, for fewer events from the API server. null: decided by the profile. With values: hubble, whether ' +
      'the installation has them, for the panels on them.',
  ),
  healthChecking: flag(
    true,
    'Whether agents probe every node and an endpoint on it, which shows unreachable nodes. Cost grows with the square of the node count. With values: ' +
      'hubble, whether they do.',
  ),
};

/** Sections of others that the domain reads; `cilium` belongs to its component. */
export const READS = {
  cilium: section('The Cilium installation.', CILIUM_FACTS),
  cluster: CLUSTER,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The part of the configuration that the rules and the dashboard on Cilium read. */
export type CiliumHealthConfig = DomainConfig<typeof READS>;

/** Jobs of the scrape targets: the chart's ServiceMonitors and our scrape jobs give the same names. Upstream: install/kubernetes/cilium. */
export const AGENT_JOB = 'cilium-agent';
export const OPERATOR_JOB = 'cilium-operator';
export const ENVOY_JOB = 'cilium-envoy';
/** Hubble's metrics: our job, and that of the chart's ServiceMonitor. */
export const HUBBLE_JOBS = ['cilium-hubble', 'hubble-metrics'] as const;

type Facts = Pick<CiliumHealthConfig, 'cilium'>['cilium'];

/** Whether the agents' endpoints come in slices: the setting, or the profile of a full installation. */
export const hasEndpointSlices = ({
  values,
  endpointSlices,
  profile,
}: Pick<Facts, 'values' | 'endpointSlices' | 'profile'>): boolean =>
  values === 'full' ? (endpointSlices ?? profile === 'large-cluster') : endpointSlices === true;

/** Why the health of Cilium is not recorded; undefined if it is. `reads` says whether a flow source is cilium-hubble. */
export function noHealth({ health, values }: Pick<Facts, 'health' | 'values'>, reads: boolean): string | undefined {
  if (health === 'never') return 'cilium.health is never';
  if (health === 'always' || values === 'full' || reads) return undefined;
  return 'flows.source has no cilium-hubble, cilium.values is hubble and cilium.health is auto';
}
