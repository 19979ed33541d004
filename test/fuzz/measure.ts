import { GCProfiler, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';

/** What some work cost. */
export interface Cost {
  /** Time of the processor, so a busy machine is not taken for slow work. */
  readonly seconds: number;
  /** The most that was on the heap at one time, above what was there before and what the garbage collector left. */
  readonly bytes: number;
}

/** The end of some work: its result, what it threw, or that it was stopped. */
export type End<T> = ({ readonly result: T } | { readonly thrown: unknown } | { readonly stopped: true }) & {
  readonly cost: Cost;
};

setFlagsFromString('--expose-gc');
const context = createContext({ work: undefined as unknown });
const collectGarbage = runInContext('gc', context) as () => void;

/** Work that takes this long is stopped; only what never ends takes that long even on a busy machine. */
const STOP_AFTER = 120_000;

/** Does some work once and measures it. */
function once<T>(work: () => T): End<T> {
  let result: T | undefined;
  context['work'] = () => {
    result = work();
  };
  const profiler = new GCProfiler();
  const before = getHeapStatistics().used_heap_size;
  const start = process.cpuUsage();
  profiler.start();
  let end: { result: T } | { thrown: unknown } | { stopped: true };
  try {
    runInContext('work()', context, { timeout: STOP_AFTER });
    end = { result: result as T };
  } catch (error) {
    const isStopped = (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    end = isStopped ? { stopped: true } : { thrown: error };
  }
  const { user, system } = process.cpuUsage(start);
  const collections = profiler.stop()?.statistics ?? [];
  const after = getHeapStatistics().used_heap_size;
  const peaks = collections.map(({ beforeGC }) => beforeGC.heapStatistics.usedHeapSize);
  const floors = collections.map(({ afterGC }) => afterGC.heapStatistics.usedHeapSize);
  const bytes = Math.max(after, ...peaks) - Math.min(before, ...floors);
  return { ...end, cost: { seconds: (user + system) / 1e6, bytes } };
}

/** Limits of one run. */
export interface Limits {
  readonly seconds: number;
  readonly bytes: number;
}

const isOver = ({ seconds, bytes }: Cost, limits: Limits): boolean => seconds > limits.seconds || bytes > limits.bytes;

/** Does some work and measures it. What seems to exceed a limit is done again, twice, without garbage of others: the least counts. */
export function measured<T>(work: () => T, limits: Limits): End<T> {
  let end = once(work);
  for (let again = 0; again < 2 && isOver(end.cost, limits) && !('stopped' in end); again += 1) {
    collectGarbage();
    const next = once(work);
    const cost = {
      seconds: Math.min(next.cost.seconds, end.cost.seconds),
      bytes: Math.min(next.cost.bytes, end.cost.bytes),
    };
    end = { ...next, cost };
  }
  return end;
}
