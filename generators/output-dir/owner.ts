import { createHash, randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process that writes, or wrote, to an output folder. */
export interface Owner {
  /** Unique; of process, start, place and a random number. */
  readonly id: string;
  readonly pid: number;
  /** When it was started, in the unit of the system; empty where the system does not say. Process IDs are used again. */
  readonly start: string;
  /** The system that `pid` is of: a host since it was started, or a container. */
  readonly place: string;
}

const textOf = async (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** State and start of a process; undefined if the system does not say. */
async function processOf(pid: number): Promise<{ readonly state: string; readonly start: string } | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  // The second field, the name in parentheses, may have spaces and parentheses of its own.
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = fields[18];
  return state === undefined || start === undefined ? undefined : { state, start };
}

const placeOf = async (): Promise<string> => {
  const boot = (await textOf('/proc/sys/kernel/random/boot_id')).trim();
  const space = await readlink('/proc/self/ns/pid').catch(() => '');
  return [hostname(), boot, space].filter((part) => part !== '').join(' ');
};

/** The name of a process of this host, but for the random number. */
const nameOf = ({ pid, start, place }: Omit<Owner, 'id'>): string =>
  `${pid}-${start}-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`;

/** An owner with a name of its own. */
export const named = (owner: Omit<Owner, 'id'>): Owner => ({
  ...owner,
  id: `${nameOf(owner)}-${randomBytes(6).toString('hex')}`,
});

/** This process. */
export async function thisProcess(): Promise<Owner> {
  const { pid } = process;
  return named({ pid, start: (await processOf(pid))?.start ?? '', place: await placeOf() });
}

/** The owner of this name, if it is of this host; undefined otherwise. */
export async function ownerNamed(id: string): Promise<Owner | undefined> {
  const [, pid = '', start = ''] = /^(\d+)-(\d*)-/.exec(id) ?? [];
  const owner = { pid: Number(pid), start, place: await placeOf() };
  return pid !== '' && id.startsWith(`${nameOf(owner)}-`) ? { ...owner, id } : undefined;
}

/** Whether a process with this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether a process lives; `unknown` if it is of another host or container. */
export async function lifeOf({ pid, start, place }: Owner): Promise<'alive' | 'dead' | 'unknown'> {
  if (place !== (await placeOf())) return 'unknown';
  const found = await processOf(pid);
  if (found === undefined || start === '') return isAlive(pid) ? 'alive' : 'dead';
  // Z and X have ended, and nobody has asked how.
  return found.start === start && !/^[ZX]/.test(found.state) ? 'alive' : 'dead';
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Parses what an owner wrote about itself; undefined if it is damaged, as after a power cut. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const { id, pid, start, place } = JSON.parse(text) as Partial<Record<keyof Owner, unknown>>;
    const isOwner = isText(id) && /^[\w-]+$/.test(id) && Number.isInteger(pid) && isText(start) && isText(place);
    return isOwner ? { id, pid: pid as number, start, place } : undefined;
  } catch {
    return undefined;
  }
}
