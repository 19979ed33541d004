import type { Config } from '../../generators/index.ts';
import type { Node, Pod } from '../../bench/model.ts';
import type { StoryEvent } from '../../preview/app/model/state.ts';
import type { Roles } from './nodes.ts';
import { COMPANY_RESOLVER } from './dns.ts';
import { dnsBursts, PLOT } from './plot.ts';

/** What the texts of events name. */
export interface Cast {
  readonly nodes: readonly Node[];
  readonly roles: Roles;
  /** The pod that moves: as it was, and as it is then. */
  readonly moved: { readonly from: Pod; readonly to: Pod };
}

const TRAFFIC = 'zone-traffic';
const ALLOWANCES = 'node-allowances';
const WORKLOADS = 'workload-resources';
const DNS = 'cluster-dns';
const ROUTING = 'zone-routing';

const minutes = (seconds: number): string => `${seconds / 60} minutes`;

/** A node without its domain. */
const short = (name: string): string => name.split('.')[0] ?? name;

/** What happens, in order of time: what went on before `now` (Unix seconds), and what is next. */
export function eventsOf(now: number, config: Config, { nodes, roles, moved }: Cast): readonly StoryEvent[] {
  const zoneOf = (name: string) => nodes.find((node) => node.name === name)?.zone ?? '';
  const at = (seconds: number, dashboard: string, title: string, text: string): StoryEvent => ({
    at: (now + seconds) * 1000,
    title,
    text,
    dashboard,
  });
  const { restore, deploy, leak, dns, move, merge, storm, resolver, routed, drain } = PLOT;
  const leaking = short(roles.leaking);
  const resolving = short(roles.resolving);
  const restarted = leak.at + leak.lasts;

  const events = [
    at(
      restore.from,
      ALLOWANCES,
      'A node receives more than its bandwidth',
      `accounts/postgres is restored from a backup on ${short(roles.restoring)} for ${minutes(restore.until - restore.from)}.`,
    ),
    at(restore.until, ALLOWANCES, 'The restore is done', 'Bandwidth is within the allowance again.'),
    at(
      deploy.at,
      TRAFFIC,
      'checkout starts to talk across zones',
      `A new release of shop/checkout calls the primary of payments/ledger in every case, not the ledger of its own zone.`,
    ),
    at(
      leak.at,
      ALLOWANCES,
      'A node starts to run out of connections',
      `catalog/images on ${leaking} opens connections without closing them.`,
    ),
    at(
      leak.at,
      WORKLOADS,
      'A pod begins to leak memory',
      `The pod of catalog/images on ${leaking} keeps the buffers of its connections: its memory grows, that of the others does not.`,
    ),
    at(
      leak.at + leak.packetsAfter,
      ALLOWANCES,
      'The same node exceeds its packet rate',
      `${leaking} sends and receives more packets per second than its instance type allows.`,
    ),
    at(
      dns.at,
      ALLOWANCES,
      'A burst of DNS calls',
      `catalog/price-sync looks up every item; coredns on ${resolving} exceeds the link-local allowance for ${minutes(dns.firstLasts)}.`,
    ),
    ...(config.ethtool.exporter === 'none'
      ? []
      : [
          at(
            dns.at,
            DNS,
            'DNS is throttled at one node',
            `coredns on ${resolving} passes on what price-sync asks: more than its network interface may send to the resolver.`,
          ),
        ]),
    at(
      storm.from,
      DNS,
      'A storm of names that do not exist',
      'A release of shop/mailer looks up a wrong host name, with every search domain and again and again.',
    ),
    at(storm.until, DNS, 'The storm is over', 'shop/mailer is rolled back.'),
    at(
      resolver.from,
      DNS,
      'An upstream server fails',
      `The resolver of the company, ${COMPANY_RESOLVER}, does not answer: its names do not resolve.`,
    ),
    at(resolver.until, DNS, 'The upstream server is back', 'Its alert ends a quarter of an hour later.'),
    at(
      move.at,
      TRAFFIC,
      'A pod moves to another zone',
      `search/indexer is scheduled again: from ${zoneOf(moved.from.node)} to ${zoneOf(moved.to.node)}, as ${moved.to.name}.`,
    ),
    at(
      routed.at,
      ROUTING,
      'A Service is routed by zone',
      `${routed.server} gets trafficDistribution: PreferSameZone, and the calls of products and indexer stay in their zones.`,
    ),
    at(
      drain.at,
      ROUTING,
      'Hints vanish in one zone',
      `Nodes of ${nodes[drain.zone]?.zone ?? ''} are drained, and search/${drain.workload} has no pod there any more: callers in that zone call the other two.`,
    ),
    at(merge.at, ALLOWANCES, 'Another node exceeds its packet rate', `search/index merges on ${short(roles.merging)}.`),
    at(leak.at + leak.emptyAfter, ALLOWANCES, 'No connections left', `${leaking} drops packets of new connections.`),
    ...dnsBursts()
      .filter(({ from }) => from > dns.at)
      .map(({ from }) =>
        at(
          from,
          ALLOWANCES,
          'A smaller burst of DNS calls',
          `price-sync runs every ${minutes(dns.every)}, by now with fewer lookups.`,
        ),
      ),
    at(
      dns.at,
      WORKLOADS,
      'A batch job uses up its CPU quota',
      `catalog/price-sync looks up every item and is throttled for ${minutes(dns.firstLasts)}.`,
    ),
    at(
      restarted,
      WORKLOADS,
      'The pod that leaked is restarted',
      `Its memory is back to that of the other pods of catalog/images.`,
    ),
    at(
      merge.at + merge.lasts,
      ALLOWANCES,
      'The merge is done',
      `${short(roles.merging)} is within its packet rate again.`,
    ),
    at(
      restarted,
      ALLOWANCES,
      'images is restarted',
      `Connections of ${leaking} are freed; its alerts resolve within a quarter of an hour.`,
    ),
    at(
      leak.at + leak.every,
      ALLOWANCES,
      'Connections leak again',
      `The cause is not mended: ${leaking} runs out of connections every ${minutes(leak.every)}.`,
    ),
  ];
  const shown = new Set([
    ...(config.flows.source === 'none' ? [] : [TRAFFIC]),
    ...(config.ethtool.exporter === 'none' ? [] : [ALLOWANCES]),
    ...(config.workloads.resources ? [WORKLOADS] : []),
    ...(config.dns.enabled ? [DNS] : []),
    ...(config.routing.records && (config.flows.source !== 'none' || config.workloads.resources) ? [ROUTING] : []),
  ]);
  return events.filter(({ dashboard }) => shown.has(dashboard)).toSorted((a, b) => a.at - b.at);
}
