import type { VariableJson } from './dashboard-json.ts';
import { ALL, type Variable, type VariableKind, type VariableSort } from './variable.ts';
import { listedOptions } from './variable-options.ts';
import { parseVariableQuery } from './variable-query.ts';

const HIDDEN = ['nothing', 'label', 'variable'] as const;

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const sortOf = (sort: number | undefined): VariableSort =>
  sort !== undefined && Number.isInteger(sort) && sort >= 0 && sort <= 8 ? (sort as VariableSort) : 0;

/** The uid of a data source: an object in new dashboards, a text in old ones. */
function uidOf(datasource: unknown): string | undefined {
  if (typeof datasource === 'string') return datasource;
  const uid = (datasource as { readonly uid?: unknown } | null | undefined)?.uid;
  return typeof uid === 'string' ? uid : undefined;
}

/** What the dashboard was saved with; old dashboards say "All" for all. */
function currentOf({ current }: VariableJson): readonly string[] | undefined {
  const values = [current?.value ?? []].flat().filter((value) => typeof value === 'string');
  return values.length === 0 ? undefined : values.map((value) => (value === 'All' ? ALL : value));
}

function intervals(json: VariableJson): VariableKind {
  if (json['auto'] === true)
    return { kind: 'unsupported', reason: 'the choice "auto" of an interval is not supported' };
  return { kind: 'interval', options: listedOptions(textOr(json.query, '').replaceAll('"', '')) };
}

function kindOf(json: VariableJson): VariableKind {
  const regex = json.regex ?? '';
  const query = textOr(json.query, '');
  switch (json.type) {
    case 'datasource':
      return { kind: 'datasource', pluginId: query, regex };
    case 'query':
      return {
        kind: 'query',
        query: parseVariableQuery(json.query),
        regex,
        sort: sortOf(json.sort),
        datasource: uidOf(json['datasource']),
      };
    case 'custom':
      if (json['valuesFormat'] === 'json')
        return { kind: 'unsupported', reason: 'custom values in JSON are not supported' };
      return { kind: 'custom', options: listedOptions(query) };
    case 'interval':
      return intervals(json);
    case 'textbox':
      return { kind: 'textbox', value: query };
    case 'constant':
      return { kind: 'constant', value: query };
    default:
      return { kind: 'unsupported', reason: `type "${json.type}" is not supported` };
  }
}

function kindOrReason(json: VariableJson): VariableKind {
  try {
    return kindOf(json);
  } catch (error) {
    return { kind: 'unsupported', reason: (error as Error).message };
  }
}

/** A variable out of a dashboard's JSON. One that cannot be drawn, or whose query cannot be read, is `unsupported` and says why. */
export const parseVariable = (json: VariableJson): Variable => ({
  name: json.name,
  label: json.label === undefined || json.label === '' ? json.name : json.label,
  description: json.description ?? '',
  hide: HIDDEN[json.hide ?? 0] ?? 'nothing',
  multi: json.multi ?? false,
  includeAll: json.includeAll ?? false,
  allValue: json.allValue === null || json.allValue === '' ? undefined : json.allValue,
  // Nothing can be asked of a data source that is not there, such as one in an address copied from Grafana.
  allowCustomValue: json['allowCustomValue'] !== false && json.type !== 'datasource',
  current: currentOf(json),
  ...kindOrReason(json),
});
