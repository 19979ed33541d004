import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort, promtool, startPrometheus } from '../../../bench/process/prometheus.ts';
import { requireTool, runTool } from '../../../bench/process/tools.ts';

describe('tools', () => {
  const path = process.env['PATH'];

  afterEach(() => {
    process.env['PATH'] = path;
  });

  test('are found on PATH', () => {
    expect(requireTool('promtool')).toMatch(/\/promtool$/);
  });

  test('are named with their package when missing', () => {
    process.env['PATH'] = '/nonexistent';
    expect(() => requireTool('promtool')).toThrow('on Debian, install it with: apt-get install prometheus');
  });

  test('run in a directory, with input, to any exit code', async () => {
    const result = await runTool('sh', ['-c', 'pwd; cat; echo oops >&2; exit 7'], { cwd: '/', input: 'hello' });
    expect(result).toEqual({ code: 7, stdout: '/\nhello', stderr: 'oops\n' });
  });

  test('include promtool', async () => {
    expect(await promtool(['--version'])).toMatchObject({ code: 0 });
  });
});

describe('a free port', () => {
  const worker = process.env['JEST_WORKER_ID'];

  afterEach(() => {
    process.env['JEST_WORKER_ID'] = worker;
  });

  test('in a test is one that another run of the tests does not find at the same time', async () => {
    const found = await Promise.all(Array.from({ length: 20 }, () => freePort(19_150)));
    expect(new Set(found).size).toBe(20);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(19_150);
    expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(100);
  });

  test('is neither in use nor handed out already', async () => {
    delete process.env['JEST_WORKER_ID'];
    const first = await freePort(19_150);
    const listener = createServer();
    await new Promise<void>((resolve) => {
      listener.listen(first + 1, '127.0.0.1', resolve);
    });
    expect(await freePort(first)).toBeGreaterThan(first + 1);
    await new Promise((resolve) => {
      listener.close(resolve);
    });
  });
});

describe('Prometheus', () => {
  test('tells why it does not start', async () => {
    const starting = startPrometheus({ config: { no_such_section: {} }, port: await freePort() });
    await expect(starting).rejects.toThrow(/exited with code [12]\n[^]*no_such_section/);
  }, 60_000);

  test('evaluates rules and passes its own error messages on', async () => {
    const rules = 'groups: [{ name: constants, interval: 1s, rules: [{ record: answer, expr: vector(42) }] }]';
    const prometheus = await startPrometheus({ config: {}, rules: { 'rules/a.yaml': rules }, port: await freePort() });
    try {
      expect(await prometheus.instant('vector(1) / 0')).toEqual({
        samples: [{ metric: {}, value: Infinity }],
        warnings: [],
      });
      expect(await prometheus.instant('1 + 1', 1_000)).toMatchObject({ samples: [{ value: 2 }] });
      expect(await prometheus.range('vector(time())', 100, 120, 10)).toEqual({
        series: [
          {
            metric: {},
            values: [
              [100, 100],
              [110, 110],
              [120, 120],
            ],
          },
        ],
        warnings: [],
      });
      await expect(prometheus.instant('sum(')).rejects.toThrow(/^bad_data: .*parse error[^]*in the query: sum\($/);
      const groups = await fetch(`${prometheus.url}/api/v1/rules`);
      expect(await groups.text()).toContain('"answer"');
    } finally {
      await prometheus.stop();
    }
    await expect(fetch(`${prometheus.url}/-/ready`)).rejects.toThrow('fetch failed');
  }, 120_000);
});
