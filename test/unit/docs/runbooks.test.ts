import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type AlertingRule, isRecording, loadConfig, type RecordingRule, ruleName } from '../../../generators/index.ts';
import { syntaxProblem } from '../../../generators/promql/index.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { blocks } from '../../support/markdown.ts';
import { metricsOf } from '../../support/promql.ts';
import { conditionOf, EXPORTED, statedCondition } from '../../support/runbooks.ts';

const FOLDER = new URL('../../../docs/runbooks/', import.meta.url);

/** What an on-call engineer looks for, in the order in which it is needed. */
const SECTIONS = [
  'What it means',
  'Impact',
  'First five minutes',
  'Likely causes',
  'Mitigations',
  'Tuning',
  'When it is noise',
  'Known blind spots',
  'Sources',
];

// With a filter of zones, NodeLocal DNSCache, Cilium and a control plane of one's own all alerts exist, and with ranges all records that runbooks query.
const { config, bundle } = generate({
  zones: { valid: '.+' },
  cluster: { cidrs: ['10.0.0.0/16'] },
  nodeLocalDns: { scrape: true },
  cilium: { health: 'always' },
  controlPlane: { managed: false, alerts: true },
});
// Where bytes are counted, there is money.
const money = generate({ flows: { source: 'obi' }, cost: { budgetPerMonth: 500 } });
const rulesOf = (one: typeof bundle) => one.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const others = new Set(rulesOf(bundle).map((rule) => ruleName(rule)));
const rules = [...rulesOf(bundle), ...rulesOf(money.bundle).filter((rule) => !others.has(ruleName(rule)))];
const records = new Set(rules.filter((rule): rule is RecordingRule => isRecording(rule)).map(({ record }) => record));
const alerts = rules.filter((rule): rule is AlertingRule => !isRecording(rule));
const names = [...new Set(alerts.map(({ alert }) => alert))];

const read = (alert: string): string => readFileSync(new URL(`${alert}.md`, FOLDER), 'utf8');

/** Cells of the rows of a runbook's table of tiers. */
const tiersIn = (markdown: string): string[][] =>
  [...markdown.matchAll(/^\| (?:critical|warning|info) .*\|$/gm)].map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** The tiers of an alert. */
const tiersOf = (name: string) => alerts.filter(({ alert }) => alert === name);

test('a condition that is another would be seen', () => {
  const isStated = (words: string, expr: string) =>
    JSON.stringify(statedCondition(words)) === JSON.stringify(conditionOf(expr, '5m'));
  const right = [
    ['more than 10 % of b', 'a > 0.1'],
    ['more than 0.1 of b', 'a / (b > 0)\n > 0.1'],
    ['less than 0.5 of b, or more than 2 of it', 'a < 0.5\nor\n(a > 2),\n"unit"'],
    ['more than 7 c within 5m', 'a * 300 > 7'],
    ['more than 7 c within 15m', 'sum(increase(a{b="[.]"}[15m])) > 7'],
  ] as const;
  const wrong = [
    ...['less than 10 % of b', 'more than 1 % of b', 'more than 0.10 of b', 'more than 0.1 within 5m'].map(
      (words) => [words, 'a > 0.1'] as const,
    ),
    ['less than 0.5 of b, or more than 3 of it', 'a < 0.5\nor\n(a > 2),'],
    ['less than 0.5 of b', 'a < 0.5\nor\n(a > 2),'],
    ['more than 7 c', 'a * 300 > 7'],
    ['more than 7 c within 6m', 'a * 300 > 7'],
  ] as const;
  expect(right.filter(([words, expr]) => !isStated(words, expr))).toEqual([]);
  expect(wrong.filter(([words, expr]) => isStated(words, expr))).toEqual([]);
});

test('every alert has a runbook, and every runbook an alert', () => {
  const files = readdirSync(FOLDER).toSorted((a, b) => a.localeCompare(b, 'en'));
  expect(files).toEqual(names.map((name) => `${name}.md`).toSorted((a, b) => a.localeCompare(b, 'en')));
});

test('every alert links to its runbook', () => {
  const urls = alerts.map(({ alert, annotations }) => [alert, annotations['runbook_url']]);
  expect(urls).toEqual(alerts.map(({ alert }) => [alert, `docs/runbooks/${alert}.md`]));
});

describe.each(names)('%s', (name) => {
  const markdown = read(name);
  const queries = blocks(markdown, 'promql');
  const snippets = blocks(markdown, 'yaml');

  test('is the heading, and nothing is left out below it', () => {
    expect(markdown.startsWith(`# ${name}\n`)).toBe(true);
    expect([...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
  });

  test('has the tiers that the runbook states', () => {
    const stated = tiersIn(markdown);
    const tiers = tiersOf(name);
    expect(stated.map(([severity, , ...times]) => [severity, ...times])).toEqual(
      tiers.map(({ labels, for: pending, keepFiringFor }) => [labels.severity, pending, keepFiringFor]),
    );
    expect(stated.map(([, words = '']) => statedCondition(words))).toEqual(
      tiers.map(({ expr }) => conditionOf(expr.text, config.rules.window)),
    );
  });

  test('has queries that are PromQL', () => {
    expect(queries.length).toBeGreaterThan(2);
    expect(queries.map((query) => syntaxProblem(query))).toEqual(queries.map(() => undefined));
  });

  test('asks only for series that exist', () => {
    const unknown = queries.flatMap(metricsOf).filter((metric) => !records.has(metric) && !EXPORTED.has(metric));
    expect(unknown).toEqual([]);
    expect(queries.flatMap(metricsOf).some((metric) => records.has(metric))).toBe(true);
  });

  test('shows configuration that is valid and changes this alert', () => {
    const changes = snippets.map((snippet) => loadConfig(name, snippet, catalogue).alerts);
    expect(changes.map((change) => Object.keys(change))).toEqual([[name]]);
  });

  // Where an alert is about a node, its driver knows; where it is about the data, the API does.
  const source = name.includes('Allowance')
    ? /kubectl debug "node\/\$NODE" [\s\S]*ethtool -S ens5 \| grep /
    : /^kubectl /m;
  test('says how to ask the source itself', () => {
    expect(blocks(markdown, 'sh').join('\n')).toMatch(source);
  });

  test('has every block in a language that is looked at here', () => {
    const fences = [...markdown.matchAll(/^ *```(\w*)$/gm)].map(([, language]) => language);
    expect(fences.filter((_, index) => index % 2 === 1)).toEqual(fences.filter((_, i) => i % 2 === 1).map(() => ''));
    expect(new Set(fences)).toEqual(new Set(['', 'promql', 'sh', 'yaml']));
  });
});
