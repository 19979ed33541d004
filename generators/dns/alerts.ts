import { type AlertSpec, nodesByCluster, ofAnyCluster, ofCluster, onNode, type Tier } from '../alerts/spec.ts';
import { labels, not, promql, seconds, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { noExporter } from '../shared/exporters.ts';
import { exceededName } from '../shared/record-names.ts';
import { dnsNames } from './names.ts';
import { jobLabels } from './servers.ts';
import { COREDNS_JOB, type DnsConfig } from './settings.ts';

type Alert = AlertSpec<DnsConfig>;

const tier = <S extends Tier['severity']>(severity: S, threshold: number, pending: string, keepFiringFor = '15m') => ({
  severity,
  threshold,
  for: pending,
  keepFiringFor,
});

const DASHBOARD = { uid: 'cluster-dns', variables: ['job'] };

/** Answers per second below which a share counts as one of this many: one failed lookup in a quiet cluster is no outage. */
const FEWEST = 1;

const noNodeLocal = ({ nodeLocalDns }: DnsConfig): string | undefined =>
  nodeLocalDns.scrape ? undefined : 'nodeLocalDns.scrape is false';

const errorsHigh: Alert = {
  alert: 'CoreDNSErrorsHigh',
  ratio: true,
  sustained: true,
  tier: tier('warning', 0.01, '10m'),
  escalation: tier('critical', 0.1, '10m'),
  summary: 'DNS servers answer that they failed.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the answers of {{ $labels.job }} are SERVFAIL: these lookups fail or are tried ` +
    'again. First: on the dashboard, see whether one upstream server or one replica causes them.',
  expr: (config, threshold) => {
    const { responses } = dnsNames(config);
    const by = labels(...jobLabels(config));
    return promql`
      sum by (${by}) (${selector(responses, { rcode: 'SERVFAIL' })})
      / on (${by})
      clamp_min(sum by (${by}) (${selector(responses)}), ${FEWEST}) > ${threshold}`;
  },
  comment:
    'The share of SERVFAIL, the answer when a server or its upstream fails. NXDOMAIN is no error: search paths cause it all the time. Applications ' +
    'try again, so 1 % for ten minutes warns; one lookup in ten fails visibly. With less than one answer a second, the share is that of one.',
  dashboard: DASHBOARD,
};

const latencyHigh: Alert = {
  alert: 'CoreDNSLatencyHigh',
  ratio: false,
  sustained: true,
  tier: tier('warning', 0.5, '10m'),
  escalation: tier('critical', 4, '10m'),
  summary: 'DNS servers answer slowly.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}one in a hundred answers of {{ $labels.job }} takes {{ $value | humanizeDuration }} or longer; clients give up after 5s ` +
    'and ask again. First: compare the latency of the upstream servers, then look for CPU throttling of the DNS servers.',
  expr: (config, threshold) => promql`${selector(dnsNames(config).latency, { quantile: '0.99' })} > ${threshold}`,
  comment:
    'The slowest of a hundred answers. Healthy resolvers answer in some milliseconds, so half a second is a hundred times that, and adds up over the ' +
    'search path. Resolvers of the C libraries wait five seconds: near that, lookups fail.',
  dashboard: DASHBOARD,
};

const upstreamUnhealthy: Alert = {
  alert: 'CoreDNSUpstreamUnhealthy',
  ratio: false,
  sustained: true,
  tier: tier('warning', 30, '10m'),
  escalation: tier('critical', 150, '15m'),
  summary: 'An upstream DNS server does not answer.',
  description: ({ cluster, rules }) =>
    `${ofCluster(cluster.label)}upstream server {{ $labels.to }} failed {{ $value | humanize }} health checks of one server of {{ $labels.job }} in the ` +
    `last ${rules.window}. Names that only it knows do not resolve. First: ask it from a pod on that node (dig @ADDRESS); a security group or a ` +
    'full link-local allowance drops the packets just as well.',
  expr: (config, threshold) => {
    const worst = promql`max by (${labels(...jobLabels(config), 'to')}) (${selector(dnsNames(config).healthFailures)})`;
    return promql`${worst} * ${seconds(config.rules.window)} > ${threshold}`;
  },
  comment:
    'A server checks an upstream server twice a second from the first failed query until it answers, so a lost packet costs one check, 30 are a ' +
    'quarter of a minute, and 150 half of the window. A restart of an upstream server stays in the window for minutes, so it warns after ten. The worst server ' +
    'counts: a sum would grow with replicas.',
  dashboard: DASHBOARD,
};

const down: Alert = {
  alert: 'CoreDNSDown',
  ratio: false,
  sustained: false,
  tier: tier('critical', 0, '5m', '0s'),
  summary: 'No CoreDNS pod answers Prometheus.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}no CoreDNS pod answers, although {{ $value | humanize }} did within a day. If they are down, no name resolves. First: ` +
    'kubectl -n kube-system get pods -l k8s-app=kube-dns; if they run, Prometheus does not scrape them: check up{job="coredns"}.',
  expr: (config, threshold) => {
    const servers = selector(dnsNames(config).servers, { ...ofAnyCluster(config), job: COREDNS_JOB });
    return promql`
      last_over_time(${servers}[1d]) > ${threshold}
      unless on (${labels(...clusterLabels(config))})
      ${servers}`;
  },
  comment:
    'Only where CoreDNS was scraped within a day, as not every cluster has it. Five minutes bridge a restart of Prometheus; every lookup of the ' +
    'cluster depends on it, so it pages someone.',
  dashboard: DASHBOARD,
};

const setupErrors: Alert = {
  alert: 'NodeLocalDNSSetupErrors',
  ratio: false,
  sustained: false,
  tier: tier('warning', 5, '5m'),
  summary: 'NodeLocal DNSCache cannot set up its interface or rules on a node.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)}: {{ $value | humanize }} errors ({{ $labels.errortype }}) in the last 15m. The cache may not get the queries of this node, ` +
    'or all of them may fail. First: read the logs of node-local-dns on this node.',
  expr: (config, threshold) => {
    const by = labels(...clusterLabels(config), 'instance', 'node', 'errortype');
    return promql`sum by (${by}) (increase(${selector('coredns_nodecache_setup_errors_total')}[15m])) > ${threshold}`;
  },
  without: noNodeLocal,
  comment:
    'It checks its interface and its rules every minute. A lock that another program holds fails now and then, so more than five errors in a quarter ' +
    'of an hour warn.',
  dashboard: { uid: 'cluster-dns', variables: ['job'] },
};

const throttled: Alert = {
  alert: 'DNSThrottledAtInterface',
  ratio: false,
  sustained: true,
  tier: tier('warning', 30, '10m'),
  escalation: tier('critical', 300, '10m'),
  summary: 'A node with a DNS server drops packets to the resolver.',
  description: ({ cluster, rules }) =>
    `${onNode(cluster.label)}, interface {{ $labels.device }}: {{ $value | humanize }} packets in the last ${rules.window} were dropped above 1,024 ` +
    'packets/s to Amazon DNS, instance metadata and time sync. A DNS server on this node passes queries on, so lookups of the whole cluster take seconds ' +
    'or fail. First: see which replica or workload asks most; add CoreDNS replicas on other nodes, or NodeLocal DNSCache.',
  expr: (config, threshold) => promql`
    ${selector(exceededName('linklocal'), { node: not('') })} * ${seconds(config.rules.window)} > ${threshold}
    and on (${labels(...clusterLabels(config), 'node')})
    ${selector(dnsNames(config).linkLocal)}`,
  without: noExporter,
  comment:
    'LinkLocalAllowanceExceeded warns of any drop on any node. This one says that DNS of the cluster suffers: the interface belongs to a node whose DNS ' +
    'servers pass queries on. A single burst leaves the window within ten minutes, so what is left then goes on: more than 30 drops warn, as each delays a ' +
    'lookup by seconds, and one a second pages someone.',
  dashboard: DASHBOARD,
};

const colocated: Alert = {
  alert: 'CoreDNSReplicasColocated',
  ratio: false,
  sustained: false,
  tier: tier('warning', 1, '1h'),
  summary: 'Several CoreDNS pods run on one node.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)} runs {{ $value | humanize }} CoreDNS pods. They may share one network interface, and so its 1,024 packets/s, and the node ` +
    'takes all of them with it. First: spread them (pod anti-affinity or topologySpreadConstraints), and delete one of the pods.',
  expr: (config, threshold) => {
    const cluster = labels(...clusterLabels(config));
    const { place, servers } = dnsNames(config);
    return promql`
      count by (${labels(...clusterLabels(config), 'node')}) (${selector(place, { job: COREDNS_JOB, node: not('') })}) > ${threshold}
      and on (${cluster})
      (
        ${selector(servers, { job: COREDNS_JOB })}
        <= on (${cluster})
        ${nodesByCluster(config)}
      )`;
  },
  comment:
    'Only where the cluster has a node for each pod, as they could not be spread otherwise. The scheduler only prefers other nodes, and never moves a pod ' +
    'later; an hour lets rollouts and node rotations finish.',
  dashboard: DASHBOARD,
};

/** Alerts on the DNS servers, on what they ask upstream, and all of them. */
export const serverAlerts: readonly Alert[] = [errorsHigh, latencyHigh, down, setupErrors, colocated];
export const upstreamAlerts: readonly Alert[] = [upstreamUnhealthy, throttled];
export const dnsAlerts: readonly Alert[] = [...serverAlerts, ...upstreamAlerts];
