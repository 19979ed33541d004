import { isAliveAt, type Labels, type Lifetime, type MetricFamily, type Series, valueAt } from './model.ts';

/** A page whose label part is already written: rendering it only computes the values. */
export interface Exposition {
  /** The page `seconds` after the start. */
  render(seconds: number): string;
}

interface Line extends Lifetime {
  readonly prefix: string;
  readonly start: number;
  readonly perSecond: number;
  readonly isFractional: boolean;
}

/**
 * Writes everything but the values of a page in the Prometheus text format, version 0.0.4: families by name, series by
 * their labels, labels by name. Families without series are left out, as client libraries do, and so are series outside
 * of their lifetime.
 */
export function prepareExposition(families: readonly MetricFamily[]): Exposition {
  const blocks = families
    .filter(({ series }) => series.length > 0)
    .toSorted((left, right) => compare(left.name, right.name))
    .map((family) => ({
      head: `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`,
      lines: family.series.map(toLine).toSorted((left, right) => compare(left.prefix, right.prefix)),
    }));

  return {
    render: (seconds) =>
      blocks
        .map(({ head, lines }) => {
          const body = lines.map((line) => renderLine(line, seconds)).join('');
          return body === '' ? '' : head + body;
        })
        .join(''),
  };
}

/** Renders families as they are `seconds` after the start, in the Prometheus text format. */
export function renderExposition(families: readonly MetricFamily[], seconds: number): string {
  return prepareExposition(families).render(seconds);
}

function toLine({ metric, labels, start, perSecond, isFractional = false, from = 0, until = Infinity }: Series): Line {
  return { prefix: `${metric}${renderLabels(labels)} `, start, perSecond, isFractional, from, until };
}

function renderLine(line: Line, seconds: number): string {
  return isAliveAt(line, seconds) ? `${line.prefix}${valueAt(line, seconds)}\n` : '';
}

function renderLabels(labels: Labels): string {
  const names = Object.keys(labels).toSorted(compare);
  if (names.length === 0) return '';
  return `{${names.map((name) => `${name}="${escapeLabelValue(labels[name] ?? '')}"`).join(',')}}`;
}

function escapeLabelValue(value: string): string {
  // Almost no value needs it, and large clusters have millions of them.
  return /[\\\n"]/.test(value) ? escapeHelp(value).replaceAll('"', '\\"') : value;
}

/** HELP texts escape backslashes and line feeds, but not quotes. */
function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** By code unit, so that the order does not depend on the locale of the machine. */
function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
