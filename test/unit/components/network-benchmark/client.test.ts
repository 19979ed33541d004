import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTool } from '../../../../bench/process/tools.ts';
import { SCRIPT, TESTS } from '../../../../generators/components/network-benchmark/script.ts';
import { inTempDir } from '../../../support/temp-dir.ts';

/** What iperf3 said of a test with TCP, and what netperf printed. */
const TOLD = JSON.stringify(
  (JSON.parse(readFileSync(join(import.meta.dirname, 'before.log'), 'utf8').split('\n')[1] ?? '') as { iperf3: object })
    .iperf3,
  undefined,
  '\t',
);
const NETPERF =
  'MIGRATED TCP REQUEST/RESPONSE TEST from 0.0.0.0\nMIN_LATENCY=13\nMEAN_LATENCY=18.57\nTRANSACTION_RATE=53700.1\n';

/** A server that only takes connections, as both ports of a pod do. */
const listener = createServer((socket) => void socket.on('error', () => undefined).end());
beforeAll(async () => {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
});
afterAll(() => void listener.close());

interface Programs {
  /** Bash, in which the arguments are appended to the file "calls". */
  readonly iperf3?: string;
  readonly netperf?: string;
}

type Entry = Readonly<Record<string, unknown>>;

/** Runs the script with programs of these names in front of all others. */
const run = (
  { iperf3 = 'cat told.json', netperf = 'cat told.txt' }: Programs = {},
  env: Readonly<Record<string, string>> = {},
) =>
  inTempDir(async (folder) => {
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    write('client.sh', SCRIPT);
    write('told.json', TOLD);
    write('told.txt', NETPERF);
    write('calls', '');
    mkdirSync(join(folder, 'bin'));
    for (const [name, body] of Object.entries({ iperf3, netperf })) {
      write(`bin/${name}`, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> calls\n${body}\n`);
      await chmod(join(folder, 'bin', name), 0o755);
    }
    const port = String((listener.address() as AddressInfo).port);
    const { code, stdout, stderr } = await runTool('bash', ['client.sh'], {
      cwd: folder,
      env: {
        PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
        NODE: 'node-a',
        BENCHMARK_PATHS: '1',
        SERVER_PREFIX: '127.0.0.',
        IPERF_PORT: port,
        CONTROL_PORT: port,
        DATA_PORT: '12866',
        TEST_SECONDS: '1',
        GRACE_SECONDS: '1',
        WAIT_SECONDS: '1',
        MEGABITS: '1000',
        UDP_MEGABITS: '50',
        STREAMS: '3',
        ...env,
      },
    });
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
    return { code, stderr, entries, calls: calls.map((call) => call.replaceAll(port, 'PORT')) };
  });

test('every test is run once, bounded, and logged on a line of its own', async () => {
  const { code, stderr, entries, calls } = await run();
  expect([code, stderr]).toEqual([0, '']);
  expect(entries.map((entry) => entry['test'])).toEqual(TESTS);
  for (const entry of entries) expect(entry).toMatchObject({ path: '1', node: 'node-a', seconds: 1 });
  expect(entries[0]?.['netperf']).toEqual({ MIN_LATENCY: 13, MEAN_LATENCY: 18.57, TRANSACTION_RATE: 53_700.1 });
  expect(entries[1]?.['iperf3']).toEqual(JSON.parse(TOLD));
  const iperf = 'iperf3 --client 127.0.0.1 --port PORT --time 1 --interval 0 --json';
  expect(calls).toEqual([
    'netperf -H 127.0.0.1 -p PORT -l 1 -t TCP_RR -- -P ,12866 -r 1,1 -k MIN_LATENCY,MEAN_LATENCY,P50_LATENCY,P90_LATENCY,P99_LATENCY,MAX_LATENCY,TRANSACTION_RATE',
    `${iperf} --bitrate 1000000000`,
    `${iperf} --bitrate 1000000000 --reverse`,
    `${iperf} --bitrate 1000000000 --bidir`,
    `${iperf} --bitrate 333333333 --parallel 3`,
    `${iperf} --udp --bitrate 50000000`,
  ]);
});

describe('what fails is an error, and the rest is run', () => {
  test.each<[string, Programs, string, string]>([
    [
      'iperf3 without JSON',
      { iperf3: 'echo "no such \\"host\\"" >&2; exit 1' },
      'tcp',
      'iperf3 ended with code 1: no such "host"',
    ],
    ['JSON that is cut off', { iperf3: 'head -c 100 told.json; exit 1' }, 'udp', 'iperf3 ended with code 1:'],
    [
      'iperf3 that hangs',
      { iperf3: 'case $* in *--udp*) exec sleep 60 ;; esac; cat told.json' },
      'udp',
      'iperf3 ended with code 124:',
    ],
    [
      'netperf that cannot connect',
      { netperf: 'echo "establish control"; exit 255' },
      'latency',
      'netperf ended with code 255:  establish control',
    ],
    [
      'netperf without figures',
      { netperf: 'echo "P99_LATENCY=nan"' },
      'latency',
      'netperf ended with code 0:  P99_LATENCY=nan',
    ],
  ])(
    '%s',
    async (_name, programs, name, text) => {
      const { code, entries } = await run(programs);
      expect(code).toBe(1);
      expect(entries.map((entry) => entry['test'])).toEqual(TESTS);
      expect(entries.find((entry) => entry['test'] === name)?.['error']).toBe(text);
    },
    40_000,
  );

  test('iperf3 that says in its JSON that it failed, with code 0', async () => {
    const { code, entries } = await run({ iperf3: `echo '{"end": {}, "error": "the server is busy"}'` });
    expect(code).toBe(1);
    expect(entries[1]?.['iperf3']).toEqual({ end: {}, error: 'the server is busy' });
  });

  test('a server that is not there: the next one is measured', async () => {
    const { code, entries } = await run({}, { BENCHMARK_PATHS: '254.1 1', SERVER_PREFIX: '127.0.0.' });
    expect(code).toBe(1);
    expect(entries).toHaveLength(1 + TESTS.length);
    expect(entries[0]).toMatchObject({ path: '254.1', test: 'all' });
    expect(entries[0]?.['error']).toMatch(/^no server at 127\.0\.0\.254\.1 within 1 seconds/);
  });

  test('a name that JSON has to quote', async () => {
    const { entries } = await run({}, { NODE: 'a "b" \\c\td' });
    expect(entries[0]?.['node']).toBe('a "b" \\c d');
  });
});
