import http from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { State } from '../../preview/app/model/state.ts';
import type { Preview } from '../../preview/host/index.ts';
import { dashboard, failure, fakeRoot, makeTempDir, preview, removeTempDirs, send } from './host-support.ts';

let root: string;
let running: Preview;
const logged: string[] = [];

/** Where the style sheet and script of the page lie. */
const APP = `import './style.css'; import font from './font.woff2'; import('./later.ts'); document.title = font;`;

beforeAll(async () => {
  root = await fakeRoot(await makeTempDir(), APP);
  await writeFile(join(root, 'app', 'style.css'), 'body { margin: 0 }');
  await writeFile(join(root, 'app', 'font.woff2'), 'font');
  await writeFile(join(root, 'app', 'later.ts'), 'export const later = 1;');
  await writeFile(join(root, 'secret.txt'), 'CONTENTS');
  await mkdir(join(root, 'dist.d'));
  await writeFile(join(root, 'dist.d', 'secret.txt'), 'CONTENTS');
  const story = [{ at: 5, title: 'T', text: 'X', dashboard: 'one' }];
  const prometheus = { url: 'http://user:pass@127.0.0.1:1/prefix/', scrapeInterval: 15 };
  running = await preview(root, { now: 42, story, prometheus, log: (text) => logged.push(text) });
});

afterAll(async () => {
  await running.close();
  await removeTempDirs();
});

const get = (path: string) => send(running.url, path);

describe('the page', () => {
  test('is served at the root and under every dashboard', async () => {
    for (const path of ['/', '/?theme=dark', '/d/one', '/d/one/slug?from=now-1h&var-a=b', '/d/none']) {
      const { status, headers, body } = await get(path);
      expect({ path, status, type: headers['content-type'] }).toEqual({
        path,
        status: 200,
        type: 'text/html; charset=utf-8',
      });
      expect(body).toContain('<div id="root"></div>');
      expect(body).toContain('src="/assets/main.js"');
      expect(body).toContain('href="/assets/main.css"');
    }
  });

  test('has the background of its theme', async () => {
    expect((await get('/d/one?theme=light')).body).toContain('color-scheme: light');
    expect((await get('/d/one?theme=dark')).body).toContain('color-scheme: dark');
    expect((await get('/d/one?theme=%22%3E%3Cscript%3E')).body).not.toContain('"><script>');
  });

  test('may load nothing from elsewhere, and runs no script of others', async () => {
    const policy = String((await get('/')).headers['content-security-policy']);
    const directives = new Map(policy.split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)]));
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    expect(directives.get('script-src')?.filter((source) => !source.startsWith("'sha256-"))).toEqual(["'self'"]);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });
});

describe('assets', () => {
  test('have their types and are not kept', async () => {
    const page = await get('/assets/main.js');
    expect(page.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect((await get('/assets/main.css')).headers['content-type']).toBe('text/css; charset=utf-8');
    const [chunk] = /chunks\/[\w-]+\.js/.exec(page.body) ?? [''];
    expect(await get(`/assets/${chunk}`)).toMatchObject({ status: 200 });
    const [font] = /fonts\/[\w-]+\.woff2/.exec(page.body) ?? [''];
    expect(await get(`/assets/${font}`)).toMatchObject({
      status: 200,
      body: 'font',
      headers: { 'content-type': 'font/woff2' },
    });
  });

  test('have the icons of Grafana, and those that its package lacks', async () => {
    for (const icon of ['unicons/bell', 'unicons/angle-double-left', 'custom/gf-logs', 'mono/favorite']) {
      const { status, headers, body } = await get(`/public/build/img/icons/${icon}.svg`);
      expect({ icon, status, type: headers['content-type'] }).toEqual({ icon, status: 200, type: 'image/svg+xml' });
      expect(body).toContain('<svg');
    }
  });

  test.each([
    '/assets/../secret.txt',
    '/assets/../dist.d/secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/%2e%2e%2fsecret.txt',
    '/assets/..%5csecret.txt',
    '/assets/%252e%252e%252fsecret.txt',
    '/assets//etc/passwd',
    '/assets/%2fetc%2fpasswd',
    '/assets/main.js%00.txt',
    '/assets/',
    '/assets/public',
    '/public/../../secret.txt',
    '/public/..%2f..%2fsecret.txt',
    '/secret.txt',
    '//secret.txt',
    '//',
    '//[',
    'http://elsewhere/secret.txt',
  ])('do not lead out: %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).not.toContain('CONTENTS');
    expect(body).not.toContain('root:');
  });

  test('a broken percent sign is a bad request', async () => {
    expect(await get('/assets/%zz')).toMatchObject({ status: 400 });
  });
});

describe('the interface', () => {
  test('tells the state, without the password', async () => {
    const { headers, body } = await get('/api/state');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({
      revision: 1,
      dashboards: [
        { uid: 'one', title: 'Dashboard one', description: '', tags: [] },
        { uid: 'two', title: 'Dashboard two', description: 'D', tags: ['a'] },
      ],
      problems: [],
      prometheus: { url: 'http://127.0.0.1:1/prefix', scrapeInterval: 15 },
      now: 42,
      story: [{ at: 5, title: 'T', text: 'X', dashboard: 'one' }],
    });
  });

  test('has each dashboard, and names those there are where there is none', async () => {
    expect(JSON.parse((await get('/api/dashboards/two')).body)).toEqual(
      dashboard('two', { tags: ['a'], description: 'D' }),
    );
    const missing = await get('/api/dashboards/three');
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.body)).toEqual({ error: 'there is no dashboard with uid "three"; there are: one, two' });
  });

  test('answers other paths with JSON', async () => {
    for (const path of ['/api/', '/api/dashboards', '/api/dashboards/one/two', '/api/states']) {
      const { status, headers, body } = await get(path);
      expect({ path, status, type: headers['content-type'] }).toEqual({
        path,
        status: 404,
        type: 'application/json; charset=utf-8',
      });
      expect(JSON.parse(body)).toEqual({ error: `${path} is not served` });
    }
  });
});

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

/** Reads events until the connection ends; `next` waits for the following one. */
function listen(url: string, path: string, headers: Record<string, string> = {}) {
  let text = '';
  let ended = false;
  let wake = (): void => {};
  const request = http.get(url + path, { headers, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      wake();
    });
    response.once('close', () => {
      ended = true;
      wake();
    });
  });
  request.on('error', () => {});
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    connected: () => until(() => text.includes('retry:')),
    events: async (count: number): Promise<string[]> => {
      const found = (): string[] => text.split('\n\n').filter((event) => event.includes('event:'));
      await until(() => found().length >= count);
      return found();
    },
    ended: () => until(() => ended),
    end: () => request.destroy(),
  };
}

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

  test('builds once, and says so', () => {
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/^built the preview in \d+\.\d s: 0\.0 MB to start with, 0\.0 MB in all$/);
  });
});
