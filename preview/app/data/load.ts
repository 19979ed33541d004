import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  type DataFrame,
  type GrafanaTheme2,
  transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { fieldConfigOf, registryOf } from '../grafana/field-config.ts';
import { builtinScope } from '../model/builtins.ts';
import type { PanelJson, TargetJson } from '../model/dashboard-json.ts';
import { interpolate, type Scope } from '../model/interpolate.ts';
import { queryTiming } from '../model/query-timing.ts';
import { framesOf } from './frames.ts';
import { queryInstant, queryRange } from './prometheus.ts';
import { replacer } from './replace.ts';
import { messageOf } from '../model/message.ts';

/** What a panel's data depends on besides the panel. */
export interface LoadContext {
  /** The time range, in Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The dashboard's variables. */
  readonly scope: Scope;
  readonly dashboard: { readonly uid: string; readonly title: string };
  /** The time range as the address has it, such as `now-6h`, for links. */
  readonly raw: { readonly from: string; readonly to: string };
  /** Seconds between two scrapes: no rate looks at less than four of them. */
  readonly scrapeInterval: number;
  /** Width of the panel in px: a range has no more points. */
  readonly width: number;
  readonly theme: GrafanaTheme2;
}

/** Intervals may be variables of the dashboard. */
const filled = (interval: string | undefined, { scope }: LoadContext): string | undefined =>
  interval === undefined ? undefined : interpolate(interval, scope, 'text');

const timingOf = (panel: PanelJson, context: LoadContext, target?: TargetJson) =>
  queryTiming({
    from: context.from,
    to: context.to,
    maxDataPoints: panel.maxDataPoints ?? context.width,
    scrapeInterval: context.scrapeInterval,
    minInterval: filled(panel.interval, context),
    targetInterval: filled(target?.interval, context),
  });

/** The dashboard's variables, and those that Grafana adds, for a query of a panel. */
function scopeOf(panel: PanelJson, context: LoadContext, target?: TargetJson): Scope {
  const { step, scrapeInterval } = timingOf(panel, context, target);
  const { from, to, dashboard, raw, scope } = context;
  const builtins = builtinScope({ from, to, step, scrapeInterval, dashboard, range: raw, variables: scope });
  return new Map([...builtins, ...scope]);
}

async function answer(
  panel: PanelJson,
  target: TargetJson,
  context: LoadContext,
  isOneOfMany: boolean,
  signal: AbortSignal,
) {
  const scope = scopeOf(panel, context, target);
  const timing = timingOf(panel, context, target);
  const expr = interpolate(target.expr ?? '', scope, 'query');
  const isInstant = target.instant === true && target.range !== true;
  const elements = await (
    isInstant ? queryInstant(expr, context.to / 1000, signal) : queryRange(expr, timing, signal)
  ).catch((error: unknown) => {
    throw new Error(`query ${target.refId}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const fill = (text: string): string => interpolate(text, scope, 'text');
  return framesOf(elements, { target, expr, step: timing.step, isOneOfMany, fill });
}

/**
 * Asks a panel's queries, transforms the answers and applies the field settings: what the panel draws.
 * @throws Error that names the query that failed, or the transformation.
 */
export async function loadPanel(panel: PanelJson, context: LoadContext, signal: AbortSignal): Promise<DataFrame[]> {
  const targets = (panel.targets ?? []).filter(({ hide }) => hide !== true);
  const asked = targets.map(async (target) => answer(panel, target, context, targets.length > 1, signal));
  const outcomes = await Promise.allSettled(asked);
  // Of several failures the first in the panel's order, not whichever came first.
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  const replaceVariables = replacer(scopeOf(panel, context));
  const steps = (panel.transformations ?? []).map(({ id, options, ...rest }) => ({
    ...rest,
    id,
    options: options ?? {},
  }));
  const transformed = await lastValueFrom(
    transformDataFrame(steps, answers, { interpolate: (text) => replaceVariables(text) }),
  );
  const drawn = applyFieldOverrides({
    data: transformed,
    fieldConfig: fieldConfigOf(panel),
    fieldConfigRegistry: registryOf(panel),
    replaceVariables,
    theme: context.theme,
    timeZone: 'utc',
  });
  // Tables read the names from this cache; without it they ignore renamed fields.
  cacheFieldDisplayNames(drawn);
  return drawn;
}

/** A title or a text with the variables filled in as people read them. */
export const fillText = (text: string, panel: PanelJson, context: LoadContext): string =>
  interpolate(text, scopeOf(panel, context), 'text');
