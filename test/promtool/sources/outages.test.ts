import { agentRestarted, clusterRenamed, podMoved, runsAhead, scrapeGap } from '../../../bench/faults/index.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { type Case, describeCases } from './cases.ts';
import type { Check } from './expectations.ts';
import { isKubeStateMetrics, scrapesFor, type Setup, STEADY, STEP, steadyScrapes, truthAt } from './harness.ts';
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

/** Agents that count some of the traffic a scrape earlier; `at` are the times of these scrapes. */
const uneven = (scrapes: readonly Scrape[], ...at: readonly number[]): readonly Scrape[] =>
  at.reduce(
    (changed, time) => runsAhead(changed, isAgent, { from: time - STEP / 2, until: time + STEP / 2 }, STEP).scrapes,
    scrapes,
  );

const CASES: readonly Case[] = [
  {
    name: 'kube-state-metrics down, while traffic is uneven within each window',
    scenario: (setup) => ({
      // What is a minute into the window of the check before identities are forgotten, and the last scrape but one before the last check:
      // rates over the window stay the same, those over a shorter one or between two scrapes do not.
      scrapes: scrapeGap(
        uneven(steadyScrapes(setup, HOSTILE), FORGOTTEN - 30 - 240, FORGOTTEN + 210 - STEP),
        isKubeStateMetrics,
        { from: AT, until: FORGOTTEN + 150 },
      ).scrapes,
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
