import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { inTempDir } from '../support/temp-dir.ts';
import {
  addressOf,
  childrenOf,
  command,
  eventually,
  hostState,
  isRunning,
  runCommand,
  type Running,
} from './commands-support.ts';

jest.setTimeout(300_000);

/** The defaults, which are small, so that they start soon. */
const CONFIG = 'scrape: { interval: 30s }\n';
/** What starts soonest: the allowances alone. */
const SMALL = `${CONFIG}flows: { source: none }
workloads: { resources: false }
dns: { enabled: false }
controlPlane: { enabled: false }
`;
/** Two dashboards are enough where each is drawn four times, or where a history is made for them. */
const TWO = `${CONFIG}dashboards: { zone-workload: false, workload-resources: false, cluster-dns: false, flow-pipeline: false, zone-routing: false }
controlPlane: { enabled: false }
flowPipeline: { enabled: false }
dns: { enabled: false }
workloads: { resources: false }
`;
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

const running: Running[] = [];
const start = (cwd: string, ...argv: readonly string[]): Running => {
  // Temporary files of its own: other tests make some at the same time.
  const started = command(cwd, argv, { TMPDIR: join(cwd, 'tmp') });
  running.push(started);
  return started;
};

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});

const inProject = async (use: (dir: string) => Promise<void>, config = CONFIG): Promise<void> =>
  inTempDir(async (dir) => {
    await writeFile(join(dir, 'azimuth.yaml'), config);
    await mkdir(join(dir, 'tmp'));
    await use(dir);
  });

/** What a command left in its temporary folder. */
const leftovers = async (dir: string): Promise<string[]> => readdir(join(dir, 'tmp'));

/** A port on which something else listens. */
async function takenPort(): Promise<{ port: number; free: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, free: () => void server.close() };
}

