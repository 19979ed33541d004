import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A rule group to be measured: any interval it has is replaced. */
export interface MeasuredGroup {
  readonly name: string;
  readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[];
}

/** How long a group took, in seconds: the median over its evaluations, and its rules in that evaluation. */
export interface GroupTime {
  readonly name: string;
  readonly seconds: number;
  readonly all: readonly number[];
  readonly rules: readonly { readonly name: string; readonly seconds: number }[];
}

interface Answer {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly evaluationTime: number;
      readonly lastEvaluation: string;
      readonly rules: readonly {
        readonly name: string;
        readonly evaluationTime: number;
        readonly lastError?: string;
      }[];
    }[];
  };
}

type Evaluation = Answer['data']['groups'][number];

/**
 * Lets Prometheus itself evaluate rule groups until each has run `evaluations` times, calls `meanwhile` while their records are
 * there, then takes them away again.
 * @param folder where Prometheus looks for rule files (`*.json`).
 * @throws Error when a rule fails, or when the groups do not get that far within `timeout` seconds.
 */
export async function timeGroups(
  url: string,
  folder: string,
  groups: readonly MeasuredGroup[],
  { interval, evaluations, timeout }: { interval: number; evaluations: number; timeout: number },
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly GroupTime[]> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'measured.json');
  await writeFile(file, JSON.stringify({ groups: groups.map((group) => ({ ...group, interval: `${interval}s` })) }));
  await reload(url);
  const seen = new Map(groups.map(({ name }) => [name, new Map<string, Evaluation>()]));
  // The first evaluations read records that do not exist yet, so they are too cheap: one for each group that may wait for another.
  const wanted = evaluations + groups.length;
  const deadline = performance.now() + timeout * 1000;
  while ([...seen.values()].some((found) => found.size < wanted)) {
    if (performance.now() > deadline) throw new Error(`groups were not evaluated ${wanted} times within ${timeout} s`);
    await sleep(500);
    for (const group of await evaluated(url)) seen.get(group.name)?.set(group.lastEvaluation, group);
  }
  await meanwhile();
  await rm(file);
  await reload(url);
  return groups.map(({ name }) => median(name, [...(seen.get(name)?.values() ?? [])].slice(groups.length)));
}

async function reload(url: string): Promise<void> {
  const response = await fetch(`${url}/-/reload`, { method: 'POST' });
  if (!response.ok) throw new Error(`Prometheus does not take the rules: ${await response.text()}`);
}

/** Groups whose rules have all been evaluated. */
async function evaluated(url: string): Promise<readonly Evaluation[]> {
  const response = await fetch(`${url}/api/v1/rules`);
  const { data } = (await response.json()) as Answer;
  const failed = data.groups.flatMap(({ rules }) => rules).find(({ lastError = '' }) => lastError !== '');
  if (failed !== undefined) throw new Error(`${failed.name} fails: ${failed.lastError}`);
  return data.groups.filter(({ rules }) => rules.every(({ evaluationTime }) => evaluationTime > 0));
}

function median(name: string, evaluations: readonly Evaluation[]): GroupTime {
  const sorted = evaluations.toSorted((a, b) => a.evaluationTime - b.evaluationTime);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return {
    name,
    seconds: middle?.evaluationTime ?? 0,
    all: sorted.map(({ evaluationTime }) => evaluationTime),
    rules: (middle?.rules ?? []).map((rule) => ({ name: rule.name, seconds: rule.evaluationTime })),
  };
}
