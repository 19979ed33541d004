import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../bench/generate.ts';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import { SOURCE_IDS, type SourceId } from '../../bench/sources/index.ts';
import { scrapesOf } from '../../bench/timeline.ts';
import { generate } from '../support/generate.ts';
import { metricsOf } from '../support/promql.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';

const STEP = 30;
const DURATION = 600;

/** Where the series of flow sources begin their names. Everything else in a runbook is a record, or from another exporter. */
const OF_SOURCES = /^(?:hubble|obi|beyla|netobserv|networkobservability|controlplane_networkobservability)_/;

/** A query of a runbook, and the sources that the sentence above it names. */
interface Query {
  readonly runbook: string;
  readonly query: string;
  readonly sources: readonly string[];
}

/** The queries on series of flow sources in a runbook, each with what stands above it, down from the block before. */
function queriesIn(runbook: string, markdown: string): readonly Query[] {
  const [text = '', ...parts] = markdown.split(/^ *```promql\n/m);
  let above = text;
  return parts.flatMap((part) => {
    const [query = '', ...rest] = part.split(/^ *```$/m);
    const paragraphs = (above.split(/^ *```$|```\n/m).at(-1) ?? '').split('\n\n');
    const lead = paragraphs.findLast((paragraph) => paragraph.trim() !== '') ?? '';
    above = rest.join('```\n');
    const named = SOURCE_IDS.filter((id) => lead.includes(`\`${id}\``));
    return metricsOf(query).some((metric) => OF_SOURCES.test(metric)) ? [{ runbook, query, sources: named }] : [];
  });
}

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);
const queries = readdirSync(FOLDER).flatMap((file) => queriesIn(file, readFileSync(new URL(file, FOLDER), 'utf8')));

/** The query as an engineer changes it: names of nodes and namespaces are examples, and Beyla's names are OBI's with another prefix. */
const changed = (query: string, id: SourceId): string =>
  (id === 'beyla' ? query.replaceAll('obi', 'beyla') : query).replaceAll(/(\w+)="(?:ip-10-0-1-2|shop)"/g, '$1=~".+"');

/** What the generated values make Hubble count of TCP: nothing without the entry, and no pods without their context. */
function tcpFlags(id: SourceId): readonly InputSeries[] {
  const values = generate({ flows: { source: id } }).artifacts.filter(({ kind }) => kind === 'helm-values');
  const entry = values.flatMap(({ text }) => /^ *- "?(tcp(?::[^"\n]*)?)"?$/m.exec(text)?.[1] ?? [])[0];
  if (entry === undefined) return [];
  const source = entry.includes('source_pod,source_namespace') ? 'source_pod="web-1", source_namespace="shop", ' : '';
  // Upstream: Cilium, pkg/hubble/metrics/tcp/handler.go.
  const series = `hubble_tcp_flags_total{${source}flag="SYN", family="IPv4", node="a", instance="a", cluster="production"}`;
  return [{ series, values: `0+60x${DURATION / STEP}` }];
}

const cluster = generateCluster({ seed: 5, name: 'production', nodes: 3, pods: 12 });

test('every query on series of flow sources says for which sources it is', () => {
  expect(queries.length).toBeGreaterThan(10);
  expect(queries.filter(({ sources }) => sources.length === 0)).toEqual([]);
});

test('a query without a source, and one that another source answers, would be seen', () => {
  const block = (lead: string) => `${lead}\n\n\`\`\`promql\nsum(rate(hubble_lost_events_total[5m]))\n\`\`\`\n`;
  const found = queriesIn('a', `${block('Of `obi`:')}${block('How many?')}`);
  expect(found.map(({ sources }) => sources)).toEqual([['obi'], []]);
});

describe.each([...new Set(queries.flatMap(({ sources }) => sources))])('queries of runbooks for %s', (name) => {
  const id = name as SourceId;
  const mine = queries.filter(({ sources }) => sources.includes(id));

  test('return something from what it exports', async () => {
    const asked = mine.map(({ query }) => changed(query, id));
    const read = new Set(asked.flatMap(metricsOf));
    const scrapes = scrapesOf([{ from: 0, cluster }], { sources: [id], dns: true });
    const input = samplesOf(scrapes, { step: STEP, duration: DURATION })
      .filter(({ labels }) => read.has(labels['__name__'] ?? ''))
      .map(promtoolSeries);
    const promql_expr_test = asked.map((query) => ({
      expr: `count(${query}) > bool 0`,
      eval_time: `${DURATION}s`,
      exp_samples: [{ labels: '{}', value: 1 }],
    }));
    expect(promql_expr_test.length).toBeGreaterThan(0);
    await testRules(
      ['groups: []'],
      [{ name: id, interval: `${STEP}s`, input_series: [...input, ...tcpFlags(id)], promql_expr_test }],
    );
  });
});
