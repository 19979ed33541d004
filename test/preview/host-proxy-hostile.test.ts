import http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createProxy } from '../../preview/host/proxy.ts';
import { parseUpstream } from '../../generators/schema/upstream.ts';
import { send } from './host-http.ts';
import { Proxied } from './host-proxy-support.ts';
import { failure } from './host-support.ts';

const proxied = new Proxied();
const ask = () => send(proxied.running.url, '/prometheus/api/v1/query?query=up');

const SCRIPT = '<html><script>alert(1)</script></html>';
const JSON_ONLY = { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' };

describe('an answer is JSON, and is not guessed to be anything else', () => {
  test.each([
    'text/html',
    'text/html; charset=utf-7',
    'image/svg+xml',
    'application/javascript',
    'multipart/x-mixed-replace; boundary=a',
    '',
    undefined,
  ])('of type %p', async (type) => {
    for (const status of [200, 401, 500]) {
      proxied.answer = (response) => {
        const hostile = { 'set-cookie': 'a=b', link: '</x>; rel=preload', refresh: '0; url=http://evil.example' };
        response.writeHead(status, { ...hostile, ...(type !== undefined && { 'content-type': type }) }).end(SCRIPT);
      };
      const { headers, ...answer } = await ask();
      expect(answer).toEqual({ status, body: SCRIPT });
      expect(headers).toMatchObject({ ...JSON_ONLY, 'content-security-policy': expect.stringContaining("'none'") });
      for (const name of ['set-cookie', 'link', 'refresh', 'location']) expect(headers).not.toHaveProperty(name);
    }
  });

  test.each([
    [
      301,
      { location: 'http://user:5ecr3T@evil.example/' },
      'redirects (status 301): name the address to which it does',
    ],
    [304, {}, 'redirects (status 304): name the address to which it does'],
    [200, { 'content-encoding': 'x-evil' }, 'answers in an unknown encoding'],
    [200, { 'content-length': '99999999999' }, 'answers with more than 268435456 bytes'],
  ])('status %i with %j is refused', async (status, headers, problem) => {
    proxied.answer = (response) => {
      response.writeHead(status, headers).flushHeaders();
      response.end();
    };
    const answer = await ask();
    expect(answer).toMatchObject({ status: 502, headers: JSON_ONLY });
    expect(JSON.parse(answer.body)).toEqual({
      status: 'error',
      errorType: 'unavailable',
      error: `Prometheus at ${proxied.prometheus.url} ${problem}`,
    });
  });

  test('without an end is cut off, and the next one passes', async () => {
    let written = 0;
    proxied.answer = (response) => {
      const more = (): void => {
        written += 1;
        if (!response.destroyed) response.write('x'.repeat(1000), () => setImmediate(more));
      };
      more();
    };
    const proxy = createProxy(parseUpstream(proxied.prometheus.url), { largestAnswer: 100_000 });
    const server = http.createServer((request, response) => void proxy.handle(request, response, '/api/v1/query', ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await failure(send(`http://127.0.0.1:${port}`, '/'))).toMatch(/aborted|ECONNRESET|hang up/);
    expect(written).toBeGreaterThan(90);
    proxied.answer = (response) => response.end('{}');
    expect(await send(`http://127.0.0.1:${port}`, '/')).toMatchObject({ status: 200, body: '{}' });
    proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
