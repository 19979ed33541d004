import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DashboardJson } from '../../preview/app/model/dashboard-json.ts';
import { startPreview, type Preview, type PreviewOptions } from '../../preview/host/index.ts';
import { previewRoot } from '../../preview/host/root.ts';

const folders: string[] = [];

/** Makes an empty folder that stays for the tests of a file. */
export async function makeTempDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'azimuth-test-'));
  folders.push(folder);
  return folder;
}

/** Removes them all. */
export async function removeTempDirs(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** A page that says at once that it has settled, without a panel. */
export const EMPTY_APP = `
  document.querySelector('#root')!.textContent = 'drawn';
  Object.assign(window, {
    azimuthPreview: {
      uid: location.pathname.split('/')[2], revision: 1, settled: true, problems: [], panels: [], cutOff: () => [],
    },
  });`;

/** Makes a package like the preview's in an empty folder: an app of one file, with the real one's packages. */
export async function fakeRoot(dir: string, app = EMPTY_APP): Promise<string> {
  const real = previewRoot();
  await mkdir(join(dir, 'app'), { recursive: true });
  await writeFile(join(dir, 'app', 'main.tsx'), app);
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await writeFile(join(dir, 'package-lock.json'), await readFile(join(real, 'package-lock.json')));
  await symlink(join(real, 'node_modules'), join(dir, 'node_modules'));
  return dir;
}

/** A dashboard with nothing but what is told. */
export function dashboard(uid: string, more: Partial<DashboardJson> = {}): DashboardJson {
  return { uid, title: `Dashboard ${uid}`, ...more };
}

/** Starts the preview of some dashboards; Prometheus does not answer unless told. */
export function preview(root: string, options: Partial<PreviewOptions> = {}): Promise<Preview> {
  return startPreview({
    content: { dashboards: [dashboard('one'), dashboard('two', { tags: ['a'], description: 'D' })], problems: [] },
    prometheus: { url: 'http://127.0.0.1:1', scrapeInterval: 30 },
    port: 0,
    root,
    log() {},
    ...options,
  });
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as it is: the path is not made straight, and any header may be set. */
export function send(
  url: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.once('error', reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}

/** A request that the fake Prometheus got. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A server in the place of Prometheus. */
export interface FakePrometheus {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** Starts a server that answers as told. */
export async function fakePrometheus(answer: (response: http.ServerResponse) => void): Promise<FakePrometheus> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.once('end', () => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The message that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    // Not instanceof: errors of Node are of another realm in Jest.
    return String((error as { message?: unknown }).message);
  }
  throw new Error('expected a failure');
}
