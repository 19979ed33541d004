import { leavesOf, shown, withValue, type Leaf, type Path } from '../shared/tree.ts';

/**
 * Parts that a chart passes on as they are, by chart. They hold hundreds of texts, and each is replaced by a word of its own in one
 * render: a word that comes out is a leaf with an effect. Those that do not come out are looked at one by one like all others, so a
 * wrong entry here costs time and proves nothing wrongly.
 */
const VERBATIM: Readonly<Record<string, readonly Path[]>> = {
  'kube-prometheus-stack': [
    ['additionalPrometheusRulesMap'],
    ['prometheus', 'prometheusSpec', 'additionalScrapeConfigs'],
  ],
};

const startsWith = (path: Path, start: Path): boolean => start.every((key, index) => path[index] === key);

const wordOf = (index: number): string => `azimuth0token${index}x`;

/** Values in which the texts of the verbatim parts are words, and which leaf each word stands for. */
export interface Tokens {
  readonly values: unknown;
  readonly leaves: readonly Leaf[];
}

/** Undefined where the chart has no verbatim parts, or they have no texts. */
export function tokensOf(chart: string, values: unknown): Tokens | undefined {
  const parts = VERBATIM[chart] ?? [];
  const leaves = leavesOf(values).filter(
    ({ path, value }) => typeof value === 'string' && parts.some((start) => startsWith(path, start)),
  );
  if (leaves.length === 0) return undefined;
  const marked = leaves.reduce((tree, { path }, index) => withValue(tree, path, wordOf(index)), values);
  return { values: marked, leaves };
}

/** Text of Secrets, whose data is written in base64. */
const decoded = (text: string): string =>
  [...text.matchAll(/^ +[^:\n]+: "?([A-Za-z0-9+/]{16,}={0,2})"?$/gm)]
    .map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8'))
    .join('\n');

/** Paths, as they are shown, of the leaves whose words came out. */
export function seen({ leaves }: Tokens, text: string): ReadonlySet<string> {
  const found = [...`${text}\n${decoded(text)}`.matchAll(/azimuth0token(\d+)x/g)].map(([, index]) => Number(index));
  return new Set(found.flatMap((index) => (leaves[index] === undefined ? [] : [shown(leaves[index].path)])));
}
