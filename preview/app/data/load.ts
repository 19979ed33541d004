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
import type { AnnotationJson, PanelJson, TargetJson } from '../model/dashboard-json.ts';
import { interpolate, type Scope } from '../model/interpolate.ts';
import { parseDuration } from '../model/duration.ts';
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
  /** The dashboard's annotations. */
  readonly annotations: readonly AnnotationJson[];
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

/** A mark on a graph, at a time in Unix milliseconds. */
export interface Mark {
  readonly time: number;
  readonly title: string;
  readonly text: string;
  readonly colour: string;
}

/** Points of a range that Prometheus still answers. */
const MOST_POINTS = 11_000;

/** What the dashboard's annotations mark within the time range: the first of neighbouring values, as Grafana makes one mark of them. */
export async function loadMarks(panel: PanelJson, context: LoadContext, signal: AbortSignal): Promise<readonly Mark[]> {
  const [start, end] = [context.from / 1000, context.to / 1000];
  const asked = context.annotations.map(async ({ enable, expr, step = '60s', iconColor = 'red', ...formats }) => {
    if (enable === false || expr === undefined) return [];
    const every = Math.max(parseDuration(step) / 1000, Math.ceil((end - start) / MOST_POINTS));
    const query = interpolate(expr, scopeOf(panel, context), 'query');
    const elements = await queryRange(query, { start: Math.floor(start / every) * every, end, step: every }, signal);
    return elements.flatMap(({ metric, values = [] }): readonly Mark[] =>
      values
        .map(([seconds]) => seconds)
        .filter((seconds, index, all) => index === 0 || seconds - (all[index - 1] ?? 0) > every)
        .map((seconds) => ({
          time: seconds * 1000,
          title: labelled(formats.titleFormat ?? '', metric),
          text: labelled(formats.textFormat ?? '', metric),
          colour: iconColor,
        })),
    );
  });
  return (await Promise.all(asked)).flat();
}

const labelled = (format: string, metric: Readonly<Record<string, string>>): string =>
  format.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');

/** A title or a text with the variables filled in as people read them. */
export const fillText = (text: string, panel: PanelJson, context: LoadContext): string =>
  interpolate(text, scopeOf(panel, context), 'text');
