import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runTool } from '../../../../bench/process/tools.ts';
import { RESULTS } from '../../../../generators/components/network-benchmark/results.ts';
import { inTempDir } from '../../../support/temp-dir.ts';

/** Logs of the client between two network namespaces: at most 500 Mbit/s before, 1,000 after, and a run whose server ended. */
const [BEFORE, AFTER, FAILED] = ['before', 'after', 'failed'].map((name) =>
  readFileSync(join(import.meta.dirname, `${name}.log`), 'utf8'),
) as [string, string, string];

const read = (logs: { readonly before: string; readonly after?: string; readonly as?: string }) =>
  inTempDir(async (folder) => {
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    write('results.jq', RESULTS);
    write('before.log', logs.before);
    write('after.log', logs.after ?? '');
    const after = logs.after === undefined ? [] : ['--rawfile', 'after', 'after.log'];
    const as = logs.as === undefined ? [] : ['--arg', 'as', logs.as];
    const args = ['--null-input', '--raw-output', '--rawfile', 'before', 'before.log', ...after, ...as];
    return runTool('jq', [...args, '--from-file', 'results.jq'], { cwd: folder });
  });

/** The rows of the table as cells. */
const rowsOf = ({ stdout }: { readonly stdout: string }): readonly (readonly string[])[] =>
  (stdout.split('\n\n')[0] ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

const rowOf = (table: readonly (readonly string[])[], name: string, measure: string): readonly string[] =>
  table.find((row) => row[1] === name && row[2] === measure)?.slice(3) ?? [];

/** The log with every throughput that was received changed by a factor. */
const scaled = (log: string, factor: number): string =>
  log.replaceAll(
    /("sum_received": \{[^}]*"bits_per_second": )([0-9.e+]+)/g,
    (_, start: string, bits: string) => `${start}${Number(bits) * factor}`,
  );

describe('a table of one log', () => {
  test('has the figures that the tools told', async () => {
    const result = await read({ before: BEFORE });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const table = rowsOf(result);
    expect(table[0]).toEqual(['path', 'test', 'measure', 'unit', 'result']);
    expect(table.slice(1).every(([path]) => path === 'cross-zone')).toBe(true);
    expect(table.slice(1).map(([, name, measure]) => `${name} ${measure}`)).toEqual([
      ...['mean', 'median', '90th percentile', '99th percentile', 'transactions'].map(
        (measure) => `latency ${measure}`,
      ),
      ...['throughput', 'retransmits', 'round trip under load'].map((measure) => `tcp ${measure}`),
      ...['throughput', 'retransmits'].map((measure) => `tcp-reverse ${measure}`),
      ...['throughput out', 'throughput in', 'retransmits'].map((measure) => `tcp-bidirectional ${measure}`),
      ...['throughput', 'retransmits', 'round trip under load'].map((measure) => `tcp-parallel ${measure}`),
      ...['throughput', 'loss', 'jitter'].map((measure) => `udp ${measure}`),
    ]);
    // Each by hand from the log.
    const entries = BEFORE.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const [latency, tcp, , , , udp] = entries as unknown as readonly {
      readonly netperf: { readonly P99_LATENCY: number };
      readonly iperf3: {
        readonly end: {
          readonly sum_received: { readonly bits_per_second: number; readonly lost_percent: number };
          readonly sum_sent: { readonly retransmits: number };
        };
      };
    }[];
    expect(Number(rowOf(table, 'latency', '99th percentile')[1])).toBeCloseTo(
      latency?.netperf.P99_LATENCY ?? Number.NaN,
      -2,
    );
    const bits = tcp?.iperf3.end.sum_received.bits_per_second ?? Number.NaN;
    expect(Number(rowOf(table, 'tcp', 'throughput')[1])).toBeCloseTo(bits / 1e9, 2);
    expect(rowOf(table, 'tcp', 'retransmits')[1]).toBe(String(tcp?.iperf3.end.sum_sent.retransmits));
    expect(Number(rowOf(table, 'udp', 'loss')[1])).toBeCloseTo(
      udp?.iperf3.end.sum_received.lost_percent ?? Number.NaN,
      1,
    );
  });

  test('says where TCP sent all that it was allowed to, and that one run is no proof', async () => {
    const { stdout } = await read({ before: BEFORE });
    expect(stdout).toContain('At the bound that megabitsPerSecond sets');
    expect(stdout).not.toContain('Fewer than three runs');
    const slower = BEFORE.replaceAll('"target_bitrate": 500000000', '"target_bitrate": 5000000000').replaceAll(
      '"target_bitrate": 125000000',
      '"target_bitrate": 1250000000',
    );
    expect((await read({ before: slower })).stdout).not.toContain('At the bound');
  });
});

describe('before and after', () => {
  const runs = (log: string, factors: readonly number[]): string =>
    factors.map((factor) => scaled(log, factor)).join('');

  test('a change is judged by all runs: better, worse, or within the spread', async () => {
    const before = runs(BEFORE, [0.9, 1, 1.1]);
    const [better, same, worse] = await Promise.all(
      [
        [1.2, 1.3, 1.4],
        [1.05, 1.2, 1.3],
        [0.5, 0.6, 0.7],
      ].map(async (factors) => rowsOf(await read({ before, after: runs(BEFORE, factors) }))),
    );
    const verdict = (table: typeof better) =>
      rowOf(table ?? [], 'tcp', 'throughput')
        .slice(1)
        .slice(-2);
    expect(verdict(better)).toEqual(['+30 %', 'better']);
    expect(verdict(same)).toEqual(['+20 %', 'within the spread']);
    expect(verdict(worse)).toEqual(['-40 %', 'worse']);
  });

  test('less is better for latency, and for what is lost', async () => {
    const slow = (log: string, factor: number) =>
      log.replaceAll(/("MEAN_LATENCY":)([0-9.]+)/g, (_, start: string, us: string) => `${start}${Number(us) * factor}`);
    const before = [1, 1.1, 1.2].map((factor) => slow(BEFORE, factor)).join('');
    const after = [2, 2.1, 2.2].map((factor) => slow(BEFORE, factor)).join('');
    expect(rowOf(rowsOf(await read({ before, after })), 'latency', 'mean').at(-1)).toBe('worse');
    expect(rowOf(rowsOf(await read({ before: after, after: before })), 'latency', 'mean').at(-1)).toBe('better');
  });

  test('two runs are no proof', async () => {
    const result = await read({ before: runs(BEFORE, [1, 1]), after: runs(AFTER, [1, 1]) });
    expect(rowOf(rowsOf(result), 'tcp', 'throughput').at(-1)).toBe('too few runs');
    expect(result.stdout).toContain('Fewer than three runs are no proof');
  });

  test('what one side lacks is missing, and no change', async () => {
    const after = AFTER.split('\n')
      .filter((line) => !line.includes('"test":"udp"'))
      .join('\n');
    expect(rowOf(rowsOf(await read({ before: BEFORE, after })), 'udp', 'loss').slice(2)).toEqual(['-', '-', 'missing']);
  });

  test('a client that moved is named', async () => {
    const after = AFTER.replaceAll('ip-10-0-1-7', 'ip-10-0-9-9');
    expect((await read({ before: BEFORE, after })).stdout).toContain(
      'The client ran on ip-10-0-1-7.ec2.internal, ip-10-0-9-9.ec2.internal: runs on different nodes do not compare.',
    );
  });
});

describe('what failed is named and is no figure', () => {
  test('a server that ended, and one that never came', async () => {
    const result = await read({ before: FAILED });
    expect(result.code).toBe(0);
    expect(
      rowsOf(result)
        .slice(1)
        .every(([, name]) => name === 'latency'),
    ).toBe(true);
    expect(result.stdout).toContain('before same-zone tcp: the server has terminated\n');
    expect(result.stdout).toContain('before same-zone udp: unable to connect to server: Connection refused\n');
    expect(result.stdout).toContain('before other all: no server at server-other within 2 seconds');
  });

  test('a log that is cut off anywhere, and lines of others', async () => {
    const lines = BEFORE.split('\n');
    const cut = `Defaulted container "client"\n${lines[0]}\n${lines[1]?.slice(0, 900)}`;
    const result = await read({ before: cut });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(rowsOf(result).slice(1)).toHaveLength(5);
    expect(result.stdout).toContain('not readable, cut off after 900 bytes');
  });

  test.each([
    ['{"path":"a","test":"tcp"}', 'nothing measured'],
    ['{"path":"a","test":"tcp","iperf3":{"start":{},"end":{}}}', 'no figures'],
    ['{"path":"a","test":"tcp","iperf3":{"end":null}}', 'no figures'],
    ['{"path":"a","test":"tcp","iperf3":[]}', 'no figures'],
    ['{"path":"a","test":"tcp","iperf3":"x"}', 'no figures'],
    ['{"path":"a","test":"latency","netperf":{"P99_LATENCY":"x"}}', 'no figures'],
    ['{"path":"a","test":"latency","netperf":{"P99_LATENCY":-1}}', 'no figures'],
    ['{"path":"a","test":"tcp","error":{"deep":1}}', '{"deep":1}'],
  ])('%s: %s', async (line, text) => {
    const result = await read({ before: `${line}\n` });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain(`failed:\nbefore a ${/"test":"([a-z]+)"/.exec(line)?.[1]}: ${text}\n`);
  });

  test('nothing at all ends with an error', async () => {
    expect(await read({ before: '' })).toMatchObject({ code: 5, stderr: 'no results\n' });
  });
});

test('CSV has a line for each figure of each run, and for each failure', async () => {
  const { stdout } = await read({ before: BEFORE, after: FAILED, as: 'csv' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('"run","time","path","test","measure","unit","value","error"');
  expect(lines.filter((line) => line.startsWith('"before"'))).toHaveLength(19);
  expect(lines.filter((line) => line.startsWith('"after"'))).toHaveLength(5 + 6);
  expect(lines.at(-1)).toMatch(/^"after","[0-9TZ:-]+","other","all","","","","no server at /);
});
