import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { killWithParent } from '../../../../bench/process/server-process.ts';
import { generate } from '../../../support/generate.ts';
import { inTempDir } from '../../../support/temp-dir.ts';

/** The script as kubectl would put it into the pods. */
const SCRIPT = (() => {
  const text = generate({ trafficCheck: { enabled: true, zones: ['a', 'b'] } }).file('manifests/traffic-check.yaml');
  const { items } = load(text) as { readonly items: readonly { readonly data?: Readonly<Record<string, string>> }[] };
  return Object.values(items.find(({ data }) => data !== undefined)?.data ?? {}).join('');
})();

const RATE = 40_000;
const ROUND_SECONDS = 3;
const TOTAL = RATE * ROUND_SECONDS;
const REPLY = 512;

type Entry = Readonly<Record<string, unknown>>;

/** What must end with the test. */
let ends: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(ends.map((end) => end()));
  ends = [];
});

interface Running {
  readonly child: ChildProcess;
  readonly lines: Entry[];
}

/** Runs the script as a pod does, and collects its log. */
function run(script: string, env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  killWithParent(child);
  const exit = once(child, 'exit');
  ends.push(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const lines: Entry[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Entry));
  });
  return { child, lines };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** What passed in each direction of a connection. */
interface Passed {
  requests: number;
  replies: number;
}

/** Passes connections on and counts each, which is the truth about the bytes. */
async function counter(to: number): Promise<{ readonly port: number; readonly passed: readonly Passed[] }> {
  const passed: Passed[] = [];
  const proxy = createServer({ allowHalfOpen: true }, (inner) => {
    const own = { requests: 0, replies: 0 };
    passed.push(own);
    const outer = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
    inner.on('data', (chunk) => (own.requests += chunk.length));
    outer.on('data', (chunk) => (own.replies += chunk.length));
    inner.pipe(outer).pipe(inner);
    for (const socket of [inner, outer]) socket.on('error', () => [inner, outer].map((one) => one.destroy()));
  }).listen(0, '127.0.0.1');
  ends.push(() => proxy.close());
  await once(proxy, 'listening');
  return { port: portOf(proxy), passed };
}

/** Waits until something is so. @throws Error after the time of several rounds. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 400) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isListening = async (port: number): Promise<boolean> => {
  const socket = connect({ port, host: '127.0.0.1' });
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    new Promise<boolean>((resolve) => socket.once('error', () => resolve(false))),
  ]).catch(() => false);
  socket.destroy();
  return isOpen;
};

async function startServer(script: string, zone: string): Promise<Running & { readonly port: number }> {
  const port = await freePort();
  const running = run(script, { ROLE: 'server', ZONE: zone, NODE: `node-${zone}`, PORT: String(port) });
  while (!(await isListening(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  return { ...running, port };
}

const startClient = (script: string, servers: readonly { readonly zone: string; readonly port: number }[]): Running =>
  run(script, {
    ROLE: 'client',
    ZONE: 'a',
    NODE: 'node-a',
    SERVERS: JSON.stringify(servers.map((one) => ({ host: '127.0.0.1', ...one }))),
    BYTES_PER_SECOND: String(RATE),
    ROUND_SECONDS: String(ROUND_SECONDS),
  });

const withScript = (of: (script: string) => Promise<void>): Promise<void> =>
  inTempDir(async (dir) => {
    const script = join(dir, 'check.mjs');
    await writeFile(script, SCRIPT);
    await of(script);
  });

/** Lines about a server's zone, without those of the probes that waited for it. */
const about = (lines: readonly Entry[], zone: string): readonly Entry[] =>
  lines.filter(({ serverZone, received, error }) => serverZone === zone && (received !== 0 || error !== undefined));

