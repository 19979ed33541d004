import { parseLabels, type RecordedSeries } from '../shared/recording.ts';

/** Values of all series of one page, by `metric{labels}` as the page has it. */
export type Page = ReadonlyMap<string, number>;

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{.*\})?) (\S+)(?: \d+)?$/;

/** Reads a page in the text format of Prometheus; comments and what is no number are left out. */
export function parsePage(text: string): Page {
  const page = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, series, value] = LINE.exec(line) ?? [];
    if (series !== undefined && Number.isFinite(Number(value))) page.set(series, Number(value));
  }
  return page;
}

/** By how much each series rose, those that are new from 0. A counter that fell began again. */
export const changes = (before: Page, after: Page): Page =>
  new Map(
    [...after].flatMap(([series, value]): [string, number][] => {
      const old = before.get(series) ?? 0;
      const change = value < old ? value : value - old;
      return change === 0 ? [] : [[series, change]];
    }),
  );

/** Changes as recordings have them, in the order of their text. */
export const seriesOf = (node: string, changed: Page): readonly RecordedSeries[] =>
  [...changed]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([text, change]) => {
      const [metric = '', rest] = text.split(/\{(.*)\}$/s);
      const labels = parseLabels(rest ?? '');
      return labels === undefined ? [] : [{ node, metric, labels, change }];
    });
