import { nearest } from '../model/nearest.ts';

/** Something that Grafana or the preview would silently skip, and where it is in the JSON of the panel or the dashboard. */
export interface Finding {
  /** Such as `fieldConfig.overrides[2].properties[0].id`. */
  readonly place: string;
  readonly message: string;
}

/** Lists up to this long are shown in full where no name is near. */
const SHORT = 12;

/** Completes a message about a name that is not among those known: the nearest one, or else all of them if they are few. */
export function instead(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `, did you mean "${near}"?`;
  return known.length > 0 && known.length <= SHORT ? `, expected one of ${known.join(', ')}` : '';
}

/** The finding that a name is unknown; none when it is known. */
export function unknownName(place: string, noun: string, name: unknown, known: readonly string[]): Finding[] {
  if (typeof name === 'string' && known.includes(name)) return [];
  const shown = typeof name === 'string' ? name : JSON.stringify(name);
  return [{ place, message: `${noun} "${shown}" is unknown${instead(shown ?? '', known)}` }];
}

/** The place of a key in an object; the first part stands alone. */
export const at = (place: string, key: string | number): string => {
  if (typeof key === 'number') return `${place}[${key}]`;
  return place === '' ? key : `${place}.${key}`;
};

/** Whether a value is an object with keys, and neither null nor a list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
