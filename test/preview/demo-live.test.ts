import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { folderOf, processesAt, start, type Started } from './demo-support.ts';

/** Scrapes and rules in quick succession, so that the test need not wait for them. */
const QUICK = {
  flows: { source: 'none' },
  workloads: { resources: false },
  dns: { enabled: false },
  controlPlane: { enabled: false },
  scrape: { interval: '2s' },
  rules: { interval: '5s' },
} as const;
const FIRING_WITHIN = 10;

interface Alerts {
  readonly data: { readonly alerts: readonly { readonly state: string; readonly labels: Record<string, string> }[] };
}

let demo: Started;
let startedAt: number;

const value = async (query: string): Promise<number> => {
  const { samples } = await demo.prometheus.instant(query);
  return samples[0]?.value ?? Number.NaN;
};
const alerts = async (state: string): Promise<readonly string[]> => {
  const { data } = (await (await fetch(`${demo.url}/api/v1/alerts`)).json()) as Alerts;
  const names = data.alerts.flatMap((alert) => (alert.state === state ? [alert.labels['alertname'] ?? ''] : []));
  return [...new Set(names)].toSorted();
};
async function until(what: string, holds: () => Promise<boolean>, seconds: number): Promise<void> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; await sleep(250)) {
    if (await holds()) return;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

beforeAll(async () => {
  demo = await start({});
  startedAt = Date.now() / 1000;
}, 300_000);

afterAll(async () => {
  await demo?.stop();
}, 30_000);

describe('the demo, live', () => {
  test('has alerts firing and pending from the beginning, as Prometheus itself sees them', async () => {
    expect(demo.now).toBeNull();
    expect(await alerts('firing')).toEqual([
      'ConntrackAllowanceExceeded',
      'ConntrackAllowanceLow',
      'FlowAgentThrottled',
      'LinkLocalAllowanceExceeded',
      'PPSAllowanceExceeded',
      'ServiceWithoutZoneHints',
      'WorkloadMemoryNearLimit',
      'WorkloadZoneSkew',
      'ZoneHintsPartial',
    ]);
    expect(await alerts('pending')).toEqual(['PPSAllowanceExceeded']);
    await until(
      'ALERTS are recorded',
      async () => (await value('count(ALERTS{alertstate="firing"})')) >= 5,
      FIRING_WITHIN,
    );
  });

  test('fails no rule, and is within the evaluation interval of the configuration', async () => {
    const answer = await (await fetch(`${demo.url}/api/v1/rules`)).text();
    expect(answer).not.toContain('"health":"err"');
    expect(answer).toContain('"interval":60');
    expect(answer).not.toContain('"interval":1,');
  });

  test('has no gap between history and now', async () => {
    const { series } = await demo.prometheus.range(
      'sum(cluster:network_flows:rate5m)',
      startedAt - 3600,
      startedAt,
      15,
    );
    expect(series[0]?.values).toHaveLength(3600 / 15 + 1);
    const scraped = await demo.prometheus.instant('count_over_time(up{job="kube-state-metrics"}[10m:30s])', startedAt);
    expect(scraped.samples[0]?.value).toBe(20);
  });

  test('reads other rules, and says why it refuses some', async () => {
    const group = { name: 'mine', interval: '1s', rules: [{ record: 'mine', expr: 'vector(7)' }] };
    await demo.updateRules({ ...demo.rules, 'mine.yaml': JSON.stringify({ groups: [group] }) });
    await until('the new record', async () => (await value('mine')) === 7, 10);
    expect(await alerts('firing')).not.toEqual([]);
    const broken = JSON.stringify({ groups: [{ name: 'mine', rules: [{ record: 'mine', expr: 'sum(' }] }] });
    await expect(demo.updateRules({ ...demo.rules, 'mine.yaml': broken })).rejects.toThrow(
      /^Prometheus refuses the rules: .*parse error/,
    );
    await demo.updateRules(demo.rules);
  });

  test('tells when Prometheus dies, and still stops', async () => {
    const [pid = 0] = processesAt(demo.url);
    const folder = folderOf(pid);
    process.kill(pid, 'SIGKILL');
    expect(await demo.died).toMatch(/^Prometheus on port \d+ ended by itself: signal SIGKILL/);
    await demo.stop();
    expect(existsSync(folder)).toBe(false);
    expect(processesAt(demo.url)).toEqual([]);
  });
});

test('goes on: the next scrapes and evaluations arrive when their time comes', async () => {
  const quick = await start(QUICK);
  try {
    const latest = async (name: string) => {
      const { samples } = await quick.prometheus.instant(`max(timestamp(${name}))`);
      return samples[0]?.value ?? Number.NaN;
    };
    for (const [name, seconds] of [
      ['node_net_ethtool', 2],
      ['metric:pps_allowance_exceeded', 5],
    ] as const) {
      const before = await latest(name);
      expect(Date.now() / 1000 - before).toBeLessThan(2 * seconds + 3);
      await until(name, async () => (await latest(name)) > before, 2 * seconds + 3);
    }
    const { samples } = await quick.prometheus.instant('count_over_time(up{job="kube-state-metrics"}[1m])');
    expect(samples[0]?.value).toBeGreaterThanOrEqual(29);
    expect(quick.lines.filter((line) => line.includes('could not'))).toEqual([]);
    expect(quick.story.every(({ dashboard }) => dashboard !== 'zone-traffic')).toBe(true);
  } finally {
    await quick.stop();
  }
}, 180_000);