/** A Prometheus that is there, and fails every query of a panel. */
async function failingPrometheus(): Promise<{ url: string; close: () => void }> {
  const failure = { status: 'error', errorType: 'execution', error: 'out of memory' };
  const server = createServer((request, response) => {
    const isProbe = (request.url ?? '').endsWith('query=1');
    response.writeHead(isProbe ? 200 : 422, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isProbe ? { status: 'success', data: {} } : failure));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

describe('azimuth demo', () => {
  test('shows dashboards over live data, follows the configuration, and ends without a trace', async () => {
    await inProject(async (dir) => {
      const demo = start(dir, 'demo', '--port', '0');
      const url = await addressOf(demo);
      const state = await hostState(url);
      expect(state.dashboards.map(({ uid }) => uid)).toEqual(['zone-traffic', 'node-allowances']);
      expect(state.story.length).toBeGreaterThan(4);
      expect(state.now).toBeNull();
      const { data } = (await (await fetch(`${url}/prometheus/api/v1/alerts`)).json()) as {
        data: { alerts: { state: string }[] };
      };
      expect(data.alerts.filter((alert) => alert.state === 'firing').length).toBeGreaterThan(2);

      await writeFile(join(dir, 'azimuth.yaml'), TWO.replace('dashboards: { ', 'dashboards: { zone-traffic: false, '));
      const changed = await eventually('the change', async () => {
        const next = await hostState(url);
        return next.revision > state.revision ? next : undefined;
      });
      expect(changed.dashboards.map(({ uid }) => uid)).toEqual(['node-allowances']);

      await writeFile(join(dir, 'azimuth.yaml'), `${CONFIG}dashbords: {}\n`);
      const broken = await eventually('the mistake', async () => {
        const next = await hostState(url);
        return next.problems.length > 0 ? next : undefined;
      });
      expect(broken.problems[0]).toContain('dashbords: unknown setting, did you mean dashboards?');
      expect(broken.dashboards).toEqual(changed.dashboards);

      const prometheus = childrenOf(demo.child.pid ?? 0, 'prometheus');
      expect(prometheus).toHaveLength(1);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(0);
      expect(prometheus.filter(isRunning)).toEqual([]);
      expect(await leftovers(dir)).toEqual([]);
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    }, TWO);
  });

  test('ends with a sentence when its Prometheus dies', async () => {
    await inProject(async (dir) => {
      const demo = start(dir, 'demo', '--port', '0');
      await addressOf(demo);
      for (const pid of childrenOf(demo.child.pid ?? 0, 'prometheus')) process.kill(pid, 'SIGKILL');
      expect(await demo.ended).toBe(1);
      expect(demo.output.stderr).toMatch(/^azimuth: Prometheus .*(ended|SIGKILL)/m);
      expect(demo.output.stderr).not.toMatch(/^ +at /m);
      expect(await leftovers(dir)).toEqual([]);
    }, SMALL);
  });

  test('is interrupted while it starts', async () => {
    await inProject(async (dir) => {
      const demo = start(dir, 'demo', '--port', '0');
      const prometheus = await eventually('Prometheus', () => {
        const pids = childrenOf(demo.child.pid ?? 0, 'prometheus');
        return Promise.resolve(pids.length > 0 ? pids : undefined);
      });
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(0);
      expect(prometheus.filter(isRunning)).toEqual([]);
      expect(await leftovers(dir)).toEqual([]);
    });
  });

  test('that is killed leaves no Prometheus and no folder', async () => {
    await inProject(async (dir) => {
      const demo = start(dir, 'demo', '--port', '0');
      const [prometheus = 0] = await eventually('Prometheus', () => {
        const pids = childrenOf(demo.child.pid ?? 0, 'prometheus');
        return Promise.resolve(pids.length > 0 ? pids : undefined);
      });
      expect(await leftovers(dir)).toHaveLength(1);
      demo.child.kill('SIGKILL');
      await demo.ended;
      const isClean = async () => (!isRunning(prometheus) && (await leftovers(dir)).length === 0 ? true : undefined);
      expect(await eventually('the end of all', isClean)).toBe(true);
    });
  });

  test('names the package where Prometheus is not installed', async () => {
    await inProject(async (dir) => {
      const { code, stdout, stderr } = await runCommand(dir, ['demo', '--port', '0'], { PATH: dir });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('prometheus is not on PATH; on Debian, install it with: apt-get install prometheus');
      expect(stderr).not.toMatch(/^ +at /m);
    });
  });
});

describe('azimuth preview', () => {
  test('says at once when the port is taken', async () => {
    await inProject(async (dir) => {
      const { port, free } = await takenPort();
      for (const name of ['preview', 'demo']) {
        const { code, stdout, stderr } = await runCommand(dir, [name, '--port', String(port)]);
        expect({ code, stdout, stderr }).toEqual({
          code: 1,
          stdout: '',
          stderr: `azimuth: 127.0.0.1:${port} is taken; choose another with --port\n`,
        });
      }
      free();
    });
  });

  test.each([
    [['--prometheus', 'prometheus:9090'], /^azimuth: .*prometheus:9090/],
    [['--png', 'out', '--before', 'HEAD'], /^azimuth: revision "HEAD" cannot be read: .* is not in a Git repository/],
    [['--config', 'other.yaml'], /^other.yaml: 1 problem\n {2}not found/],
    [['--png', 'azimuth.yaml'], /^azimuth: --png: got "azimuth.yaml": .*azimuth\.yaml is a file, expected a folder/],
    [
      ['--png', '/proc/nope'],
      /^azimuth: --png: got "\/proc\/nope".*expected a folder (?:to write to|that can be written to)/,
    ],
  ])('%j is refused', async (argv, message) => {
    await inProject(async (dir) => {
      const { code, stdout, stderr } = await runCommand(dir, ['preview', '--port', '0', ...argv]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(message);
      expect(await readdir(dir)).toEqual(['azimuth.yaml', 'tmp']);
    });
  });

  test('says when Prometheus does not answer: a warning for the page, an error for pictures', async () => {
    await inProject(async (dir) => {
      const argv = ['preview', '--prometheus', NOWHERE];
      const { code, stdout, stderr } = await runCommand(dir, [...argv, '--png', 'out']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^azimuth: Prometheus at http:\/\/127.0.0.1:1 does not answer: /m);
      const shown = start(dir, ...argv, '--port', '0');
      await addressOf(shown);
      expect(shown.output.stderr).toMatch(/^warning: Prometheus at http:\/\/127.0.0.1:1 does not answer: /m);
    });
  });

  test('has nothing to show where all dashboards are left out', async () => {
    const config =
      'dashboards: { zone-traffic: false, zone-workload: false, node-allowances: false, workload-resources: false, cluster-dns: false, cluster-scale: false, flow-pipeline: false, zone-routing: false }\n';
    await inProject(async (dir) => {
      const { code, stderr } = await runCommand(dir, ['preview']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^azimuth.yaml: 1 problem\n {2}dashboards: all are left out/);
    }, config);
  });

  test('takes pictures and fails for panels that fail, side by side with an earlier revision', async () => {
    await inProject(async (dir) => {
      const git = (...argv: string[]) =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...argv], { cwd: dir });
      git('init', '--quiet');
      expect((await runCommand(dir, ['build'])).code).toBe(0);
      git('add', '.');
      git('commit', '--quiet', '-m', 'first');
      const file = join(dir, 'dashboards/grafana/zone-traffic.json');
      const committed = JSON.parse(await readFile(file, 'utf8')) as { panels: { title: string }[] };
      const change = 'zone-traffic: { panels: { cross-zone-share: { title: Crossing } } }';
      await writeFile(join(dir, 'azimuth.yaml'), TWO.replace('dashboards: { ', `dashboards: { ${change}, `));
      const prometheus = await failingPrometheus();
      const argv = ['preview', '--prometheus', prometheus.url, '--png', 'out', '--before', 'HEAD'];
      const { code, stdout, stderr } = await runCommand(dir, argv);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.not.stringContaining('azimuth:') });
      expect(stdout).toContain('Crossing: failed: query A: execution: out of memory');
      prometheus.close();
      const pictures = ['node-allowances', 'zone-traffic'].flatMap((uid) => [`${uid}-dark.png`, `${uid}-light.png`]);
      for (const side of ['before', 'after'])
        expect(await readdir(join(dir, 'out', side))).toEqual([...pictures, 'report.json'].toSorted());
      const html = await readFile(join(dir, 'out', 'index.html'), 'utf8');
      expect(html).toContain('Crossing');
      expect(committed.panels.map(({ title }) => title)).toContain('Cross-zone share');
      expect(html).not.toMatch(/(src|href)="?https?:/);
    }, TWO);
  });

  test('reads a folder of the output that lies deeper', async () => {
    await inProject(async (dir) => {
      await mkdir(join(dir, 'gitops'));
      expect((await runCommand(dir, ['build', '--out', 'gitops'])).code).toBe(0);
      const printed = await runCommand(dir, ['print', '--out', 'gitops']);
      const { artifacts, dashboards, rules } = JSON.parse(printed.stdout) as {
        artifacts: { path: string; text: string }[];
        dashboards: { uid: string }[];
        rules: Record<string, string>;
      };
      for (const { path, text } of artifacts) {
        expect(dirname(path)).not.toContain('..');
        expect(await readFile(join(dir, 'gitops', path), 'utf8')).toBe(text);
      }
      expect(dashboards.map(({ uid }) => uid)).toEqual([
        'zone-traffic',
        'zone-workload',
        'node-allowances',
        'workload-resources',
        'cluster-dns',
        'zone-routing',
        'cluster-scale',
        'flow-pipeline',
      ]);
      expect(Object.keys(rules)).toContain('rules/prometheus/zone-traffic.rules.yaml');
    });
  });
});
