import {
  type DataContextScopedVar,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
} from '@grafana/data';

type Context = DataContextScopedVar['value'];

const MACRO = /\$\{__(data|field|series|value)((?:\.\w+|\[(?:"[^"]*"|'[^']*'|\d+)\])*)(?::(\w+))?\}/g;

/** `.fields["Source pod"].text` as its parts. */
const parts = (path: string): string[] =>
  [...path.matchAll(/\.(\w+)|\["([^"]*)"\]|\['([^']*)'\]|\[(\d+)\]/g)].map(
    ([, plain, double, single, index]) => plain ?? double ?? single ?? index ?? '',
  );

const textOf = (field: Field, value: unknown): string =>
  field.display === undefined ? String(value) : formattedValueToString(field.display(value));

function ofRow({ frame, rowIndex = 0 }: Context, [, name = '', form]: readonly string[]): string | undefined {
  const field =
    frame.fields.find((each) => getFieldDisplayName(each, frame) === name || each.name === name) ??
    frame.fields[/^\d+$/.test(name) ? Number(name) : -1];
  if (field === undefined) return undefined;
  const value: unknown = field.values[rowIndex];
  return form === 'numeric' || form === 'raw' ? String(value) : textOf(field, value);
}

function ofField({ frame, field }: Context, [key = '', label = '']: readonly string[]): string | undefined {
  if (key === 'labels') return label === '' ? undefined : (field.labels?.[label] ?? '');
  return ['name', 'displayName'].includes(key) ? getFieldDisplayName(field, frame) : undefined;
}

function ofValue({ frame, field, rowIndex, calculatedValue }: Context, [form]: readonly string[]): string | undefined {
  const value: unknown = rowIndex === undefined ? calculatedValue?.numeric : field.values[rowIndex];
  switch (form) {
    case 'time':
      return String(frame.fields.find(({ type }) => type === FieldType.time)?.values[rowIndex ?? 0] ?? '');
    case 'text':
      return rowIndex === undefined && calculatedValue !== undefined
        ? formattedValueToString(calculatedValue)
        : textOf(field, value);
    case undefined:
    case 'raw':
    case 'numeric':
      return String(value);
    default:
      return undefined;
  }
}

/**
 * Fills Grafana's macros for the point that a data link starts from: `${__data.fields.x}`, `${__field.labels.x}`, `${__value.raw}`
 * and so on. What cannot be found stays as it is, to be seen.
 * @param encode what is done to each value, such as percent-encoding in addresses.
 */
export function fillMacros(text: string, context: Context, encode: (value: string) => string): string {
  return text.replace(MACRO, (macro, kind: string, path: string) => {
    const steps = parts(path);
    const found =
      kind === 'data'
        ? ofRow(context, steps)
        : kind === 'field'
          ? ofField(context, steps)
          : kind === 'series'
            ? (context.frame.name ?? getFieldDisplayName(context.field, context.frame))
            : ofValue(context, steps);
    return found === undefined ? macro : encode(found);
  });
}
