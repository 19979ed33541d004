import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { run } from '../../support/run-main.ts';
import { inTempDir } from '../../support/temp-dir.ts';

const BYTES = 'flows: { source: obi }\ncluster: { name: production }\n';

type Reply = (path: string, query: string, response: ServerResponse) => void;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

/** Runs advise against a server that answers like this. */
async function against(reply: Reply, { config = BYTES, user = '' } = {}, ...argv: readonly string[]) {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) =>
      reply(request.url ?? '', new URLSearchParams(body).get('query') ?? '', response),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    const ran = await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), config);
      return run(dir, 'advise', '--prometheus', `http://${user}127.0.0.1:${port}`, ...argv);
    });
    return { ...ran, stderr: ran.stderr.replaceAll(String(port), 'PORT') };
  } finally {
    server.close();
  }
}

const json = (response: ServerResponse, body: object, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const data = (resultType: string, result: readonly object[]): object => ({
  status: 'success',
  data: { resultType, result },
});

/** Answers every query with nothing, but for those of these metrics. */
const answering =
  (found: Readonly<Record<string, readonly object[]>>, groups: readonly string[] = []): Reply =>
  (path, query, response) => {
    if (path.endsWith('/rules')) {
      json(response, { status: 'success', data: { groups: groups.map((name) => ({ name })) } });
      return;
    }
    const name = Object.keys(found).find((each) => query.includes(each));
    json(
      response,
      data(path.endsWith('/query_range') ? 'matrix' : 'vector', name === undefined ? [] : (found[name] ?? [])),
    );
  };

const problem = (text: string): string => `http://127.0.0.1:PORT: 1 problem\n  ${text}\n`;

describe('a Prometheus that does not answer as one', () => {
  test.each<readonly [string, Reply, string]>([
    [
      'a page',
      (_, __, response) => response.end('<html>'),
      'does not answer as a Prometheus does: expected JSON with "status": "success"',
    ],
    [
      'other JSON',
      (_, __, response) => json(response, { hello: 1 }),
      'does not answer as a Prometheus does: expected JSON with "status": "success"',
    ],
    [
      'another type',
      (_, __, response) => json(response, data('vector', [])),
      'does not answer as a Prometheus does: expected a matrix',
    ],
    [
      'a redirect',
      (_, __, response) => response.writeHead(302, { location: '/login' }).end(),
      'redirects (status 302): name the address to which it does',
    ],
    [
      '401',
      (_, __, response) => response.writeHead(401).end('no'),
      'refuses access (status 401); user and password go into the address',
    ],
    [
      'an error of its own',
      (_, __, response) => json(response, { status: 'error', error: 'query timed out' }, 503),
      'answers with status 503: query timed out',
    ],
    ['a closed connection', (_, __, response) => response.socket?.destroy(), 'cannot be reached (UND_ERR_SOCKET)'],
  ])('%s', async (_name, reply, message) => {
    expect(await against(reply)).toEqual({ code: 1, stdout: '', stderr: problem(message) });
  });

  test('nobody listens', async () => {
    const ran = await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), BYTES);
      return run(dir, 'advise', '--prometheus', 'http://127.0.0.1:1');
    });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^http:\/\/127\.0\.0\.1:1: 1 problem\n {2}cannot be reached/);
  });
});

describe('a Prometheus without records', () => {
  test('has no rules', async () => {
    const { code, stderr } = await against(answering({}));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: problem(
        'has no rules of Azimuth loaded, and no series workload_pair:network_bytes:rate5m of the last 7d: load those that "azimuth build" writes',
      ),
    });
  });

  test('has rules, but no data yet', async () => {
    const { code, stderr } = await against(answering({}, ['azimuth-network-bytes']), {}, '--window', '1d');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: problem(
        'has no series workload_pair:network_bytes:rate5m in the last 1d: the rules have recorded nothing yet, or another configuration wrote them (rules.window, flows.units)',
      ),
    });
  });

  test('withholds what it cannot place', async () => {
    const usable = [{ metric: { cluster: 'production' }, value: [1, '0'] }];
    const { code, stderr } = await against(answering({ 'cluster:network_bytes_identity:usable': usable }));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: problem(
        'withholds the traffic, as the zone of no end is known: see the alert IdentitySourceSilent and its runbook',
      ),
    });
  });
});

describe('a mistake of the user', () => {
  test.each([
    [['--prometheus', 'prometheus:9090'], 'got "prometheus:9090", expected a URL such as http://127.0.0.1:9090'],
    [
      ['--prometheus', 'http://127.0.0.1:9090/?token=s3cret'],
      'got "http://127.0.0.1:9090/?***", expected a URL without "?"',
    ],
  ])('%j', async (argv, message) => {
    const ran = await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), BYTES);
      return run(dir, 'advise', ...argv);
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toContain('s3cret');
  });

  test.each([
    ['flows: { source: none }', 'flows.source is none'],
    ['flows: { source: obi, granularity: zone }', 'flows.granularity is zone, so no workloads are recorded'],
  ])('%s', async (config, reason) => {
    const { code, stderr } = await against(answering({}), { config });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `azimuth.yaml: 1 problem\n  flows: there is nothing to advise on: ${reason}\n`,
    });
  });

  test('user and password are sent and not shown', async () => {
    const { stderr } = await against(answering({}), { user: 'me:s3cret@' });
    expect(stderr).toContain('http://127.0.0.1:PORT: 1 problem');
    expect(stderr).not.toContain('s3cret');
  });
});

describe('an answer', () => {
  const now = Math.floor(Date.now() / 1000);
  const points = (value: string) => Array.from({ length: 4 }, (_, index) => [now - index, value]);
  const pair = {
    cluster: 'production',
    source_namespace: 'shop',
    source_workload_type: 'Deployment',
    source_workload: 'web',
    source_zone: 'a',
    destination_namespace: 'shop',
    destination_workload_type: 'Deployment',
    destination_workload: 'api',
    destination_zone: 'b',
  };
  const found = {
    'cluster:network_bytes:rate5m': [{ metric: { cluster: 'production' }, values: points('10') }],
    'workload_pair:network_bytes:rate5m': [{ metric: pair, values: points('10') }],
  };

  test('without Services says why it advises nothing on routing', async () => {
    const { code, stdout } = await against(answering(found));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^nothing to advise, over the last 7d in 12 parts/);
    expect(stdout).toContain(
      'note: no Services are known, so nothing is advised on routing: kube-state-metrics has exported no EndpointSlices',
    );
  });

  test('is in bytes where nothing has a price, and in flows where no bytes are counted', async () => {
    const free = await against(answering(found), { config: `${BYTES}cloud: { provider: azure }\n` }, '--json');
    expect(JSON.parse(free.stdout)).toMatchObject({ unit: 'GB', findings: [] });
    const flows = {
      'cluster:network_flows:rate5m': found['cluster:network_bytes:rate5m'],
      'workload_pair:network_flows:rate5m': found['workload_pair:network_bytes:rate5m'],
    };
    const counted = await against(answering(flows), { config: 'cluster: { name: production }\n' }, '--json');
    expect(JSON.parse(counted.stdout)).toMatchObject({ unit: 'flows', findings: [] });
  });
});
