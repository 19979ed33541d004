import { namesIn } from './interpolate.ts';
import type { Variable } from './variable.ts';
import { textsOf } from './variable-query.ts';

/** Names of the variables that this one's options depend on, each once. */
export function dependsOn(variable: Variable): string[] {
  if (variable.kind === 'datasource') return namesIn(variable.regex);
  if (variable.kind !== 'query') return [];
  return namesIn([...textsOf(variable.query), variable.regex, variable.datasource ?? ''].join(' '));
}

/** Variables in an order in which each comes after those that it depends on. */
export interface OrderedVariables {
  /** All of them; those that wait for a cycle come last, as the dashboard lists them. */
  readonly variables: readonly Variable[];
  /** One message for each variable that depends on itself. */
  readonly problems: readonly string[];
}

/** Whether a variable depends on itself, directly or by way of others. */
function isCyclic(variable: Variable, byName: ReadonlyMap<string, Variable>): boolean {
  const seen = new Set<string>();
  const open = dependsOn(variable);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const next = byName.get(name);
    if (next === undefined || seen.has(name)) continue;
    seen.add(name);
    open.push(...dependsOn(next));
  }
  return seen.has(variable.name);
}

/** Orders variables by what they depend on, and otherwise as the dashboard does. */
export function inOrder(variables: readonly Variable[]): OrderedVariables {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const done = new Set<string>();
  const isReady = (variable: Variable): boolean =>
    dependsOn(variable).every((name) => done.has(name) || !byName.has(name));
  const ordered: Variable[] = [];
  let waiting = [...variables];
  for (let ready = waiting.find(isReady); ready !== undefined; ready = waiting.find(isReady)) {
    const next = ready;
    ordered.push(next);
    done.add(next.name);
    waiting = waiting.filter((variable) => variable !== next);
  }
  const cyclic = waiting.filter((variable) => isCyclic(variable, byName));
  return {
    variables: [...ordered, ...waiting],
    problems: cyclic.map(({ name }) => `variable "${name}" depends on itself`),
  };
}
