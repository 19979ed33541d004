import http from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parseUpstream } from '../../generators/schema/upstream.ts';
import { send } from './host-http.ts';
import { Proxied } from './host-proxy-support.ts';
import { failure } from './host-support.ts';

const proxied = new Proxied();

describe('what is passed on', () => {
  test.each([
    '/api/v1/query?query=up&time=1',
    '/api/v1/query_range?query=sum(rate(a%5B5m%5D))&start=1&end=2&step=15',
    '/api/v1/series?match%5B%5D=up',
    '/api/v1/labels',
    '/api/v1/label/source_zone/values?match%5B%5D=a%7Bb%3D%22c%22%7D',
    '/api/v1/rules',
    '/api/v1/alerts',
  ])('%s', async (path) => {
    const { status, headers, body } = await send(proxied.running.url, `/prometheus${path}`);
    expect({ status, body }).toEqual({ status: 200, body: '{"status":"success","data":[]}' });
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('set-cookie');
    // As it came: not encoded anew.
    expect(proxied.prometheus.received).toMatchObject([{ method: 'GET', url: path }]);
  });

  test('a query in a form', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: 'a=b', 'x-other': 'y' };
    await send(proxied.running.url, '/prometheus/api/v1/query', { method: 'POST', headers, body: 'query=up' });
    const [received] = proxied.prometheus.received;
    expect(received).toMatchObject({ method: 'POST', url: '/api/v1/query', body: 'query=up' });
    expect(received?.headers).toMatchObject({
      'content-type': headers['content-type'],
      host: new URL(proxied.prometheus.url).host,
    });
    expect(received?.headers).not.toHaveProperty('cookie');
    expect(received?.headers).not.toHaveProperty('x-other');
  });

  test('a failure of Prometheus, with its status and words', async () => {
    proxied.answer = (response) => response.writeHead(422).end('{"status":"error","error":"too many samples"}');
    expect(await send(proxied.running.url, '/prometheus/api/v1/query?query=up')).toMatchObject({
      status: 422,
      body: '{"status":"error","error":"too many samples"}',
    });
  });

  test('a compressed answer as it is', async () => {
    const zipped = gzipSync('{"status":"success"}');
    proxied.answer = (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped);
    const { port } = new URL(proxied.running.url);
    const bytes = await new Promise<Buffer>((resolve) => {
      const options = { port, path: '/prometheus/api/v1/labels', headers: { 'accept-encoding': 'gzip' }, agent: false };
      http.get({ hostname: '127.0.0.1', ...options }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => resolve(Buffer.concat(chunks)));
      });
    });
    expect(gunzipSync(bytes).toString()).toBe('{"status":"success"}');
    expect(proxied.prometheus.received[0]?.headers['accept-encoding']).toBe('gzip');
  });
});

describe('what is not', () => {
  test.each([
    '/api/v1/admin/tsdb/delete_series?match%5B%5D=up',
    '/api/v1/status/config',
    '/api/v1/targets',
    '/api/v1/write',
    '/api/v1/query/',
    '/api/v1/queryx',
    '/api/v1/label/a/b/values',
    '/api/v1/label/a/values/../../../status/config',
    '/api/v1/label/..%2f..%2fstatus%2fconfig%3f/values',
    '/api/v1/label//values',
    '/-/quit',
    '/-/reload',
    '/federate',
    '/',
  ])('%s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const { status, body } = await send(proxied.running.url, `/prometheus${path}`, { method });
      expect(status).toBe(404);
      expect(JSON.parse(body)).toMatchObject({ status: 'error', errorType: 'not_found' });
    }
    expect(proxied.prometheus.received).toEqual([]);
  });

  test('a body larger than any query', async () => {
    const body = `query=${'a'.repeat(1_100_000)}`;
    const outcome = await send(proxied.running.url, '/prometheus/api/v1/query', { method: 'POST', body }).then(
      ({ status }) => status,
      (error: { code?: string }) => error.code,
    );
    // The connection may break before all of the body is sent.
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(outcome);
    expect(proxied.prometheus.received).toEqual([]);
  });
});

describe('addresses', () => {
  test('may have a path prefix, a user and a password', async () => {
    const { host } = new URL(proxied.prometheus.url);
    const one = await proxied.previewOf(`http://us%40er:p%3Ass@${host}/mimir/prometheus/`);
    expect(await send(one.url, '/prometheus/api/v1/query?query=up')).toMatchObject({ status: 200 });
    const [received] = proxied.prometheus.received;
    expect(received?.url).toBe('/mimir/prometheus/api/v1/query?query=up');
    expect(Buffer.from(String(received?.headers.authorization).slice('Basic '.length), 'base64').toString()).toBe(
      'us@er:p:ss',
    );
  });

  test.each([
    ['https://mimir.example/prometheus', 'https://mimir.example/prometheus'],
    ['http://127.0.0.1:9090/', 'http://127.0.0.1:9090'],
    ['http://user:pass@[::1]:9090//', 'http://[::1]:9090'],
  ])('%s is shown as %s', (given, shown) => expect(parseUpstream(given).shown).toBe(shown));

  test('that are none are named', async () => {
    expect(await failure((async () => parseUpstream('127.0.0.1:9090'))())).toBe(
      'Prometheus: got "127.0.0.1:9090", expected a URL such as http://127.0.0.1:9090',
    );
  });
});