describe('the script of the traffic check', () => {
  test('sends the known number of bytes to each zone in every round, and both ends log what passed', async () => {
    await withScript(async (script) => {
      const servers = { a: await startServer(script, 'a'), b: await startServer(script, 'b') };
      const counters = { a: await counter(servers.a.port), b: await counter(servers.b.port) };
      const sender = startClient(script, [
        { zone: 'a', port: counters.a.port },
        { zone: 'b', port: counters.b.port },
      ]);
      const roundsTo = (zone: string) => about(sender.lines, zone);
      await until('two rounds to each', () => roundsTo('a').length >= 2 && roundsTo('b').length >= 2);
      sender.child.kill('SIGKILL');
      for (const zone of ['a', 'b'] as const) {
        const two = roundsTo(zone).slice(0, 2);
        for (const line of two) {
          expect(line).toMatchObject({
            clientZone: 'a',
            clientNode: 'node-a',
            serverZone: zone,
            serverNode: `node-${zone}`,
            address: '127.0.0.1',
            sent: TOTAL,
            acknowledged: TOTAL,
            received: REPLY,
          });
          expect(line).not.toHaveProperty('error');
        }
        const whole = { requests: TOTAL, replies: REPLY };
        expect(counters[zone].passed.slice(0, 2)).toEqual([whole, whole]);
        const served = about(servers[zone].lines, zone).slice(0, 2);
        expect(served).toHaveLength(2);
        for (const line of served) {
          expect(line).toMatchObject({ clientZone: 'a', clientNode: 'node-a', received: TOTAL, sent: REPLY });
        }
        // Rounds begin on time, or leave one out on a busy machine: the mean rate is exact, and never above.
        const [first = 0, second = 0] = two.map(
          ({ time, seconds }) => Date.parse(String(time)) - 1000 * Number(seconds),
        );
        const rounds = (second - first) / (1000 * ROUND_SECONDS);
        expect(Math.round(rounds)).toBeGreaterThan(0);
        expect(Math.abs(rounds - Math.round(rounds))).toBeLessThan(0.2);
      }
    });
  }, 60_000);

  test('says which zone has no server, and goes on with the others', async () => {
    await withScript(async (script) => {
      const there = await startServer(script, 'b');
      const nobody = await freePort();
      const sender = startClient(script, [
        { zone: 'c', port: nobody },
        { zone: 'b', port: there.port },
      ]);
      const good = () => about(sender.lines, 'b');
      const bad = () => about(sender.lines, 'c');
      await until('a round to each', () => good().length > 0 && bad().length > 0);
      expect(good()[0]).toMatchObject({ sent: TOTAL, acknowledged: TOTAL });
      expect(bad()[0]).toMatchObject({
        clientZone: 'a',
        sent: 0,
        received: 0,
        error: expect.stringContaining('REFUSED'),
      });
    });
  }, 60_000);

  test('never takes a round for complete that the server did not receive whole', async () => {
    await withScript(async (script) => {
      // Takes some, then closes as if all was well.
      const liar = createServer((socket) => {
        socket.once('data', () => socket.end(`${JSON.stringify({ zone: 'b', node: 'n', received: 7 })}\n`));
        socket.on('error', () => socket.destroy());
      }).listen(0, '127.0.0.1');
      ends.push(() => liar.close());
      await once(liar, 'listening');
      const sender = startClient(script, [{ zone: 'b', port: portOf(liar) }]);
      await until('a round', () => sender.lines.length > 0);
      expect(sender.lines[0]).toMatchObject({ acknowledged: 7, error: expect.any(String) });
    });
  }, 60_000);

  test('serves on after strangers: garbage, nothing, a reset', async () => {
    await withScript(async (script) => {
      const { port, child, lines } = await startServer(script, 'b');
      const garbage = connect({ port, host: '127.0.0.1' });
      garbage.end('GET / HTTP/1.1\r\n\r\n');
      const [reply] = (await once(garbage, 'data')) as [Buffer];
      expect(JSON.parse(reply.toString())).toEqual({ zone: 'b', node: 'node-b', received: 18 });
      const reset = connect({ port, host: '127.0.0.1' });
      await once(reset, 'connect');
      reset.resetAndDestroy();
      const sender = startClient(script, [{ zone: 'b', port }]);
      await until('a round', () => about(sender.lines, 'b').length > 0);
      expect(about(sender.lines, 'b')[0]).toMatchObject({ acknowledged: TOTAL });
      expect(child.exitCode).toBeNull();
      expect(lines.length).toBeGreaterThan(0);
    });
  }, 60_000);
});
