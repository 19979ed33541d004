import type { Panel, PlacedPanel } from '../model/dashboard.ts';
import { stat, timeSeries } from '../panels/charts.ts';
import { firing, noneRow } from '../panels/firing.ts';
import { COLOURS, inCluster, overTime, rows, type Step, withHost } from '../panels/shared.ts';
import { clusterColumn, table } from '../panels/table.ts';
import {
  either,
  labels,
  type Matchers,
  matches,
  promql,
  type Query,
  join,
  selector,
  UniqueVector,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { noExporter } from '../shared/exporters.ts';
import { exceededName } from '../shared/record-names.ts';
import { dnsAlerts } from './alerts.ts';
import { asking } from './clients.ts';
import { dnsNames, knowsZones, LINK_LOCAL_LIMIT } from './names.ts';
import { jobLabels, serverLabels } from './servers.ts';
import { COREDNS_JOB, type DnsConfig } from './settings.ts';

/** What a panel requires, and why a configuration does not have it. */
const MISSING = {
  allowances: noExporter,
  clients: (config: DnsConfig) => {
    const from = asking(config);
    return 'reason' in from ? from.reason : undefined;
  },
  nodeLocal: ({ nodeLocalDns }: DnsConfig) => (nodeLocalDns.scrape ? undefined : 'nodeLocalDns.scrape is false'),
} as const;

/** A panel that is built only if its needs are met. */
export type DnsPanel = Omit<PlacedPanel, 'panel'> & {
  readonly needs?: readonly (keyof typeof MISSING)[];
  readonly panel: () => Panel;
};

/** Why a panel cannot be built: its first need that is not met. */
export const missing = (config: DnsConfig, { needs = [] }: DnsPanel): string | undefined =>
  needs.map((need) => MISSING[need](config)).find((reason) => reason !== undefined);

const QUERIES = 'suffix: q/s';
const PACKETS = 'suffix: p/s';
const { good, attention, warning, bad, total } = COLOURS;

/** The series that the panels of a configuration read, with the matchers of the variables. */
export function dnsSeries(config: DnsConfig) {
  const names = dnsNames(config);
  const cluster = inCluster(config);
  const filter: Matchers = { ...cluster, job: matches('$job') };
  const of = (record: keyof typeof names, where: Matchers = {}): Query =>
    selector(names[record], { ...filter, ...where });
  const node = labels(...clusterLabels(config), 'node');
  const linkLocal = selector(names.linkLocal, cluster);
  return {
    of,
    linkLocal,
    client: (record: 'queries' | 'answers', where: Matchers = {}) => selector(names[record], { ...cluster, ...where }),
    /** Packets over the link-local allowance on nodes with a DNS server that passes queries on. */
    dropped: promql`${selector(exceededName('linklocal'), cluster)} and on (${node}) ${linkLocal}`,
    firing: firing(cluster, dnsAlerts),
  };
}

type Series = ReturnType<typeof dnsSeries>;

/** A share, 0 where the part has no series and the whole has. */
const share = (part: Query, whole: Query): Query => promql`
  (${either(promql`sum(${part})`, promql`0 * sum(${whole})`)})
  / sum(${whole})`;

const tile = (key: string, options: Parameters<typeof stat>[0], needs: DnsPanel['needs'] = []): DnsPanel => ({
  key,
  width: 3,
  height: 4,
  needs,
  panel: () => stat({ ...options, now: true }),
});

const plain: readonly Step[] = [[null, total]];

/** Whether DNS works, and whether it is throttled: the first row. */
export const tiles = ({ of, linkLocal, dropped }: Series): readonly DnsPanel[] => [
  tile('queries', {
    title: 'Queries',
    description: 'Queries per second to all DNS servers that are shown.',
    expr: promql`sum(${of('requests')})`,
    unit: QUERIES,
    decimals: 0,
    steps: plain,
  }),
  tile('errors', {
    title: 'Failed',
    description: 'Share of answers that say that the server or its upstream failed (SERVFAIL). It should be 0.',
    expr: share(of('responses', { rcode: 'SERVFAIL' }), of('responses')),
    unit: 'percentunit',
    decimals: 2,
    steps: [
      [null, good],
      [0.001, attention],
      [0.01, warning],
      [0.1, bad],
    ],
  }),
  tile('nxdomain', {
    title: 'No such name',
    description:
      'Share of answers that say that there is no such name (NXDOMAIN). Search paths cause it: with ndots 5, an outside name is asked for with ' +
      'each search domain first. Half to three quarters is common, and that many queries are for nothing.',
    expr: share(of('responses', { rcode: 'NXDOMAIN' }), of('responses')),
    unit: 'percentunit',
    decimals: 0,
    steps: [
      [null, total],
      [0.8, attention],
    ],
  }),
  tile('latency', {
    title: 'Slowest 1 %',
    description: 'One in a hundred answers takes this long or longer, at the slower kind of DNS server.',
    expr: promql`max(${of('latency', { quantile: '0.99' })})`,
    unit: 's',
    decimals: 1,
    steps: [
      [null, good],
      [0.1, attention],
      [0.5, warning],
      [4, bad],
    ],
  }),
  tile('cache', {
    title: 'From the cache',
    description:
      'Share of the queries that reach a cache and are answered there. Names of the cluster do not reach the cache of CoreDNS.',
    expr: promql`sum(${of('cacheHits')}) / sum(${of('cacheRequests')})`,
    unit: 'percentunit',
    decimals: 0,
    steps: plain,
  }),
  tile('busiest-node', {
    title: 'Busiest node',
    description:
      'Queries from the DNS servers of one node to the resolvers in dns.resolvers, of the 1,024 packets/s that a network interface may send there. ' +
      'Full if they share one interface.',
    expr: promql`max(${linkLocal}) / ${LINK_LOCAL_LIMIT}`,
    unit: 'percentunit',
    decimals: 0,
    steps: [
      [null, good],
      [0.5, attention],
      [0.8, warning],
      [1, bad],
    ],
  }),
  tile(
    'throttled',
    {
      title: 'Throttled',
      description:
        'Packets per second that interfaces of nodes with a DNS server dropped above the link-local allowance. Query logs do not show them. It should be 0.',
      expr: promql`sum(${dropped})`,
      unit: PACKETS,
      decimals: 2,
      steps: [
        [null, good],
        [0.000_001, bad],
      ],
    },
    ['allowances'],
  ),
  tile('replicas', {
    title: 'CoreDNS pods',
    description: 'CoreDNS pods that answer Prometheus. One alone is a single point of failure.',
    expr: promql`sum(${of('servers', { job: [matches('$job'), matches(COREDNS_JOB)] })})`,
    unit: 'none',
    decimals: 0,
    steps: [
      [null, warning],
      [2, good],
    ],
  }),
];

/** The servers, the busiest first: where they are, their part of the queries, and how close they are to the limit. */
export function serverTable(config: DnsConfig, { of, dropped }: Series): Panel {
  const all = labels(...jobLabels(config));
  const place = [...serverLabels(config), ...(knowsZones(config) ? ['zone'] : [])];
  const placed = (query: Query): Query =>
    join(
      promql`sum by (${labels(...serverLabels(config))}) (${query})`,
      new UniqueVector(of('place'), serverLabels(config)),
      knowsZones(config) ? ['zone'] : [],
    );
  const busiest = (query: Query): Query => promql`
    ${placed(query)}
    and on (${labels(...serverLabels(config))})
    topk(50, ${of('requests')})`;
  const node = labels(...clusterLabels(config), 'node');
  const drops = promql`
    ${of('place')}
    * on (${node}) group_left ()
    sum by (${node}) (${dropped})`;
  const targets = [
    busiest(of('requests')),
    busiest(promql`
      ${of('requests')}
      / on (${all}) group_left ()
      avg by (${all}) (${of('requests')})`),
    busiest(promql`${of('forwarded', { to: matches(config.dns.resolvers) })} / ${LINK_LOCAL_LIMIT}`),
    busiest(of('responses', { rcode: 'SERVFAIL' })),
    ...(config.exporters.length === 0 ? [] : [promql`sum by (${labels(...place)}) (${drops})`]),
  ];
  return table({
    title: 'DNS servers',
    description:
      'The fifty busiest DNS servers. "Of the mean" shows skew: 1 is an equal part. "Of the limit" is what this server alone sends of the 1,024 packets/s ' +
      'of its interface. Two servers on one node share what is dropped there.',
    targets: targets.map((query) => rows(query)),
    columns: [
      ...clusterColumn(config),
      { field: 'job', title: 'Kind', width: 130 },
      { field: 'instance', title: 'Server', width: 260 },
      { field: 'node', title: 'Node' },
      ...(knowsZones(config) ? [{ field: 'zone', title: 'Zone', width: 140 }] : []),
      { field: 'Value #A', title: 'Queries', unit: QUERIES, decimals: 0, width: 110 },
      { field: 'Value #B', title: 'Of the mean', unit: 'none', decimals: 2, width: 110 },
      {
        field: 'Value #C',
        title: 'Of the limit',
        unit: 'percentunit',
        decimals: 0,
        width: 120,
        cell: 'colour',
        steps: [
          [null, 'transparent'],
          [0.5, attention],
          [0.8, warning],
          [1, bad],
        ],
      },
      { field: 'Value #D', title: 'Failed', unit: QUERIES, decimals: 2, width: 110 },
      ...(config.exporters.length === 0
        ? []
        : [
            {
              field: 'Value #E',
              title: 'Dropped',
              unit: PACKETS,
              decimals: 2,
              width: 110,
              cell: 'colour' as const,
              steps: [
                [null, 'transparent'],
                [0.000_001, bad],
              ] as const,
            },
          ]),
    ],
    sortBy: 'Queries',
    noValue: 'no data',
  });
}

/** The firing alerts on DNS. */
export const firingAlerts = (config: DnsConfig, { of, firing: alerts }: Series): Panel =>
  table({
    title: 'Firing alerts',
    description: 'Firing alerts on DNS, from the alerting rules of Azimuth. It should say "none".',
    targets: [rows(alerts), noneRow('alertname', alerts, of('requests'))],
    columns: [
      { field: 'alertname', title: 'Alert' },
      { field: 'severity', title: 'Severity', width: 100 },
      ...clusterColumn(config),
      { field: 'job', title: 'Kind', width: 130 },
      { field: 'to', title: 'Upstream', width: 180 },
      { field: 'node', title: 'Node' },
      { field: 'device', title: 'Interface', width: 100 },
    ],
    noValue: 'no data',
  });

const graph = (key: string, options: Parameters<typeof timeSeries>[0], more: Partial<DnsPanel> = {}): DnsPanel => ({
  key,
  width: 12,
  height: 7,
  ...more,
  panel: () => timeSeries({ legend: 'table', ...options }),
});

/** What is sent to the resolver, and what is dropped there. */
export const limitPanels = ({ linkLocal, dropped }: Series): readonly DnsPanel[] => [
  graph('linklocal-by-node', {
    title: 'To the resolver, by node',
    description:
      'Queries from the DNS servers of a node to the resolvers in dns.resolvers, and the packets that one network interface may send there. Short bursts ' +
      'can exceed the limit although the mean of the window does not.',
    targets: [
      overTime(withHost(promql`topk(10, ${linkLocal})`, 'node'), '{{host}}'),
      overTime(promql`group(${linkLocal}) * ${LINK_LOCAL_LIMIT}`, 'limit of an interface'),
    ],
    unit: QUERIES,
    colours: { 'limit of an interface': bad },
  }),
  graph(
    'throttled-by-interface',
    {
      title: 'Dropped above the limit, by interface',
      description:
        'Packets to Amazon DNS, instance metadata or time sync that an interface of a node with a DNS server dropped.',
      targets: [overTime(withHost(promql`topk(10, ${dropped})`, 'node'), '{{host}} {{device}}')],
      unit: PACKETS,
    },
    { needs: ['allowances'] },
  ),
];

/** What the servers answer. */
export const answerPanels = ({ of }: Series): readonly DnsPanel[] => [
  graph('answers-by-code', {
    title: 'Answers by code',
    description: 'Answers per second by their code: NOERROR, NXDOMAIN (no such name), SERVFAIL (failed) and others.',
    targets: [overTime(promql`sum by (rcode) (${of('responses')})`, '{{rcode}}')],
    unit: QUERIES,
    stacked: true,
    colours: { NOERROR: good, NXDOMAIN: attention, SERVFAIL: bad },
  }),
  graph('latency-quantiles', {
    title: 'Latency',
    description: 'Half, nine of ten and 99 of 100 answers take at most this long.',
    targets: [overTime(promql`max by (job, quantile) (${of('latency')})`, '{{job}} {{quantile}}')],
    unit: 's',
  }),
  graph('queries-by-server', {
    title: 'Queries by server',
    description:
      'The ten DNS servers with the most queries. Lines far apart mean that clients keep their sockets, or that a Service prefers its zone.',
    targets: [overTime(promql`topk(10, ${of('requests')})`, '{{job}} {{instance}}')],
    unit: QUERIES,
  }),
  graph('cache-hits', {
    title: 'Answered from the cache',
    description: 'Share of the queries that are answered from the cache, by kind of server.',
    targets: [
      overTime(promql`sum by (job) (${of('cacheHits')}) / on (job) sum by (job) (${of('cacheRequests')})`, '{{job}}'),
    ],
    unit: 'percentunit',
  }),
];

/** How the upstream servers do. */
export const upstreamPanels = ({ of }: Series): readonly DnsPanel[] => [
  graph('upstream-latency', {
    title: 'Slowest 1 % of each upstream server',
    description: 'One in a hundred answers of an upstream server takes this long or longer: the ten slowest.',
    targets: [overTime(promql`topk(10, ${of('upstreamLatency', { quantile: '0.99' })})`, '{{job}} {{to}}')],
    unit: 's',
  }),
  graph('upstream-failures', {
    title: 'Failed health checks',
    description:
      'Failed health checks per second by upstream server. Checks run only after a query failed; it should be 0.',
    targets: [overTime(promql`topk(10, sum by (job, to) (${of('healthFailures')}))`, '{{job}} {{to}}')],
    unit: 'suffix: /s',
  }),
  graph('upstream-answers', {
    title: 'Answers of upstream servers',
    description: 'Answers per second by upstream server and code.',
    targets: [overTime(promql`sum by (to, rcode) (${of('upstreamResponses')})`, '{{to}} {{rcode}}')],
    unit: QUERIES,
  }),
  graph('lost-queries', {
    title: 'Panics, and queries without a healthy upstream server',
    description:
      'Panics of the servers, and queries that went to any upstream server as none was healthy. Both should be 0.',
    targets: [
      overTime(promql`sum by (job) (${of('panics')})`, '{{job}} panics'),
      overTime(promql`sum by (job) (${of('healthBroken')})`, '{{job}} no healthy upstream'),
    ],
    unit: 'suffix: /s',
  }),
];

/** The workloads that ask most, with what they are told. */
function clientTable(config: DnsConfig, { client }: Series): Panel {
  const own = labels(...clusterLabels(config), 'namespace', 'workload_type', 'workload');
  const top = promql`topk(50, ${client('queries')})`;
  const coded = (rcode: string): Query => promql`
    sum by (${own}) (${client('answers', { rcode })})
    and on (${own})
    ${top}`;
  return table({
    title: 'Who asks',
    description:
      'The fifty workloads with the most queries, with the answers that there is no such name, or that the server failed. "For nothing" is the share without ' +
      'a name: a workload near 100 % asks for what does not exist, or needs fewer ndots. CoreDNS itself asks its upstream servers.',
    targets: [
      rows(top),
      rows(coded('NXDOMAIN')),
      rows(promql`
        sum by (${own}) (${client('answers', { rcode: 'NXDOMAIN' })})
        / on (${own})
        (sum by (${own}) (${client('answers')}) > 0)
        and on (${own})
        ${top}`),
      rows(coded('SERVFAIL')),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 160 },
      { field: 'workload', title: 'Workload' },
      { field: 'workload_type', title: 'Kind', width: 130 },
      { field: 'Value #A', title: 'Queries', unit: QUERIES, decimals: 1, width: 120 },
      { field: 'Value #B', title: 'No such name', unit: QUERIES, decimals: 1, width: 120 },
      {
        field: 'Value #C',
        title: 'For nothing',
        unit: 'percentunit',
        decimals: 0,
        width: 120,
        cell: 'colour',
        steps: [
          [null, 'transparent'],
          [0.8, attention],
        ],
      },
      { field: 'Value #D', title: 'Failed', unit: QUERIES, decimals: 2, width: 120 },
    ],
    sortBy: 'Queries',
    noValue: 'no data',
  });
}

