/**
 * Remembers the latest results by a key, and only a few, as each may be large: many cases of a table share what they read.
 * @example const remember = latest<Parsed>(8); remember(text, () => parse(text))
 */
export function latest<T>(kept: number): (key: string, make: () => T) => T {
  const known = new Map<string, { readonly value: T }>();
  return (key, make) => {
    const found = known.get(key) ?? { value: make() };
    known.delete(key);
    known.set(key, found);
    const [oldest = ''] = known.keys();
    if (known.size > kept) known.delete(oldest);
    return found.value;
  };
}
