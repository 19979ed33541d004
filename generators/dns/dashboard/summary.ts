import type { Panel } from '../../model/dashboard.ts';
import { stat } from '../../panels/charts.ts';
import { noneRow } from '../../panels/firing.ts';
import { COLOURS, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { either, join, labels, matches, promql, type Query, UniqueVector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { knowsZones, LINK_LOCAL_LIMIT } from '../names.ts';
import { jobLabels, serverLabels } from '../servers.ts';
import { COREDNS_JOB, type DnsConfig } from '../settings.ts';
import { type DnsPanel, PACKETS, QUERIES, type Series } from './panel.ts';

const { good, attention, warning, bad, total } = COLOURS;

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
