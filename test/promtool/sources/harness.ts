import { samplesOf, promtoolSeries } from '../../../bench/samples.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { SIMULATORS, type SourceId } from '../../../bench/sources/index.ts';
import type { TargetOptions } from '../../../bench/targets.ts';
import { type Timeline, scrapesOf } from '../../../bench/timeline.ts';
import type { Observed } from '../../../bench/truth.ts';
import type { Cluster } from '../../../bench/model.ts';
import type { Config } from '../../../generators/index.ts';
import { generate, RULES } from '../../support/generate.ts';
import { type RuleTest, testRules } from '../../support/rule-test.ts';
import { type Check, expressionTests } from './expectations.ts';

/** Distance of scrapes in seconds, as the configuration has it by default. */
export const STEP = 30;

/** The first time at which the rate of a steady cluster is whole. */
export const STEADY = 300;

/** What happens, and what must come of it. */
export interface Scenario {
  readonly scrapes: readonly Scrape[];
  readonly checks: readonly Check[];
}

/** A source as the simulator and the configuration set it up. */
export interface Setup {
  readonly id: SourceId;
  readonly options?: TargetOptions;
  readonly given?: object;
}

/** The scrapes of clusters that change, with one kube-state-metrics each. */
export const scrapesFor = ({ id, options }: Setup, ...timelines: readonly Timeline[]): Scrape[] =>
  timelines.flatMap((timeline) =>
    scrapesOf(timeline, { sources: [id], kubeStateMetricsReplicas: 1, ...options }).filter(
      ({ labels }) => labels['job'] !== 'ethtool',
    ),
  );

/** Whether a scrape is of kube-state-metrics, and not of an agent. */
export const isKubeStateMetrics = ({ labels }: Scrape): boolean => labels['job'] === 'kube-state-metrics';

/** The scrapes of clusters to which nothing happens. */
export const steadyScrapes = (setup: Setup, ...clusters: readonly Cluster[]): Scrape[] =>
  scrapesFor(setup, ...clusters.map((cluster) => [{ from: 0, cluster }]));

/** What the source counts of a cluster. */
export const observedBy = ({ id, options }: Setup, cluster: Cluster): Observed =>
  SIMULATORS[id].observed(cluster, options);

/** The truth about some clusters at a time, if nothing has changed within the window. */
export const truthAt = (setup: Setup, at: number, ...clusters: readonly Cluster[]): Check => ({
  at,
  truth: Object.fromEntries(clusters.map((cluster) => [cluster.name, observedBy(setup, cluster)])),
});

/** A scenario as a case of promtool. */
export function ruleTest(name: string, config: Config, { scrapes, checks }: Scenario): RuleTest {
  const duration = Math.max(...checks.map(({ at }) => at));
  return {
    name,
    interval: `${STEP}s`,
    input_series: samplesOf(scrapes, { step: STEP, duration }).map(promtoolSeries),
    promql_expr_test: checks.flatMap((check) => expressionTests(config, check)),
  };
}

/** The configuration for a source. */
export const givenFor = ({ id, given = {} }: Setup): object => ({
  ...given,
  flows: { source: id, ...('flows' in given && typeof given.flows === 'object' ? given.flows : {}) },
});

/** Distance of evaluations: a scenario that is looked at when its first window is whole needs none on the way. */
const evaluatedEvery = ({ checks }: Scenario): string =>
  checks.every(({ at }) => at === STEADY) ? `${STEADY}s` : '1m';

/** Generates the rules for a source and expects what the scenario says. */
export async function expectScenario(name: string, setup: Setup, scenario: Scenario): Promise<void> {
  const rules = generate(givenFor(setup));
  const tests = [ruleTest(`${setup.id}: ${name}`, rules.config, scenario)];
  await testRules([rules.file(RULES.zoneTraffic)], tests, evaluatedEvery(scenario));
}
