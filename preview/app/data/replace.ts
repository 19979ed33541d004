import type { InterpolateFunction, ScopedVars } from '@grafana/data';
import { VariableFormatID } from '@grafana/schema';
import { interpolate, type Scope, type ScopedValue } from '../model/interpolate.ts';
import { fillMacros } from './macros.ts';

/** Variables that Grafana's components add to a text of theirs. */
function withScoped(scope: Scope, scoped: ScopedVars | undefined): Scope {
  const added = Object.entries(scoped ?? {}).flatMap(([name, item]): [string, ScopedValue][] => {
    const value: unknown = item?.value;
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    return [[name, { value: String(value), text: String(item?.text ?? value), multi: false }]];
  });
  return added.length === 0 ? scope : new Map([...scope, ...added]);
}

/** How Grafana's components fill variables and macros in titles, names and addresses. */
export const replacer =
  (scope: Scope): InterpolateFunction =>
  (text, scoped, format) => {
    const isAddress = format === VariableFormatID.UriEncode;
    const filled = interpolate(text ?? '', withScoped(scope, scoped), isAddress ? 'url' : 'text');
    const context = scoped?.__dataContext?.value;
    if (context === undefined) return filled;
    return fillMacros(filled, context, isAddress ? encodeURIComponent : (value) => value);
  };
