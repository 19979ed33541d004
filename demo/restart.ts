import { setTimeout as sleep } from 'node:timers/promises';
import type { Prometheus } from '../bench/process/prometheus.ts';
import { withInterval } from './replay/rule-files.ts';
import type { Home, RuleFiles } from './server.ts';

/**
 * Prometheus evaluates rules twice before it looks up how long alerts have been active, and once more before they fire
 * again: three minutes at the usual interval, so it begins with another. Upstream: rules/manager.go, Group.run.
 */
const FIRST_INTERVAL = '1s';
const PATIENCE_MS = 8000;

/** The rules with which Prometheus is to begin. */
export const hasty = (rules: RuleFiles): RuleFiles => withInterval(rules, FIRST_INTERVAL);

/**
 * Waits until as many alerts fire as did at the end of history (a Unix time in seconds), for some seconds at most: those
 * that only went on firing for a while do not come back. Then the rules get their own interval; alerts stay as they are.
 * Returns how many fire.
 */
export async function settleAlerts(home: Home, prometheus: Prometheus, rules: RuleFiles, end: number): Promise<number> {
  const { samples } = await prometheus.instant('count(ALERTS{alertstate="firing"})', end);
  const expected = samples[0]?.value ?? 0;
  let firing = 0;
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(200)) {
    firing = await countFiring(prometheus.url);
    if (firing >= expected) break;
  }
  await home.reload(prometheus, rules);
  return firing;
}

interface AlertsAnswer {
  readonly data: { readonly alerts: readonly { readonly state: string }[] };
}

async function countFiring(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/alerts`);
  const { data } = (await response.json()) as AlertsAnswer;
  return data.alerts.filter(({ state }) => state === 'firing').length;
}
