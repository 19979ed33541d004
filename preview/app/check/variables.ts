import type { VariableType } from '@grafana/schema';
import type { VariableJson } from '../model/dashboard-json.ts';
import { inOrder, optionsOf, parseVariable } from '../model/variables.ts';
import { at, type Finding, unknownName } from './finding.ts';
import { referenceFindings } from './references.ts';
import { oneOf } from './shape.ts';

const TYPES = oneOf<VariableType>({
  adhoc: true,
  constant: true,
  custom: true,
  datasource: true,
  groupby: true,
  interval: true,
  query: true,
  snapshot: true,
  switch: true,
  system: true,
  textbox: true,
}).values;

/** Sort orders are 0 to 8. */
const MOST_SORT = 8;

function regexFindings(regex: string | undefined, place: string): Finding[] {
  try {
    optionsOf([''], { regex: regex ?? '' });
    return [];
  } catch (error) {
    return [{ place, message: (error as Error).message }];
  }
}

function kindFindings(json: VariableJson, place: string): Finding[] {
  const unknown = unknownName(at(place, 'type'), 'type', json.type, TYPES);
  if (unknown.length > 0) return unknown;
  const variable = parseVariable(json);
  if (variable.kind === 'unsupported') return [{ place, message: `variable "${json.name}": ${variable.reason}` }];
  if (variable.kind !== 'datasource' || variable.pluginId === 'prometheus') return [];
  const message = `data source type "${variable.pluginId}" is not supported by the preview, expected "prometheus"`;
  return [{ place: at(place, 'query'), message }];
}

function sortFindings({ sort = 0 }: VariableJson, place: string): Finding[] {
  if (Number.isInteger(sort) && sort >= 0 && sort <= MOST_SORT) return [];
  return [{ place, message: `got ${sort}, expected a sort order from 0 to ${MOST_SORT}` }];
}

/** Variables that cannot be drawn, share a name, depend on themselves, or refer to variables that do not exist. */
export function variableFindings(list: readonly VariableJson[], names: ReadonlySet<string>): Finding[] {
  const own = list.flatMap((json, index) => {
    const place = at('templating.list', index);
    const isRepeated = list.findIndex(({ name }) => name === json.name) < index;
    return [
      ...kindFindings(json, place),
      ...(isRepeated ? [{ place: at(place, 'name'), message: `variable "${json.name}" exists twice` }] : []),
      ...regexFindings(json.regex, at(place, 'regex')),
      ...sortFindings(json, at(place, 'sort')),
      ...(['query', 'regex', 'datasource'] as const).flatMap((key) =>
        referenceFindings(json[key], at(place, key), names),
      ),
    ];
  });
  const cycles = inOrder(list.map(parseVariable)).problems;
  return [...own, ...cycles.map((message) => ({ place: 'templating.list', message }))];
}
