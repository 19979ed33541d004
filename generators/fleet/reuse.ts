import { type Read, recorder } from '../build/recorder.ts';
import type { Config } from '../registry.ts';
import { valueAt } from '../settings/section.ts';

/** What was made of a configuration, and the settings that it depends on. */
export interface Made<T> {
  readonly value: T;
  readonly read: Read;
}

/** Different makings that are remembered for each setting of readings. Clusters of a fleet mostly differ in few ways. */
const MAX_KNOWN = 200;

/** The values of the settings that were read. */
const valuesOf = (config: Config, paths: readonly string[]): string =>
  JSON.stringify(paths.map((path) => valueAt(config, path.split('.')) ?? null));

/**
 * Makes something of configurations, once for all that agree in what was read of them.
 * @param make must read all that it depends on before it returns.
 */
export function reusing<T>(make: (config: Config) => T): (config: Config) => Made<T> {
  /** By the settings that were read: what was made, by their values. */
  const known: { readonly paths: readonly string[]; readonly made: Map<string, Made<T>> }[] = [];
  return (config) => {
    for (const { paths, made } of known) {
      const before = made.get(valuesOf(config, paths));
      if (before !== undefined) return before;
    }
    const recording = recorder(config);
    const value = make(recording.config);
    const one: Made<T> = { value, read: recording.stop() };
    const paths = [...one.read].toSorted();
    const same = known.find(
      (other) => other.paths.length === paths.length && other.paths.every((path, index) => path === paths[index]),
    );
    const entry = same ?? { paths, made: new Map<string, Made<T>>() };
    if (same === undefined) known.push(entry);
    if (entry.made.size >= MAX_KNOWN) entry.made.clear();
    if (known.length > MAX_KNOWN) known.splice(0);
    entry.made.set(valuesOf(config, paths), one);
    return one;
  };
}
