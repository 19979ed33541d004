/**
 * A process inside the network namespace of one host of the lab. It takes requests, one JSON document a line, and answers each with one.
 * It ends, with all that it started, when its standard input ends: so nothing outlives a run that was killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Call, Exchange, Launch, LinkCounters, Sent } from './calls.ts';

const HEADER_BYTES = 16;
const DATAGRAM_TIMEOUT_MS = 2000;
const STOP_TIMEOUT_MS = 5000;

/** A request starts with the sizes of both directions, so that any server can answer any client. */
function header(request: number, response: number): Buffer {
  const bytes = Buffer.alloc(request);
  bytes.writeBigUInt64BE(BigInt(request), 0);
  bytes.writeBigUInt64BE(BigInt(response), 8);
  return bytes;
}

const sizesOf = (bytes: Buffer) => ({
  request: Number(bytes.readBigUInt64BE(0)),
  response: Number(bytes.readBigUInt64BE(8)),
});

function answerStream(socket: Socket): void {
  let waiting = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= HEADER_BYTES) {
      const { request, response } = sizesOf(waiting);
      if (waiting.length < request) return;
      waiting = waiting.subarray(request);
      socket.write(Buffer.alloc(response, 'y'));
    }
  });
}

/** Answers both protocols at one address. */
async function serve(address: string, port: number): Promise<void> {
  const server = createServer(answerStream).listen({ port, host: address });
  await once(server, 'listening');
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (bytes, from) => {
    if (bytes.length >= HEADER_BYTES) socket.send(Buffer.alloc(sizesOf(bytes).response, 'y'), from.port, from.address);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
}

async function exchangeStream({ host, port, request, response, rounds, gapMs = 0 }: Exchange): Promise<void> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const reader = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (let round = 0; round < rounds; round += 1) {
    socket.write(header(request, response));
    for (let received = 0; received < response;) {
      const { value, done } = await reader.next();
      if (done === true) throw new Error(`${host}:${port} closed the connection`);
      received += value.length;
    }
    if (gapMs > 0) await sleep(gapMs);
  }
  socket.end();
  await once(socket, 'close');
}

async function exchangeDatagrams({ host, port, request, response, rounds, gapMs = 0 }: Exchange): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.connect(port, host);
  await once(socket, 'connect');
  try {
    for (let round = 0; round < rounds; round += 1) {
      const message = once(socket, 'message', { signal: AbortSignal.timeout(DATAGRAM_TIMEOUT_MS) });
      socket.send(header(request, response));
      await message;
      if (gapMs > 0) await sleep(gapMs);
    }
  } finally {
    socket.close();
  }
}

/** Counters of the interfaces of this namespace. Upstream: net/core/net-procfs.c, the columns of /proc/net/dev. */
function counters(): Readonly<Record<string, LinkCounters>> {
  const lines = readFileSync('/proc/self/net/dev', 'utf8').trim().split('\n').slice(2);
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', rest = ''] = line.trim().split(/:\s*/);
      const numbers = rest.split(/\s+/).map(Number);
      const at = (index: number): number => numbers[index] ?? 0;
      return [name, { rx_bytes: at(0), rx_packets: at(1), tx_bytes: at(8), tx_packets: at(9) }];
    }),
  );
}

const children = new Map<string, ChildProcess>();

function start({ name, argv, env, log }: Launch): number {
  const [program = '', ...args] = argv;
  const file = openSync(log, 'a');
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', file, file] });
  children.set(name, child);
  // A program that cannot be started has ended, as `ended` tells.
  child.once('error', () => undefined);
  return child.pid ?? -1;
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

async function stop(names: readonly string[]): Promise<void> {
  const running = names.flatMap((name) => {
    const child = children.get(name);
    children.delete(name);
    return child === undefined || hasEnded(child) ? [] : [child];
  });
  await Promise.all(
    running.map(async (child) => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    }),
  );
}

/** One HTTP request, without a check of the server's certificate: the server is the lab's own. */
function send({ method = 'GET', url, body, headers = {} }: Sent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, rejectUnauthorized: false, timeout: 20_000, agent: false };
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const outgoing = open(url, options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      incoming.once('error', reject);
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${url} did not answer within 20 s`)));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function answered(call: Call): Promise<unknown> {
  switch (call.do) {
    case 'serve':
      for (const address of call.addresses) await serve(address, call.port);
      return undefined;
    case 'exchange':
      return call.protocol === 'tcp' ? exchangeStream(call) : exchangeDatagrams(call);
    case 'counters':
      return counters();
    case 'start':
      return start(call);
    case 'ended':
      return [...children].filter(([, child]) => hasEnded(child)).map(([name]) => name);
    case 'stop':
      return stop(call.names);
    case 'send':
      return send(call);
    default:
      return call satisfies never;
  }
}

const write = (answer: Answer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

// Only the end of the standard input ends this process: Ctrl-C in a terminal reaches the whole process group.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.stdout.on('error', () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, call } = JSON.parse(line) as { id: number; call: Call };
  answered(call).then(
    (value) => write({ id, value }),
    (error: unknown) => write({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
lines.once('close', () => {
  void stop([...children.keys()]).finally(() => process.exit(0));
});
write({ id: 0, value: 'ready' });
