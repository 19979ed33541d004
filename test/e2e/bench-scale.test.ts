import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { timeGroups } from '../../bench/scale/groups.ts';
import { costOf } from '../../bench/scale/queries.ts';
import { remoteWrite } from '../../bench/remote-write.ts';
import { freePort, startPrometheus, type Prometheus } from '../../bench/process/prometheus.ts';

let prometheus: Prometheus;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azimuth-scale-'));
  prometheus = await startPrometheus({
    port: await freePort(),
    dir,
    flags: ['--web.enable-remote-write-receiver', '--web.enable-lifecycle'],
    config: { rule_files: [join(dir, 'measured', '*.json')] },
  });
}, 60_000);

afterAll(async () => {
  await prometheus?.stop();
  await rm(dir, { recursive: true, force: true });
}, 30_000);

const now = Math.floor(Date.now() / 1000);

test('what is written remotely is what Prometheus holds, in one block or in several', async () => {
  const samples = [-60, -30, 0, 30, 60].map((offset) => ({ value: 1.5, milliseconds: (now + offset) * 1000 }));
  // More than 64 KiB, so that the content takes several literals.
  const series = Array.from({ length: 2000 }, (_, index) => ({
    labels: { __name__: 'written', index: String(index), text: 'ä"\\' },
    samples,
  }));
  await remoteWrite(prometheus.url, series);
  const { samples: sums } = await prometheus.instant('sum(sum_over_time(written{text="ä\\"\\\\"}[150s]))', now + 60);
  expect(sums.map(({ value }) => value)).toEqual([2000 * 5 * 1.5]);
  const cost = await costOf(prometheus.url, 'written', 3);
  expect(cost).toMatchObject({ series: 2000, samples: 2000 });
  expect(cost.milliseconds).toBeGreaterThan(0);
});

test('groups are evaluated as often as asked, their records are there meanwhile, and go away', async () => {
  const groups = [{ name: 'one', rules: [{ record: 'copied', expr: 'sum(written)' }] }];
  const timing = { interval: 1, evaluations: 2, timeout: 30 };
  const meanwhile: number[] = [];
  const [time] = await timeGroups(prometheus.url, join(dir, 'measured'), groups, timing, async () => {
    const { samples } = await prometheus.instant('copied');
    meanwhile.push(...samples.map(({ value }) => value));
  });
  expect(time).toMatchObject({ name: 'one', rules: [{ name: 'copied' }] });
  expect(time?.all).toHaveLength(2);
  expect(meanwhile).toEqual([3000]);
}, 60_000);

test('a rule that fails is an error, not a fast rule', async () => {
  const groups = [{ name: 'bad', rules: [{ record: 'bad', expr: 'written * on () group_left () written' }] }];
  const timing = { interval: 1, evaluations: 1, timeout: 30 };
  await expect(timeGroups(prometheus.url, join(dir, 'measured'), groups, timing)).rejects.toThrow(
    /bad fails: found duplicate series/,
  );
}, 60_000);
