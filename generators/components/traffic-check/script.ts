/** Seconds from the start of a round to the start of the next. */
export const ROUND_SECONDS = 60;

/** The file of the script. */
export const SCRIPT_FILE = 'check.mjs';

/**
 * Client and server, for Node.js 20 or newer. A round is one connection: the client sends the whole of it paced, then closes its side; the
 * server answers with the number of bytes that arrived. Rounds start on time, so the mean rate is exact. Settings are variables of the environment.
 */
export const SCRIPT = String.raw`// Client and server of the traffic check. Each logs one line of JSON for each round.
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { ROLE, ZONE, NODE, PORT, SERVERS, BYTES_PER_SECOND, ROUND_SECONDS } = process.env;

// Bytes of the line that opens the requests of a round, part of its bytes, and of the reply.
const LINE = 512;
const IDLE_MS = 10_000;
const line = (data) => JSON.stringify(data).padEnd(LINE - 1) + '\n';
const log = (entry) => console.log(JSON.stringify({ time: new Date().toISOString(), ...entry }));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function serve() {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let received = 0;
    let start = '';
    const report = (more) => {
      const { zone: clientZone, node: clientNode } = parsed(start);
      log({ clientZone, clientNode, serverZone: ZONE, serverNode: NODE, received, ...more });
    };
    socket.setTimeout(IDLE_MS, () => socket.destroy(new Error('the client is silent')));
    socket.on('data', (chunk) => {
      start += chunk.toString('latin1', 0, Math.max(0, LINE - start.length));
      received += chunk.length;
    });
    socket.on('end', () => {
      socket.end(line({ zone: ZONE, node: NODE, received }));
      if (received > 0) report({ sent: LINE });
    });
    socket.on('error', (error) => report({ error: error.message }));
  });
  server.listen(Number(PORT));
}

// Sends the bytes of one round within all but two seconds of it, so that the next one starts on time.
function send(serverZone, host, port) {
  return new Promise((done) => {
    const total = BYTES_PER_SECOND * ROUND_SECONDS;
    const began = performance.now();
    let sent = 0;
    let reply = '';
    const socket = connect({ host, port });
    const write = (upTo) => {
      if (upTo <= sent || socket.writableNeedDrain) return;
      const opening = sent === 0 ? line({ zone: ZONE, node: NODE }) : '';
      socket.write(opening + '.'.repeat(upTo - sent - opening.length));
      sent = upTo;
      if (sent === total) socket.end();
    };
    const pace = setInterval(() => {
      if (socket.connecting) return;
      write(Math.min(total, Math.floor((total * (performance.now() - began)) / (1000 * (ROUND_SECONDS - 2)))));
    }, 1000);
    const finish = (error) => {
      clearInterval(pace);
      const { zone, node, received: acknowledged } = parsed(reply);
      const failed = error ?? (acknowledged === total ? undefined : 'the server did not receive everything');
      log({
        clientZone: ZONE,
        clientNode: NODE,
        serverZone: zone ?? serverZone,
        serverNode: node,
        address,
        sent,
        acknowledged,
        received: reply.length,
        seconds: Math.round(performance.now() - began) / 1000,
        ...(failed !== undefined && { error: failed }),
      });
      done();
    };
    let address;
    let problem;
    socket.on('connect', () => (address = socket.remoteAddress));
    socket.setTimeout(IDLE_MS, () => socket.destroy(new Error('the server is silent')));
    socket.on('data', (chunk) => (reply += chunk.toString('latin1')));
    socket.on('error', (error) => (problem = error.message));
    socket.on('close', () => finish(problem));
  });
}

async function sendForever(serverZone, host, port) {
  const round = 1000 * ROUND_SECONDS;
  const first = performance.now();
  for (;;) {
    await send(serverZone, host, port);
    await sleep(round - ((performance.now() - first) % round));
  }
}

if (ROLE === 'server') serve();
else for (const { zone, host, port } of JSON.parse(SERVERS)) void sendForever(zone, host, port);
`;
