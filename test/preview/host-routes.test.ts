import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Preview } from '../../preview/host/index.ts';
import { send } from './host-http.ts';
import { dashboard, fakeRoot, makeTempDir, preview, removeTempDirs } from './host-support.ts';

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

test('builds once, and says so', () => {
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(/^built the preview in \d+\.\d s: 0\.0 MB to start with, 0\.0 MB in all$/);
});
