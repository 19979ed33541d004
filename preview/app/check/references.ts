import { builtinNames } from '../model/builtins.ts';
import { referencesIn } from '../model/interpolate.ts';
import { formatNames } from '../model/variables-format.ts';
import { at, type Finding, instead, isObject } from './finding.ts';

/** The value for All, which looks like a variable: `var-cluster=$__all`. */
const ALL = '__all';

function inText(text: string, place: string, names: ReadonlySet<string>): Finding[] {
  return referencesIn(text).flatMap(({ name, format }) => {
    if (name !== ALL && !names.has(name))
      return [{ place, message: `variable "${name}" does not exist${instead(name, [...names])}` }];
    if (format === undefined || formatNames.includes(format)) return [];
    return [{ place, message: `format "${format}" of variable "${name}" is unknown${instead(format, formatNames)}` }];
  });
}

/** The names that texts of a dashboard can refer to: its own variables, and Grafana's as far as the preview fills them in. */
export const namesKnown = (variables: readonly { readonly name: string }[]): ReadonlySet<string> =>
  new Set([...variables.map(({ name }) => name), ...builtinNames]);

/** Variables that texts refer to, anywhere in a value, and that do not exist; and formats that do not. */
export function referenceFindings(value: unknown, place: string, names: ReadonlySet<string>): Finding[] {
  if (typeof value === 'string') return inText(value, place, names);
  if (Array.isArray(value)) return value.flatMap((item, index) => referenceFindings(item, at(place, index), names));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => referenceFindings(inner, at(place, key), names));
}
