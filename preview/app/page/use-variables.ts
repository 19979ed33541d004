import { useEffect, useMemo, useState } from 'react';
import { askOptions } from '../data/variable-options.ts';
import type { DashboardJson } from '../model/dashboard-json.ts';
import type { Scope, ScopedValue } from '../model/interpolate.ts';
import type { PageProblem } from '../model/page-state.ts';
import {
  inOrder,
  parseVariable,
  scopedValue,
  type Selection,
  selectionOf,
  type Variable,
  type VariableOption,
} from '../model/variables.ts';
import { messageOf } from '../model/message.ts';

/** A variable with what can be chosen of it and what is. */
export interface Resolved {
  readonly variable: Variable;
  readonly options: readonly VariableOption[];
  readonly selection: Selection;
  /** Why its options could not be asked for. */
  readonly error: string | undefined;
}

/** All variables of a dashboard. */
export interface Variables {
  /** In the order of the dashboard. */
  readonly resolved: readonly Resolved[];
  readonly scope: Scope;
}

/** Variables as the page knows them so far. */
export interface KnownVariables extends Variables {
  /** Whether they are those of the address; until then they are those of the address before. */
  readonly isCurrent: boolean;
}

type Wanted = ReadonlyMap<string, readonly string[]>;

async function resolve(
  dashboard: DashboardJson,
  wanted: Wanted,
  range: { readonly from: number; readonly to: number },
): Promise<Variables> {
  const variables = (dashboard.templating?.list ?? []).map(parseVariable);
  const scope = new Map<string, ScopedValue>();
  const resolved = new Map<Variable, Resolved>();
  // A variable's options may depend on those chosen before it.
  for (const variable of inOrder(variables).variables) {
    let options: readonly VariableOption[] = [];
    let error: string | undefined;
    try {
      options = await askOptions(variable, scope, range);
    } catch (reason) {
      error = `variable $${variable.name}: ${messageOf(reason)}`;
    }
    const selection = selectionOf(variable, options, wanted.get(variable.name));
    scope.set(variable.name, scopedValue(variable, selection, options));
    resolved.set(variable, { variable, options, selection, error });
  }
  return { resolved: variables.flatMap((variable) => resolved.get(variable) ?? []), scope };
}

/** Two resolutions that queries cannot tell apart. */
const sameScope = (a: Scope, b: Scope): boolean => JSON.stringify([...a]) === JSON.stringify([...b]);

/** A dashboard's variables for what the address wants; undefined until they are known for the first time. */
export function useVariables(
  dashboard: DashboardJson | undefined,
  wanted: Wanted,
  { from, to }: { readonly from: number; readonly to: number },
): KnownVariables | undefined {
  const [known, setKnown] = useState<{ readonly of: string; readonly variables: Variables }>();
  const key = JSON.stringify([dashboard?.uid, [...wanted]]);
  const asked = useMemo(() => wanted, [key]);

  useEffect(() => {
    if (dashboard === undefined) return undefined;
    let isCurrent = true;
    const run = async (): Promise<void> => {
      const variables = await resolve(dashboard, asked, { from, to });
      if (!isCurrent) return;
      // The same scope again would make every panel ask again.
      setKnown((before) =>
        before?.of === key && sameScope(before.variables.scope, variables.scope)
          ? { of: key, variables: { ...variables, scope: before.variables.scope } }
          : { of: key, variables },
      );
    };
    void run();
    return () => {
      isCurrent = false;
    };
  }, [dashboard, asked, key, from, to]);

  return useMemo(() => known && { ...known.variables, isCurrent: known.of === key }, [known, key]);
}

/** What went wrong with the variables, for the page's report. */
export const variableProblems = ({ resolved }: Variables): readonly PageProblem[] =>
  resolved.flatMap(({ error }) => (error === undefined ? [] : [{ panel: null, message: error }]));
