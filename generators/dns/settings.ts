import type { DomainConfig } from '../domain.ts';
import { WORKLOADS } from '../identity/index.ts';
import { LINE } from '../schema/formats.ts';
import { flag, section, value, when } from '../schema/settings.ts';
import { CLUSTER, RULES } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';

/** The part that is skipped where no flow source can tell who asks. */
export const WHO_ASKS = 'records of who asks DNS';

const ON = { 'dns.enabled': true };

/** Rules, dashboard and alerts on DNS. */
export const DNS = section('DNS: records, alerts and a dashboard of CoreDNS, NodeLocal DNSCache and who asks them.', {
  enabled: flag(true, 'Whether to record DNS. false also leaves out the scraping of CoreDNS.'),
  resolvers: when(
    ON,
    value(
      LINE,
      '169[.]254[.]169[.]253:53|\\[?fd00:ec2::253\\]?:53|.*[.]2:53',
      'Regular expression that matches the upstream servers (address:port) whose packets count against the limit of 1,024 packets/s of a network ' +
        "interface: Amazon's resolver, which is also the base address of the VPC plus two.",
    ),
  ),
  clients: when(
    [{ ...ON, 'flows.source': ['retina-hubble', 'retina-standard', 'cilium-hubble'] }, WHO_ASKS],
    flag(true, 'Whether to record which workloads ask, from the DNS counters of the flow source.'),
  ),
  names: when(
    { ...ON, 'flows.source': ['retina-standard'] },
    flag(
      false,
      "Whether Retina's standard mode counts DNS for that. Its series have the name and the addresses that were looked up: there may be very many.",
    ),
  ),
});

/** Whether NodeLocal DNSCache is scraped; its other settings belong to its component. */
export const NODE_LOCAL_SCRAPE = flag(
  false,
  'Whether to scrape its metrics (port 9253) and its setup errors (port 9353).',
);

export const SETTINGS = { dns: DNS };

/** Sections of others that the domain reads. */
export const READS = {
  nodeLocalDns: section('NodeLocal DNSCache.', { scrape: NODE_LOCAL_SCRAPE }),
  workloads: WORKLOADS,
  cluster: CLUSTER,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The part of the configuration that rules and dashboards for DNS read. */
export type DnsConfig = DomainConfig<typeof SETTINGS & typeof READS>;

/** The jobs of the DNS servers, however they are scraped: that of kube-prometheus-stack's monitor and ours have one name. */
export const COREDNS_JOB = 'coredns';
export const NODE_LOCAL_JOB = 'node-local-dns';
export const NODE_LOCAL_SETUP_JOB = 'node-local-dns-setup';
