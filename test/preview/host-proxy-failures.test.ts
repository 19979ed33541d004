import http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createProxy } from '../../preview/host/proxy.ts';
import { parseUpstream } from '../../generators/schema/upstream.ts';
import { fakePrometheus, send } from './host-http.ts';
import { answerJson, Proxied } from './host-proxy-support.ts';
import { failure } from './host-support.ts';

const proxied = new Proxied();

describe('a Prometheus that does not answer', () => {
  const unavailable = (url: string, reason: string) => ({
    status: 'error',
    errorType: 'unavailable',
    error: `Prometheus at ${url} does not answer: ${reason}`,
  });
  const query = async (url: string) => {
    const { status, body } = await send((await proxied.previewOf(url)).url, '/prometheus/api/v1/query?query=up');
    return { status, body: JSON.parse(body) as unknown };
  };

  test('is told, with the reason and without the password', async () => {
    const gone = await fakePrometheus(answerJson);
    await gone.close();
    const { host } = new URL(gone.url);
    expect(await query(`http://user:pass@${host}`)).toEqual({
      status: 502,
      body: unavailable(`http://${host}`, 'connection refused'),
    });
    expect(await query('http://nowhere.invalid')).toEqual({
      status: 502,
      body: unavailable('http://nowhere.invalid', 'no such host'),
    });
    proxied.answer = (response) => response.destroy();
    expect(await query(proxied.prometheus.url)).toEqual({
      status: 502,
      body: unavailable(proxied.prometheus.url, 'it closed the connection'),
    });
  });

  test('is given a time', async () => {
    proxied.answer = () => {};
    const proxy = createProxy(parseUpstream(proxied.prometheus.url), { timeoutMs: 50 });
    const server = http.createServer((request, response) => void proxy.handle(request, response, '/api/v1/query', ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { status, body } = await send(`http://127.0.0.1:${port}`, '/');
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({
      status: 502,
      body: unavailable(proxied.prometheus.url, 'nothing within 0.05 s'),
    });
    proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('in the middle of its answer breaks the connection', async () => {
    proxied.answer = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"status":', () => response.destroy());
    };
    expect(await failure(send(proxied.running.url, '/prometheus/api/v1/query?query=up'))).toMatch(
      /aborted|ECONNRESET|hang up/,
    );
    proxied.answer = answerJson;
    expect(await send(proxied.running.url, '/prometheus/api/v1/labels')).toMatchObject({ status: 200 });
  });

  test('is left when the page is', async () => {
    const left = new Promise<void>(
      (resolve) => (proxied.answer = (response) => response.once('close', () => resolve())),
    );
    const { port } = new URL(proxied.running.url);
    const options = { hostname: '127.0.0.1', port, path: '/prometheus/api/v1/query', agent: false };
    const request = http.get(options).on('error', () => {});
    while (proxied.prometheus.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    request.destroy();
    await expect(left).resolves.toBeUndefined();
  });

  test('does not keep the preview from closing', async () => {
    proxied.answer = () => {};
    const one = await proxied.previewOf(proxied.prometheus.url);
    const asked = failure(send(one.url, '/prometheus/api/v1/query?query=up'));
    while (proxied.prometheus.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await one.close();
    expect(await asked).toMatch(/hang up|ECONNRESET/);
  });
});
