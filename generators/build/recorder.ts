import type { Path } from '../config/schema.ts';
import type { Config } from '../registry.ts';
import { isMapping } from '../settings/section.ts';

/** Dotted paths of the settings that were read. */
export type Read = ReadonlySet<string>;

/** Whether a setting, or a part of it, was read. */
export function isRead(read: Read, path: Path): boolean {
  const dotted = path.join('.');
  return read.has(dotted) || [...read].some((other) => other.startsWith(`${dotted}.`));
}

/**
 * A configuration that records which of its settings are read.
 * @returns the configuration, and a function that stops recording and returns the settings that were read.
 */
export function recorder(config: Config): { readonly config: Config; readonly stop: () => Read } {
  const read = new Set<string>();
  let isOn = true;
  const add = (path: string) => {
    if (isOn) read.add(path);
  };
  const wrap = (tree: object, above: string): object => {
    // A build reads the same few hundred settings tens of thousands of times.
    const known = new Map<string, unknown>();
    return new Proxy(tree, {
      get: (target, key, receiver): unknown => {
        if (typeof key === 'symbol') return Reflect.get(target, key, receiver);
        if (known.has(key)) return known.get(key);
        const value: unknown = Reflect.get(target, key, receiver);
        const path = above === '' ? key : `${above}.${key}`;
        const seen = isMapping(value) ? wrap(value, path) : value;
        if (seen === value) add(path);
        known.set(key, seen);
        return seen;
      },
      // Listing the keys reads the mapping as one value.
      ownKeys: (target) => {
        add(above);
        return Reflect.ownKeys(target);
      },
    });
  };
  return {
    config: wrap(config, '') as Config,
    stop: () => {
      isOn = false;
      return read;
    },
  };
}
