import { graph } from '../../panels/needs.ts';
import { COLOURS, inCluster, overTime, withHost } from '../../panels/shared.ts';
import { promql, selector } from '../../promql/index.ts';
import { LINK_LOCAL_LIMIT } from '../names.ts';
import type { DnsConfig } from '../settings.ts';
import { type DnsPanel, PACKETS, QUERIES, type Series } from './panel.ts';

const { good, attention, bad } = COLOURS;

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
