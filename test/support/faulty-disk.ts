import { writeFile } from 'node:fs/promises';
import { type Disk, DISK } from '../../generators/output-dir/disk.ts';

/** What happens at one operation of the disk. */
export const FAULTS = ['dies', 'dies-halfway', 'dies-after', 'ENOSPC', 'EACCES', 'EROFS-from-then-on'] as const;

export type Fault = (typeof FAULTS)[number];

/** Whether the process ends with this fault, so that nothing can be undone. */
export const isDeath = (fault: Fault): boolean => fault.startsWith('dies');

export interface FaultyDisk extends Disk {
  /** How many operations there were. */
  count: number;
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: refused by the test, test`), { code });

/** Operations that may be done to a file at once: a death can only come before or after. */
const half: Partial<Record<keyof Disk, (...args: never[]) => Promise<unknown>>> = {
  write: async (file: string, text: string) => writeFile(file, text.slice(0, text.length / 2)),
};

/**
 * A disk on which something happens at one operation.
 * @param at the number of that operation, from 0.
 * @param isNear false: every file is on another file system than the work folder.
 */
export function faultyDisk(fault: Fault, at: number, isNear = true): FaultyDisk {
  let isDead = false;
  let isFull = false;
  const disk = { count: 0 };
  const operations = Object.entries(DISK).map(([name, operation]) => {
    const run = async (...args: never[]): Promise<unknown> => {
      const real = operation as (...given: never[]) => Promise<unknown>;
      // Whoever else works in this process goes on here.
      await new Promise((done) => setImmediate(done));
      if (isDead) throw failure('DEAD');
      if (name === 'isNear') return isNear;
      const isNow = disk.count === at;
      disk.count += 1;
      if (isNow && isDeath(fault)) {
        isDead = true;
        if (fault === 'dies-after') await real(...args);
        if (fault === 'dies-halfway') await half[name as keyof Disk]?.(...args);
        throw failure('DEAD');
      }
      if (isNow && fault === 'EROFS-from-then-on') isFull = true;
      if (isFull) throw failure('EROFS');
      if (isNow) throw failure(fault);
      // Waiting for a real disk proves nothing here.
      return name === 'sync' ? undefined : real(...args);
    };
    return [name, run] as const;
  });
  return Object.assign(disk, Object.fromEntries(operations)) as unknown as FaultyDisk;
}
