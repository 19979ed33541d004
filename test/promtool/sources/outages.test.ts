import { agentRestarted, clusterRenamed, podMoved, scrapeGap } from '../../../bench/faults/index.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { type Case, describeCases } from './cases.ts';
import type { Check } from './expectations.ts';
import { isKubeStateMetrics, scrapesFor, type Setup, STEADY, steadyScrapes, truthAt } from './harness.ts';
import { HOSTILE, NODES, PODS } from './hostile-cluster.ts';
import { truthOver } from './over-time.ts';

const AT = 360;

/** How long identities are remembered: from the last sample on, before it happens. */
const FORGOTTEN = AT - 30 + 600;

const isAgent = (scrape: Scrape) => !isKubeStateMetrics(scrape);

/** Sources whose figures hold without kube-state-metrics: they know zones and owners, or count one locality only. */
const KNOWING = new Set<string>(['obi', 'beyla', 'netobserv', 'kubezonnet']);

/** The truth without kube-state-metrics: what sources know themselves, and nothing of the others, which is withheld. */
const truthUntold = (setup: Setup, at: number): Check =>
  KNOWING.has(setup.id)
    ? truthAt({ ...setup, options: { ...setup.options, known: { nodes: [], pods: [], services: [] } } }, at, HOSTILE)
    : { at, truth: {} };

/** A StatefulSet pod moves while nobody looks. */
const moved = podMoved(HOSTILE, { pod: PODS.alone, at: AT + 60, overlap: 0, node: NODES.b.name, ip: '10.1.0.50' });

const CASES: readonly Case[] = [
  {
    name: 'kube-state-metrics down',
    scenario: (setup) => ({
      scrapes: scrapeGap(steadyScrapes(setup, HOSTILE), isKubeStateMetrics, { from: AT, until: FORGOTTEN + 150 })
        .scrapes,
      checks: [
        truthAt(setup, STEADY, HOSTILE),
        truthAt(setup, FORGOTTEN - 30, HOSTILE),
        truthUntold(setup, FORGOTTEN + 90),
        // One evaluation later, as promtool evaluates groups in any order.
        truthAt(setup, FORGOTTEN + 210, HOSTILE),
      ],
    }),
  },
  {
    name: 'kube-state-metrics never there',
    scenario: (setup) => ({
      scrapes: steadyScrapes(setup, HOSTILE).filter(isAgent),
      checks: [truthUntold(setup, STEADY)],
    }),
  },
  {
    name: 'agents never there',
    scenario: (setup) => ({
      scrapes: steadyScrapes(setup, HOSTILE).filter(isKubeStateMetrics),
      checks: [{ at: STEADY, truth: {} }],
    }),
  },
  {
    name: 'Prometheus killed and restarted, a pod moved meanwhile',
    scenario: (setup) => ({
      // Nothing marks the old pod stale: both are visible for minutes.
      scrapes: scrapeGap(scrapesFor(setup, moved.timeline), () => true, { from: AT, until: AT + 120 }, 'prometheus')
        .scrapes,
      checks: [STEADY, AT + 480].map((at) => truthOver(setup, moved.timeline, at)),
    }),
  },
  {
    name: 'agents restarted',
    scenario: (setup) => ({
      scrapes: agentRestarted(steadyScrapes(setup, HOSTILE), isAgent, AT).scrapes,
      checks: [truthAt(setup, STEADY, HOSTILE), truthAt(setup, AT + 360, HOSTILE)],
    }),
  },
  {
    name: 'the cluster gets another name',
    scenario: (setup) => ({
      scrapes: clusterRenamed(steadyScrapes(setup, HOSTILE), AT, 'two').scrapes,
      checks: [truthAt(setup, STEADY, HOSTILE), truthAt(setup, AT + 360, { ...HOSTILE, name: 'two' })],
    }),
  },
];

describeCases(CASES);
