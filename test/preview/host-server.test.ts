import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { State } from '../../preview/app/model/state.ts';
import type { Preview } from '../../preview/host/index.ts';
import { listen, send } from './host-http.ts';
import { dashboard, failure, fakeRoot, makeTempDir, preview, removeTempDirs } from './host-support.ts';

let root: string;
let running: Preview;

beforeAll(async () => {
  root = await fakeRoot(await makeTempDir());
  running = await preview(root);
});

afterAll(async () => {
  await running.close();
  await removeTempDirs();
});

const get = (path: string) => send(running.url, path);

describe('who may ask', () => {
  const port = (): string => new URL(running.url).port;

  test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('a browser at %s', async (name) => {
    expect(await send(running.url, '/', { headers: { host: `${name}:${port()}` } })).toMatchObject({ status: 200 });
  });

  test.each(['evil.example', '127.0.0.1', 'localhost', '127.0.0.1.evil.example', '0.0.0.0'])(
    'nobody at %p without our port or name',
    async (name) => {
      const bare = await send(running.url, '/api/state', { headers: { host: name } });
      expect(bare.status).toBe(403);
      expect(bare.body).not.toContain('Dashboard');
      const wrongPort = await send(running.url, '/api/state', { headers: { host: `${name}:1` } });
      expect(wrongPort.status).toBe(403);
    },
  );

  test('no page of another origin', async () => {
    const ask = (origin: string) =>
      send(running.url, '/api/state', { headers: { host: `localhost:${port()}`, origin } });
    expect(await ask('http://evil.example')).toMatchObject({ status: 403 });
    expect(await ask('null')).toMatchObject({ status: 403 });
    expect(await ask(`http://localhost:${port()}`)).toMatchObject({ status: 200 });
  });

  describe('of the pages in this machine’s browsers', () => {
    const PATHS = ['/', '/d/one', '/d/%2e%2e/prometheus/api/v1/labels', '/api/state', '/assets/main.js', '/public/x'];
    const PROXY = '/prometheus/api/v1/query?query=up';
    const as = (site: string, mode: string, dest: string) => ({
      'sec-fetch-site': site,
      'sec-fetch-mode': mode,
      'sec-fetch-dest': dest,
    });
    const refused = async (paths: readonly string[], headers: Record<string, string>, method = 'GET') =>
      Promise.all(paths.map(async (path) => (await send(running.url, path, { headers, method })).status === 403));

    test.each(['cross-site', 'same-site', 'anything'])('those of %s may only link to pages', async (site) => {
      for (const [mode, dest] of [
        ['no-cors', 'image'],
        ['no-cors', 'script'],
        ['cors', 'empty'],
        ['navigate', 'iframe'],
        ['navigate', 'object'],
        ['websocket', 'document'],
      ] as const) {
        expect(await refused([...PATHS, PROXY], as(site, mode, dest))).not.toContain(false);
      }
      const link = as(site, 'navigate', 'document');
      expect(await refused([...PATHS, PROXY], link)).toEqual([false, false, true, true, true, true, true]);
      expect(await refused(PATHS, link, 'POST')).not.toContain(false);
      expect((await send(running.url, '/d/one', { headers: { 'sec-fetch-site': site } })).status).toBe(403);
    });

    test.each(['same-origin', 'none'])('%s may ask for everything', async (site) => {
      expect(await refused([...PATHS, PROXY], as(site, 'cors', 'empty'))).not.toContain(true);
    });
  });

  test('by GET, and by POST only Prometheus', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
      expect(await send(running.url, '/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
    }
    expect(await send(running.url, '/api/state', { method: 'POST' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
    });
  });

  test('on this machine only', async () => {
    // 127.0.0.2 is this machine as well, but not where the server listens.
    const elsewhere = running.url.replace('127.0.0.1', '127.0.0.2');
    expect(await failure(send(elsewhere, '/'))).toContain('ECONNREFUSED');
  });
});

describe('changes', () => {
  test('are told to every page, and only changes are', async () => {
    const content = { dashboards: [dashboard('one', { title: 'Renamed' })], problems: ['azimuth.yaml: 1 problem'] };
    const pages = [listen(running.url, '/api/events'), listen(running.url, '/api/events')];
    await Promise.all(pages.map((page) => page.connected()));
    running.update(content);
    running.update(structuredClone(content));
    running.update({ ...content, problems: [] });
    for (const page of pages) {
      expect(await page.events(2)).toEqual(['event: change\nid: 2\ndata: 2', 'event: change\nid: 3\ndata: 3']);
      page.end();
    }
    const state = JSON.parse((await get('/api/state')).body) as State;
    expect(state).toMatchObject({ revision: 3, problems: [], dashboards: [{ uid: 'one', title: 'Renamed' }] });
    expect(await get('/api/dashboards/two')).toMatchObject({ status: 404 });
  });

  test('that a page missed are told when it connects again', async () => {
    const late = listen(running.url, '/api/events', { 'last-event-id': '2' });
    const asking = listen(running.url, '/api/events?since=1');
    expect(await late.events(1)).toEqual(['event: change\nid: 3\ndata: 3']);
    expect(await asking.events(1)).toEqual(['event: change\nid: 3\ndata: 3']);
    late.end();
    asking.end();
  });
});

describe('the life of the server', () => {
  test('says what to do when the port is taken', async () => {
    const port = Number(new URL(running.url).port);
    expect(await failure(preview(root, { port }))).toBe(`127.0.0.1:${port} is taken; choose another with --port`);
  });

  test('says what an address of Prometheus looks like', async () => {
    for (const url of ['localhost:9090', 'ftp://a/', 'prometheus', '']) {
      expect(await failure(preview(root, { prometheus: { url, scrapeInterval: 30 } }))).toBe(
        `Prometheus: got "${url}", expected a URL such as http://127.0.0.1:9090`,
      );
    }
  });

  test('close ends every connection and frees the port', async () => {
    const short = await preview(root);
    const page = listen(short.url, '/api/events');
    await page.connected();
    await short.close();
    await page.ended();
    expect(await failure(send(short.url, '/'))).toContain('ECONNREFUSED');
    const again = await preview(root, { port: Number(new URL(short.url).port) });
    await again.close();
  });

  test('a failed build leaves nothing behind', async () => {
    const broken = await fakeRoot(await makeTempDir(), 'const = 1;');
    const first = await preview(root);
    const port = Number(new URL(first.url).port);
    await first.close();
    expect(await failure(preview(broken, { port }))).toMatch(
      /^the preview's app cannot be built:\n {2}app\/main\.tsx:1: /,
    );
    expect(await failure(send(first.url, '/'))).toContain('ECONNREFUSED');
  });
});