/** Who asks. */
export const clientPanels = (config: DnsConfig, series: Series): readonly DnsPanel[] => {
  const { client } = series;
  const legend = '{{namespace}}/{{workload}}';
  const needs = ['clients'] as const;
  return [
    { key: 'clients', width: 24, height: 9, needs, panel: () => clientTable(config, series) },
    graph(
      'queries-by-workload',
      {
        title: 'Queries by workload',
        description: 'The ten workloads with the most queries.',
        targets: [overTime(promql`topk(10, ${client('queries')})`, legend)],
        unit: QUERIES,
      },
      { needs },
    ),
    graph(
      'nxdomain-by-workload',
      {
        title: 'No such name, by workload',
        description: 'The ten workloads with the most NXDOMAIN answers.',
        targets: [overTime(promql`topk(10, ${client('answers', { rcode: 'NXDOMAIN' })})`, legend)],
        unit: QUERIES,
      },
      { needs },
    ),
  ];
};

/** NodeLocal DNSCache. */
export const nodeLocalPanels = (config: DnsConfig): readonly DnsPanel[] => [
  graph(
    'setup-errors',
    {
      title: 'NodeLocal DNSCache: setup errors',
      description:
        'Errors in setting up the interface and the rules of the cache within a quarter of an hour, by node: the ten with the most.',
      targets: [
        overTime(
          promql`topk(10, sum by (node, errortype) (increase(${selector('coredns_nodecache_setup_errors_total', inCluster(config))}[15m])))`,
          '{{node}} {{errortype}}',
        ),
      ],
      unit: 'none',
    },
    { needs: ['nodeLocal'] },
  ),
];
