/**
 * An entry of Hubble's list of metrics, as the charts of Retina and of Cilium take it.
 * @throws TypeError for an entry with a space: the charts join entries by spaces, so it would become two.
 */
export function hubbleMetric(name: string, ...options: readonly string[]): string {
  const entry = options.length === 0 ? name : `${name}:${options.join(';')}`;
  if (/\s/.test(entry)) throw new TypeError(`a Hubble metric must not hold a space: ${JSON.stringify(entry)}`);
  return entry;
}

/** The option by which Hubble attaches labels to a metric. */
export const labelsContext = (labels: readonly string[]): string => `labelsContext=${labels.join(',')}`;
