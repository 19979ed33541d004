import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isRecording } from '../../../generators/index.ts';
import { EVERY_SOURCE } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { blocks, inlineCode } from '../../support/markdown.ts';
import { metricsOf } from '../../support/promql.ts';
import { EXPORTED } from '../../support/runbooks.ts';

/** Whatever any configuration records. */
const recorded = new Set(
  [{}, ...EVERY_SOURCE].flatMap((given) =>
    generate(given)
      .bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
      .flatMap((rule) => (isRecording(rule) ? [rule.record] : [])),
  ),
);

/** Queries of a block stand apart by an empty line. */
const inBlocks = (markdown: string): string[] =>
  blocks(markdown, 'promql').flatMap((block) => block.split(/\n\s*\n/).filter((query) => query.trim() !== ''));

/** Code in a line that can only be a query: it calls a function of PromQL, or a record has matchers. */
const inLines = (markdown: string): string[] =>
  inlineCode(markdown).filter((code) =>
    /^(sum|count|rate|max|topk)\b[^:[]*\(.+\)$|^\w+:\w+(:\w+)?\{.*".*\}$/.test(code),
  );

const files = readdirSync('docs').filter((name) => name.endsWith('.md'));
const queries = ['README.md', ...files.map((name) => `docs/${name}`)].flatMap((file) => {
  const markdown = readFileSync(file, 'utf8');
  return [...inBlocks(markdown), ...inLines(markdown)].map((query) => [file, query] as const);
});

test('there are queries to look at, in several guides', () => {
  expect(queries.length).toBeGreaterThan(12);
  expect(new Set(queries.map(([file]) => file)).size).toBeGreaterThan(2);
});

test.each(queries)('%s: %s', (_file, query) => {
  const metrics = metricsOf(query);
  expect(metrics.length).toBeGreaterThan(0);
  expect(metrics.filter((metric) => !recorded.has(metric) && !EXPORTED.has(metric))).toEqual([]);
});
