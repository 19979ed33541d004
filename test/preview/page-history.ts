import { existsSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import type { Cluster } from '../../bench/model.ts';
import { type InstantSample, type PrometheusApi, prometheusApi } from '../../bench/prometheus-api.ts';
import { clusterAt } from '../../bench/timeline.ts';
import { truth } from '../../bench/truth.ts';
import { PICTURES_AT } from '../../demo/index.ts';
import { makeStory, PLOT, type Story } from '../../demo/story.ts';
import { groupsInOrder, isRecordingData } from '../../demo/replay/rule-files.ts';
import { expectAnswer } from '../e2e/vector.ts';
import { folderOf, processesAt } from './demo-support.ts';
import type { ShownDemo } from './page-fixture.ts';

const NOW = PICTURES_AT / 1000;
const MINUTE = 60;

const production = { cluster: 'production' };

/**
 * Ends of stages that lasted a whole window, in seconds relative to now: there, rates are those of the stage. Among them before and
 * after the deploy, and after the pod has moved.
 */
const SETTLED = [-300, -180, -70, -60, -40, -15, -5].map((minutes) => minutes * MINUTE);

const byText = (a = '', b = ''): number => (a < b ? -1 : 1);

/** Six hours of history, with a clock that stands still. */
export function describeHistory({ shown, lines }: ShownDemo): void {
  const prometheus = (): PrometheusApi => prometheusApi(shown().demo.url);
  let story: Story;
  beforeAll(() => {
    story = makeStory(NOW, shown().config);
  });

  const at = (seconds: number): Cluster => clusterAt(story.timeline, NOW + seconds - story.start);

  /** Whether rates do not change within a window before that time. */
  const isSettled = (seconds: number): boolean => at(seconds - 5 * MINUTE).connections === at(seconds - 1).connections;

  test('records the true traffic of every stage', async () => {
    for (const seconds of SETTLED) {
      expect({ seconds, isSettled: isSettled(seconds) }).toEqual({ seconds, isSettled: true });
      const { byLocality, zonePairs, workloadPairs } = truth(at(seconds - 1));
      const answer = async (query: string) => (await prometheus().instant(query, NOW + seconds)).samples;
      expectAnswer(`localities at ${seconds}`, await answer('cluster:network_flows:rate5m'), {
        all: Object.entries(byLocality).map(([locality, value]) => ({ labels: { ...production, locality }, value })),
      });
      expectAnswer(`zones at ${seconds}`, await answer('zone_pair:network_flows:rate5m'), {
        all: zonePairs.map(({ sourceZone, destinationZone, locality, rate }) => ({
          labels: { ...production, source_zone: sourceZone, destination_zone: destinationZone, locality },
          value: rate,
        })),
      });
      expectAnswer(
        `workloads at ${seconds}`,
        await answer('workload_pair:network_flows:rate5m{locality="cross_zone"} > 0'),
        {
          all: workloadPairs
            .filter(({ locality }) => locality === 'cross_zone')
            .map(({ source, destination, locality, rate }) => ({
              labels: {
                ...production,
                locality,
                source_namespace: source.namespace,
                source_workload_type: source.type,
                source_workload: source.workload,
                source_zone: source.zone,
                destination_namespace: destination.namespace,
                destination_workload_type: destination.type,
                destination_workload: destination.workload,
                destination_zone: destination.zone,
              },
              value: rate,
            })),
        },
      );
    }
  });

  test('begins six hours before now, and has no gaps', async () => {
    const { series } = await prometheus().range('sum(cluster:network_flows:rate5m)', NOW - 6 * 3600, NOW, MINUTE);
    expect(series[0]?.values.map(([time]) => time)).toEqual(
      Array.from({ length: 6 * 60 + 1 }, (_, index) => NOW - 6 * 3600 + index * MINUTE),
    );
  });

  test('has at every step what its rules evaluate to', async () => {
    const groups = groupsInOrder(shown().rules).map(({ group }) => group);
    for (const { interval, rules } of groups) {
      const time = Math.floor((NOW - 47 * MINUTE) / interval) * interval;
      for (const rule of rules) {
        if (!isRecordingData(rule)) continue;
        const expected = await prometheus().instant(rule.expr, time);
        const stored = await prometheus().instant(rule.record, time);
        // These are differences of sums that are equal, or nearly: nothing but rounding.
        const kept = (value: number) =>
          /_lost:|slo_slow_requests:/.test(rule.record) ? Math.round(value * 1000) + 0 : value;
        const labelled = ({ metric: labels, value }: InstantSample) => ({ labels, value: kept(value) });
        const found = stored.samples.map((sample) => ({ ...sample, value: kept(sample.value) }));
        // What is stored has nine digits of the largest value of its record, so small ones have fewer.
        expectAnswer(rule.record, found, { all: expected.samples.map(labelled) }, 1e-4);
      }
    }
  });

  test('has the alerts that the story promises', async () => {
    const { samples } = await prometheus().instant('ALERTS', NOW);
    const told = samples.map(({ metric }) => `${metric['alertname']} ${metric['severity']} ${metric['alertstate']}`);
    expect(told.toSorted()).toEqual([
      'ConntrackAllowanceExceeded critical firing',
      'ConntrackAllowanceLow warning firing',
      'CoreDNSUpstreamUnhealthy warning firing',
      'CrossZoneCostForecast warning firing',
      ...Array.from({ length: 2 }, () => 'CrossZoneTrafficStep warning firing'),
      ...Array.from({ length: 4 }, () => 'CrossZoneTrafficStep warning pending'),
      ...Array.from({ length: 2 }, () => 'FlowAgentThrottled warning firing'),
      'LinkLocalAllowanceExceeded warning firing',
      'PPSAllowanceExceeded critical firing',
      'PPSAllowanceExceeded warning firing',
      'PPSAllowanceExceeded warning pending',
      'ServiceWithoutZoneHints info firing',
      'WorkloadMemoryNearLimit warning firing',
      'WorkloadZoneSkew warning firing',
      'ZoneHintsPartial warning firing',
    ]);
    // Each on the node that causes it: of the two that exceed their packet rate, the one that began last is pending.
    const exceeding = (kind: string, seconds: number) =>
      truth(at(seconds)).allowances.flatMap((one) => (one.kind === kind ? [one.node] : []));
    const nodes = (name: string, state: string) => [
      ...new Set(
        samples.flatMap(({ metric }) =>
          metric['alertname'] === name && metric['alertstate'] === state ? [metric['node']] : [],
        ),
      ),
    ];
    expect(nodes('ConntrackAllowanceExceeded', 'firing')).toEqual(exceeding('conntrack', -1));
    expect(nodes('LinkLocalAllowanceExceeded', 'firing')).toEqual(exceeding('linklocal', -1));
    expect(nodes('PPSAllowanceExceeded', 'firing')).toEqual(exceeding('pps', PLOT.merge.at - 1));
    expect(
      [...nodes('PPSAllowanceExceeded', 'pending'), ...nodes('PPSAllowanceExceeded', 'firing')].toSorted(byText),
    ).toEqual(exceeding('pps', -1).toSorted(byText));
  });

  test('has alerts that came and went, and none on the figures but for losses', async () => {
    const { series } = await prometheus().range('ALERTS{alertstate="firing"}', NOW - 6 * 3600, NOW, MINUTE);
    const names = new Set(series.map(({ metric }) => metric['alertname']));
    expect([...names].toSorted(byText)).toEqual([
      'BWINAllowanceExceeded',
      'ConntrackAllowanceExceeded',
      'ConntrackAllowanceLow',
      'CoreDNSUpstreamUnhealthy',
      'CrossZoneCostForecast',
      'CrossZoneTrafficStep',
      'DNSThrottledAtInterface',
      'FlowAgentDown',
      'FlowAgentThrottled',
      'FlowEventsLost',
      'FlowSeriesChurn',
      'LinkLocalAllowanceExceeded',
      'PPSAllowanceExceeded',
      'ServiceWithoutZoneHints',
      'WorkloadMemoryNearLimit',
      'WorkloadZoneSkew',
      'ZoneHintsPartial',
    ]);
    const times = (name: string, severity: string) =>
      series
        .filter(({ metric }) => metric['alertname'] === name && metric['severity'] === severity)
        .flatMap(({ values }) => values.map(([time]) => time - NOW));
    // From "for" after the first packets until 15 minutes after the last window with any.
    const restore = times('BWINAllowanceExceeded', 'warning');
    expect(restore[0]).toBeGreaterThanOrEqual(PLOT.restore.from + 10 * MINUTE);
    expect(restore[0]).toBeLessThanOrEqual(PLOT.restore.from + 12 * MINUTE);
    expect(restore.at(-1)).toBeLessThanOrEqual(PLOT.restore.until + 20 * MINUTE);
    expect(restore.at(-1)).toBeGreaterThanOrEqual(PLOT.restore.until + 17 * MINUTE);
    const wakes = times('LinkLocalAllowanceExceeded', 'critical');
    expect(wakes[0]).toBeGreaterThanOrEqual(PLOT.dns.at);
    expect(wakes.at(-1)).toBeLessThan(-5 * MINUTE);
  });

  test('knows since when alerts are active', async () => {
    const { samples } = await prometheus().instant('ALERTS_FOR_STATE{alertname="PPSAllowanceExceeded"} - time()', NOW);
    const since = samples.map(({ value }) => value).toSorted((a, b) => a - b);
    const { leak, merge } = PLOT;
    // Two severities of the leak, and the merge that has just begun.
    expect(since).toHaveLength(3);
    for (const [index, begin] of [leak.at + leak.packetsAfter, leak.at + leak.packetsAfter, merge.at].entries()) {
      expect(since[index]).toBeGreaterThan(begin);
      expect(since[index]).toBeLessThanOrEqual(begin + 5 * MINUTE);
    }
  });

  test('stands still: the story is told, new rules are refused, and every step is logged', async () => {
    expect(shown().demo.now).toBe(PICTURES_AT);
    expect(shown().demo.story).toEqual(story.events);
    await expect(shown().demo.updateRules(shown().rules)).rejects.toThrow('fixed clock');
    // The page logs as well, when it is the first to need the preview's packages or its bundle.
    expect(lines.filter((line) => !/^(?:installing|built) the preview/.test(line))).toEqual([
      expect.stringMatching(/^wrote 6 hours of scrapes: \d+ samples in \d+\.\d s$/),
      expect.stringMatching(/^evaluated \d+ rules over them: \d+ samples in \d+\.\d s$/),
      expect.stringMatching(/^Prometheus on port \d+ stands still at 2026-01-15T12:10:00\.000Z, after \d+\.\d s$/),
    ]);
  });
}

/** The end of the demo: after all that looks at it. */
export function describeEnd({ shown }: ShownDemo): void {
  test('leaves nothing behind', async () => {
    const [pid = 0] = processesAt(shown().demo.url);
    const folder = folderOf(pid);
    expect(existsSync(folder)).toBe(true);
    await shown().demo.stop();
    expect(processesAt(shown().demo.url)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    await expect(Promise.race([shown().demo.died, Promise.resolve('alive')])).resolves.toBe('alive');
  });
}
