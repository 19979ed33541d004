import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import type { Skipped } from '../model/report.ts';
import { checkOf, rejectedRegex } from '../settings/check.ts';
import { regexProblem } from '../settings/regex.ts';
import { dnsAlerts, serverAlerts, upstreamAlerts } from './alerts.ts';
import { asking, clientRules } from './clients.ts';
import { clusterDns } from './dashboard/index.ts';
import { DNS_LABELS } from './names.ts';
import { serverRules } from './servers.ts';
import { type DnsConfig, READS, SETTINGS, WHO_ASKS } from './settings.ts';
import { upstreamRules } from './upstreams.ts';

const OFF = 'dns.enabled is false';

const resolvers = checkOf<Pick<DnsConfig, 'dns'>>()(['dns.resolvers'], ({ dns }) =>
  rejectedRegex('dns.resolvers', dns.resolvers, regexProblem(dns.resolvers), ' such as 10[.]0[.]0[.]2:53'),
);

function ruleFiles(config: DnsConfig): Built<RuleFile> {
  const { dns, rules, sources } = config;
  if (!dns.enabled) return { built: [], skipped: [{ kind: 'rules on DNS', reason: OFF }] };
  const group = (name: string, groupRules: readonly Rule[]) => ({ name, interval: rules.interval, rules: groupRules });
  const from = asking(config);
  const groups = [
    group('azimuth-dns-servers', [...serverRules(config), ...alertsFor(config, serverAlerts)]),
    group('azimuth-dns-upstreams', [...upstreamRules(config), ...alertsFor(config, upstreamAlerts)]),
    ...('reason' in from ? [] : [group('azimuth-dns-clients', clientRules(config, from))]),
  ];
  const skipped: readonly Skipped[] =
    'reason' in from && sources.length > 0 ? [{ kind: WHO_ASKS, reason: from.reason }] : [];
  return { built: [{ name: 'dns', header: 'DNS of the cluster: records and alerts.', groups }], skipped };
}

/** DNS: what CoreDNS and NodeLocal DNSCache answer and pass on, what is dropped at network interfaces, and who asks. */
export const dnsDomain = domain({
  id: 'dns',
  settings: SETTINGS,
  reads: READS,
  checks: [resolvers],
  enabled: ({ dns }) => dns.enabled || OFF,
  ruleFiles,
  alerts: dnsAlerts,
  dashboards: [{ uid: 'cluster-dns', build: (config) => (config.dns.enabled ? clusterDns(config) : { reason: OFF }) }],
  labels: DNS_LABELS,
});
