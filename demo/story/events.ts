import type { Config } from '../../generators/index.ts';
import type { Node, Pod } from '../../bench/model.ts';
import type { StoryEvent } from '../../preview/app/model/state.ts';
import type { Roles } from './nodes.ts';
import { hasCilium } from './cilium.ts';
import { MAX_PODS, RUN_PODS, RUN_UUID } from './burner.ts';
import { COMPANY_RESOLVER } from './dns.ts';
import type { ObserverRoles } from './pipeline.ts';
import { hasMoney } from './owners.ts';
import { dnsBursts, PLOT } from './plot.ts';

/** What the texts of events name. */
export interface Cast {
  readonly nodes: readonly Node[];
  readonly roles: Roles;
  readonly observing: ObserverRoles;
  /** The pod that moves: as it was, and as it is then. */
  readonly moved: { readonly from: Pod; readonly to: Pod };
}

const TRAFFIC = 'zone-traffic';
const ALLOWANCES = 'node-allowances';
const WORKLOADS = 'workload-resources';
const DNS = 'cluster-dns';
const CILIUM = 'cilium-health';
const SCALE = 'cluster-scale';
const PIPELINE = 'flow-pipeline';
const MONEY = 'zone-cost';
const ROUTING = 'zone-routing';

const minutes = (seconds: number): string => `${seconds / 60} minutes`;

/** A node without its domain. */
const short = (name: string): string => name.split('.')[0] ?? name;

/** What happens, in order of time: what went on before `now` (Unix seconds), and what is next. */
export function eventsOf(now: number, config: Config, { nodes, roles, observing, moved }: Cast): readonly StoryEvent[] {
  const zoneOf = (name: string) => nodes.find((node) => node.name === name)?.zone ?? '';
  const at = (seconds: number, dashboard: string, title: string, text: string): StoryEvent => ({
    at: (now + seconds) * 1000,
    title,
    text,
    dashboard,
  });
  const { money, restore, deploy, leak, dns, move, merge, storm, resolver, services, burner } = PLOT;
  const { starved, losing, blind, churn, refused, routed, drain } = PLOT;
  const leaking = short(roles.leaking);
  const resolving = short(roles.resolving);
  const restarted = leak.at + leak.lasts;

  const events = [
    at(
      money.savedAt,
      MONEY,
      'search/query stays in its zone, and the bill falls',
      'The Service of search/index is given trafficDistribution: search/query calls the index of its own zone from then on.',
    ),
    at(
      money.risesAt,
      MONEY,
      'The bill rises',
      'A release of catalog/products opens its connections to search/index by the names of its pods, past the Service: it calls every zone.',
    ),
    at(
      deploy.at,
      MONEY,
      'The bill rises again',
      'The new release of shop/checkout calls the primary of payments/ledger, wherever that is.',
    ),
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
      services.from,
      CILIUM,
      'Services pile up',
      'Each preview of the shop brings Services of its own, and nobody deletes them: the map of Services fills on every node.',
    ),
    at(
      services.fullAt,
      CILIUM,
      'The map of Services is full',
      'Agents cannot add backends: reconcilers fail, the agents are degraded, and packets to the newest Services are dropped as they have no backend.',
    ),
    at(
      services.until,
      CILIUM,
      'The previews are deleted',
      'The map has room again, and reconcilers catch up by themselves.',
    ),
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
      burner.from,
      SCALE,
      'A load test begins',
      `kube-burner creates ${RUN_PODS} Deployments, as run ${RUN_UUID}: the API server is slower than Kubernetes promises, and requests wait.`,
    ),
    at(
      burner.created,
      SCALE,
      'The nodes are full',
      `Each kubelet allows ${MAX_PODS} pods, so the last pods of the test fit nowhere. On ${short(roles.merging)} addresses run out first: sandboxes fail.`,
    ),
    at(burner.deletes, SCALE, 'The load test deletes', 'Its namespaces go, and with them all that is in them.'),
    at(
      burner.until,
      SCALE,
      'The load test is over',
      'The API server is as fast as before. Choose the run above to see its time only.',
    ),
    at(
      move.at,
      TRAFFIC,
      'A pod moves to another zone',
      `search/indexer is scheduled again: from ${zoneOf(moved.from.node)} to ${zoneOf(moved.to.node)}, as ${moved.to.name}.`,
    ),
    at(
      churn.from,
      PIPELINE,
      'Series come and go',
      'Builds run in pods that live for seconds: each brings series of its own, and agents create far more than they have.',
    ),
    at(churn.until, PIPELINE, 'The builds are done', 'Agents create few new series again.'),
    at(
      starved.from,
      PIPELINE,
      'An agent has too little CPU',
      `The agent on ${short(observing.starving)} uses up its CPU limit, waits, and loses events: traffic of its node is undercounted.`,
    ),
    at(
      losing.until,
      PIPELINE,
      'It loses no more events',
      'There is less to see on its node, but it still waits for CPU.',
    ),
    at(
      refused.from,
      PIPELINE,
      'A NetworkPolicy refuses calls',
      'What shop/checkout asks of payments/fraud is dropped: POLICY_DENIED.',
    ),
    at(
      blind.from,
      PIPELINE,
      'A node is not observed',
      `The agent on ${short(observing.blind)} does not answer: what its pods say among themselves is in no figure.`,
    ),
    at(blind.until, PIPELINE, 'The node is observed again', 'Its agent answers; the alert ends minutes later.'),
    at(refused.until, PIPELINE, 'The NetworkPolicy is mended', 'Nothing more is refused.'),
    at(starved.until, PIPELINE, 'The agent gets more CPU', 'Its limit is raised: it does not wait any more.'),
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
    ...(hasCilium(config) ? [CILIUM] : []),
    ...(config.controlPlane.enabled ? [SCALE] : []),
    ...(config.flowPipeline.enabled && config.flows.source !== 'none' ? [PIPELINE] : []),
    ...(hasMoney(config) ? [MONEY] : []),
    ...(config.routing.records && (config.flows.source !== 'none' || config.workloads.resources) ? [ROUTING] : []),
  ]);
  return events.filter(({ dashboard }) => shown.has(dashboard)).toSorted((a, b) => a.at - b.at);
}
