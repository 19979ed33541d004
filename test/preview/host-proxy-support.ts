import type http from 'node:http';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Preview } from '../../preview/host/index.ts';
import { fakePrometheus, type FakePrometheus } from './host-http.ts';
import { fakeRoot, makeTempDir, preview, removeTempDirs } from './host-support.ts';

/** What a fake Prometheus answers unless told. */
export const answerJson = (response: http.ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b', server: 'x' });
  response.end('{"status":"success","data":[]}');
};

/** A preview and the fake Prometheus behind it, for the tests of a file. */
export class Proxied {
  /** How Prometheus answers; the default again before each test. */
  answer = answerJson;
  readonly #started: Preview[] = [];
  #root = '';
  #prometheus: FakePrometheus | undefined;
  #running: Preview | undefined;

  /** Starts both before the tests of the file and stops them behind. */
  constructor() {
    beforeAll(async () => {
      this.#root = await fakeRoot(await makeTempDir());
      this.#prometheus = await fakePrometheus((response) => this.answer(response));
      this.#running = await this.previewOf(this.#prometheus.url);
    });
    beforeEach(() => {
      this.answer = answerJson;
      this.prometheus.received.length = 0;
    });
    afterAll(async () => {
      for (const one of this.#started) await one.close();
      await this.prometheus.close();
      await removeTempDirs();
    });
  }

  /** @throws Error outside of tests. */
  get prometheus(): FakePrometheus {
    if (this.#prometheus === undefined) throw new Error('not started');
    return this.#prometheus;
  }

  /** The preview of that Prometheus. @throws Error outside of tests. */
  get running(): Preview {
    if (this.#running === undefined) throw new Error('not started');
    return this.#running;
  }

  /** A preview of another Prometheus, or of this one by another address. */
  async previewOf(url: string): Promise<Preview> {
    const one = await preview(this.#root, { prometheus: { url, scrapeInterval: 30 } });
    this.#started.push(one);
    return one;
  }
}
