import { interpolate, type Scope } from '../model/interpolate.ts';
import { optionsOf, type Variable, type VariableOption, type VariableQuery } from '../model/variables.ts';
import { seriesNotation } from '../model/legend.ts';
import { ask, queryInstant } from './prometheus.ts';

/** The one data source that the preview has, by the type of its plugin. */
const DATA_SOURCE: VariableOption = { value: 'prometheus', text: 'Prometheus' };

/** The time range whose series count, in Unix milliseconds. */
interface Range {
  readonly from: number;
  readonly to: number;
}

async function valuesOf(query: VariableQuery, scope: Scope, { from, to }: Range): Promise<readonly string[]> {
  const fill = (text: string): string => interpolate(text, scope, 'query');
  const range = { start: String(Math.floor(from / 1000)), end: String(Math.ceil(to / 1000)) };
  const matching = (selector: string | undefined) =>
    selector === undefined ? range : { ...range, 'match[]': fill(selector) };
  switch (query.kind) {
    case 'label_values':
      return ask(`label/${encodeURIComponent(fill(query.label))}/values`, matching(query.selector));
    case 'label_names':
      return ask('labels', matching(query.selector));
    case 'metrics': {
      const names = await ask<readonly string[]>('label/__name__/values', range);
      return names.filter((name) => new RegExp(fill(query.pattern)).test(name));
    }
    case 'query_result': {
      const elements = await queryInstant(fill(query.expr), to / 1000);
      return elements.map(
        ({ metric, value }) => `${seriesNotation(metric)} ${value?.[1] ?? ''} ${(value?.[0] ?? 0) * 1000}`,
      );
    }
    default:
      return (await ask<readonly Record<string, string>[]>('series', matching(query.selector))).map(seriesNotation);
  }
}

/**
 * The options of a variable, in the order in which a picker shows them.
 * @throws Error with Prometheus' message.
 */
export async function askOptions(variable: Variable, scope: Scope, range: Range): Promise<readonly VariableOption[]> {
  switch (variable.kind) {
    case 'query':
      return optionsOf(await valuesOf(variable.query, scope, range), variable);
    case 'custom':
    case 'interval':
      return variable.options;
    case 'datasource':
      return variable.pluginId === DATA_SOURCE.value ? [DATA_SOURCE] : [];
    default:
      return [];
  }
}
