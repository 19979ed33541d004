import { isOnOneNode, type MetricFamily } from '../../../bench/model.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { connect, end, onNode } from '../../support/handmade-cluster.ts';
import { type Case, describeCases, EXCEPT } from './cases.ts';
import { STEADY, steadyScrapes, truthAt } from './harness.ts';
import { CONNECTIONS, NODES, PODS, withPods } from './hostile-cluster.ts';
import { only, steady } from './steady.ts';

const { c } = NODES;

/** Flows name pods without their namespaces. */
const withoutNamespaces = (scrape: Scrape): Scrape => {
  const nameless = (family: MetricFamily): MetricFamily => ({
    ...family,
    series: family.series.map((series) => {
      const { source_namespace: _source, destination_namespace: _destination, ...labels } = series.labels;
      return { ...series, labels };
    }),
  });
  return scrape.labels['job'] === 'kube-state-metrics'
    ? scrape
    : { ...scrape, families: scrape.families.map(nameless) };
};

const CASES: readonly Case[] = [
  {
    name: 'flows without pod names',
    except: EXCEPT.noAddresses,
    scenario: steady(
      only(
        connect(end(PODS.webA, { unnamed: true }), end(PODS.dbB), 1, 2),
        connect(end(PODS.webB), end(PODS.dbB, { unnamed: true }), 3, 4),
        connect(end(PODS.bare, { unnamed: true }), end(PODS.blue, { unnamed: true }), 5, 6),
      ),
    ),
  },
  {
    name: 'flows without namespaces',
    except: EXCEPT.noAddresses,
    scenario: (setup) => {
      // Without a namespace nothing proves that a pod is on a node.
      const cluster = only(...CONNECTIONS.filter((one) => !isOnOneNode(one)));
      return {
        scrapes: steadyScrapes(setup, cluster).map(withoutNamespaces),
        checks: [truthAt(setup, STEADY, cluster)],
      };
    },
  },
  {
    name: 'a node with the address of a completed pod',
    except: EXCEPT.noAddresses,
    scenario: steady(
      withPods(
        [{ ...PODS.once, phase: 'Succeeded', ip: c.internalIp }],
        [connect(onNode(c), end(PODS.webA), 3, 4), connect(onNode(c), end(PODS.dbB), 5, 6)],
      ),
    ),
  },
  {
    name: 'IPv6 and dual stack',
    except: EXCEPT.noIpv6,
    scenario: steady(only(...CONNECTIONS.filter(({ client }) => client.kind === 'pod' && client.ip !== undefined))),
  },
  {
    name: 'host-network pods of one name and address',
    scenario: steady(
      only(
        connect(end(PODS.hostOne), end(PODS.dbB), 1, 2),
        connect(end(PODS.hostTwo), end(PODS.dbB), 3, 4),
        connect(end(PODS.webB), end(PODS.hostTwo), 5, 6),
        connect(end(PODS.hostOne), end(PODS.webA), 7, 8),
      ),
    ),
  },
  {
    name: 'an address that a completed pod keeps, made after the pod that runs there',
    except: EXCEPT.noAddresses,
    scenario: steady(
      withPods(
        [{ ...PODS.once, phase: 'Succeeded', createdAt: 900, ip: PODS.peer.ip }],
        [connect(end(PODS.peer, { unnamed: true }), end(PODS.alone), 3, 4)],
      ),
    ),
  },
];

describeCases(CASES);
