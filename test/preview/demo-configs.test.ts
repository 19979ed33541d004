import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../bench/process/prometheus.ts';
import { SIMULATORS } from '../../bench/sources/index.ts';
import { clusterAt } from '../../bench/timeline.ts';
import { totalsOf } from '../../bench/truth.ts';
import { makeStory } from '../../demo/story.ts';
import { expectAnswer } from '../e2e/vector.ts';
import { demoFolders, start } from './demo-support.ts';

const AT = Date.UTC(2026, 0, 15, 12, 10);
const NOW = AT / 1000;
const PIPELINE = /^(?!CrossZone).*(Traffic|Source|Rule|Events)/;

const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

const names = (samples: readonly { readonly metric: Readonly<Record<string, string>> }[]): readonly string[] =>
  [...new Set(samples.map(({ metric }) => metric['alertname'] ?? ''))].toSorted();

describe('other configurations', () => {
  test('bytes of retina-standard, and no cluster label: the truth, and the same answers twice', async () => {
    const given = { cluster: { label: null }, flows: { source: ['retina-standard'], units: ['bytes'] } };
    const settled = NOW - 15 * 60;
    const answers: string[] = [];
    while (answers.length < 2) {
      const demo = await start(given, { at: AT });
      try {
        const story = makeStory(NOW, demo.generated.config);
        const { network_bytes: bytes = [] } = SIMULATORS['retina-standard'].observed(
          clusterAt(story.timeline, settled - 1 - story.start),
        );
        const { samples } = await demo.prometheus.instant('cluster:network_bytes:rate5m', settled);
        expectAnswer('bytes', samples, {
          all: Object.entries(totalsOf(bytes).byLocality).map(([locality, value]) => ({ labels: { locality }, value })),
        });
        const alerts = await demo.prometheus.instant('ALERTS{alertstate="firing"}', NOW);
        expect(names(alerts.samples)).toContain('PPSAllowanceExceeded');
        expect(names(alerts.samples).filter((name) => PIPELINE.test(name))).toEqual([]);
        const parameters = new URLSearchParams({
          query: '{__name__=~".+:.+|ALERTS.*", __name__!~"cluster_.*info|.*mapping"}',
          start: String(NOW - 6 * 3600),
          end: String(NOW),
          step: '60',
        });
        answers.push(await (await fetch(`${demo.url}/api/v1/query_range?${parameters.toString()}`)).text());
      } finally {
        await demo.stop();
      }
    }
    expect(answers[0]?.length).toBeGreaterThan(100_000);
    expect(answers[0] === answers[1]).toBe(true);
  }, 300_000);

  test('no flows: the allowances, DNS and the workloads alone', async () => {
    const demo = await start({ flows: { source: 'none' } }, { at: AT });
    try {
      const { samples } = await demo.prometheus.instant('ALERTS{alertstate="firing"}', NOW);
      expect(names(samples)).toEqual([
        'ConntrackAllowanceExceeded',
        'ConntrackAllowanceLow',
        'CoreDNSUpstreamUnhealthy',
        'LinkLocalAllowanceExceeded',
        'PPSAllowanceExceeded',
        'WorkloadMemoryNearLimit',
        'WorkloadZoneSkew',
        'ZoneHintsPartial',
      ]);
    } finally {
      await demo.stop();
    }
  }, 180_000);
});

describe('a start-up that fails', () => {
  test('without the program names the package that brings it, before anything else', async () => {
    process.env['PATH'] = '';
    await expect(start()).rejects.toThrow(
      'prometheus is not on PATH; on Debian, install it with: apt-get install prometheus',
    );
    expect(demoFolders()).toEqual([]);
  });

  test.each([
    ['at once', () => Promise.resolve()],
    ['after 300 ms', () => sleep(300)],
    ['after 3 s', () => sleep(3000)],
    [
      'when it has a folder',
      async () => {
        while (demoFolders().length === 0) await sleep(20);
      },
    ],
  ])(
    'ends when it is aborted %s, and leaves nothing',
    async (_, moment) => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const starting = start({}, { at: AT, signal: controller.signal });
      const outcome = starting.then(
        () => 'started',
        (error: unknown) => error,
      );
      await moment();
      const aborted = performance.now();
      controller.abort(reason);
      expect(await outcome).toBe(reason);
      expect(performance.now() - aborted).toBeLessThan(5000);
      expect(demoFolders()).toEqual([]);
    },
    90_000,
  );

  test('names the rule that fails', async () => {
    const group = { name: 'mine', rules: [{ record: 'mine', expr: 'up * on (job) up' }] };
    const rules = { 'mine.yaml': JSON.stringify({ groups: [group] }) };
    const alone = {
      flows: { source: 'none' },
      workloads: { resources: false },
      dns: { enabled: false },
      controlPlane: { enabled: false },
    };
    await expect(start(alone, { at: AT, rules })).rejects.toThrow(
      /^rule mine of group mine in mine\.yaml fails: .*many-to-many/,
    );
  }, 180_000);

  test('refuses a clock that is ahead', async () => {
    const at = Date.now() + 3_600_000;
    await expect(start({}, { at })).rejects.toThrow('expected a time no later than ten minutes from now');
  });

  test('takes another port than the next demo', async () => {
    expect(await freePort(19_400)).not.toBe(await freePort(19_400));
  });
});
