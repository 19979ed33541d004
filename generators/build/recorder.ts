import type { Path } from '../config/schema.ts';
import type { Config } from '../registry.ts';
import { isMapping } from '../settings/section.ts';

/** Settings that were read: paths with dots. */
export type Read = ReadonlySet<string>;

/** Whether a setting, or a part of it, was read. */
export function isRead(read: Read, path: Path): boolean {
  const dotted = path.join('.');
  return read.has(dotted) || [...read].some((other) => other.startsWith(`${dotted}.`));
}

/**
 * A configuration that records which of its settings are read.
 * @returns the configuration, and a function that ends the recording and returns what was read until then.
 */
export function recorder(config: Config): { readonly config: Config; readonly stop: () => Read } {
  const read = new Set<string>();
  let isOn = true;
  const note = (path: string) => {
    if (isOn) read.add(path);
  };
  const wrap = (tree: object, above: string): object =>
    new Proxy(tree, {
      get: (target, key, receiver): unknown => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol') return value;
        const path = above === '' ? key : `${above}.${key}`;
        if (isMapping(value)) return wrap(value, path);
        note(path);
        return value;
      },
      // Whoever asks for all keys reads the mapping as one value.
      ownKeys: (target) => {
        note(above);
        return Reflect.ownKeys(target);
      },
    });
  return {
    config: wrap(config, '') as Config,
    stop: () => {
      isOn = false;
      return read;
    },
  };
}
