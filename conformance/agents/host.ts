import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Call, LinkCounters } from './calls.ts';

const INSIDE = fileURLToPath(new URL('inside.ts', import.meta.url));

/** Writes the program of all hosts: one file of plain JavaScript, as a dozen processes start from it. */
export async function writeProgram(file: string): Promise<void> {
  const { transform } = await import('esbuild');
  const { code } = await transform(await readFile(INSIDE, 'utf8'), { loader: 'ts', format: 'esm', target: 'node20' });
  await writeFile(file, code);
}

/** How long any call may take. The longest exchange takes some seconds. */
const CALL_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * What a host mounts before anything runs on it, all in a mount namespace of its own: one bpffs, and no other namespaces to find for agents
 * that look for those of pods.
 */
const MOUNTS = [
  'mount -t bpf bpf /sys/fs/bpf',
  'mount -t tmpfs none /run/netns',
  'if [ -d /sys/kernel/debug ]; then mount -t debugfs none /sys/kernel/debug || true; fi',
  'if [ -d /sys/kernel/tracing ]; then mount -t tracefs none /sys/kernel/tracing || true; fi',
].join(' && ');

/** A host of the lab: a network namespace with a process in it that does what it is asked. */
export interface Host {
  readonly name: string;
  call(call: Call): Promise<unknown>;
  counters(): Promise<Readonly<Record<string, LinkCounters>>>;
  /** The text of a page, or undefined where nothing answers. */
  page(url: string): Promise<string | undefined>;
  /** Ends the process, with all that it started. */
  stop(): Promise<void>;
}

/** Starts the process of a host in its namespace, from the file of `writeProgram`. */
export async function startHost(name: string, namespace: string, program: string): Promise<Host> {
  const child: ChildProcess = spawn(
    'ip',
    ['netns', 'exec', namespace, 'sh', '-c', `${MOUNTS} && exec "$@"`, 'sh', process.execPath, program],
    // A group of its own: Ctrl-C is for this process, which then ends the others in good order.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  const waiting = new Map<number, (answer: Answer) => void>();
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2000)));
  child.stdin?.on('error', () => undefined);
  if (child.stdout === null) throw new TypeError('the process of a host has no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const exited = once(child, 'exit');
  child.once('exit', () => {
    for (const [id, resolve] of waiting) resolve({ id, error: `the process on ${name} ended: ${words.trim()}` });
    waiting.clear();
  });
  const answerTo = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`${name} did not answer within ${CALL_TIMEOUT_MS / 1000} s`));
      }, CALL_TIMEOUT_MS);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        if ('error' in answer) reject(new Error(`${name}: ${answer.error}`));
        else resolve(answer.value);
      });
    });
  await answerTo(0);
  let last = 0;
  const call = (what: Call): Promise<unknown> => {
    last += 1;
    const answer = answerTo(last);
    child.stdin?.write(`${JSON.stringify({ id: last, call: what })}\n`);
    return answer;
  };
  return {
    name,
    call,
    counters: async () => (await call({ do: 'counters' })) as Readonly<Record<string, LinkCounters>>,
    async page(url) {
      const answer = await call({ do: 'send', url }).catch(() => undefined);
      const { status, text } = (answer ?? { status: 0, text: '' }) as { status: number; text: string };
      return status === 200 ? text : undefined;
    },
    async stop() {
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
