import { isRecording, type AlertingRule, type RecordingRule } from '../model/rules.ts';
import type { SourceNote } from '../model/bundle.ts';
import type { Config } from '../registry.ts';
import { noCost, priceOf, wholeBook } from '../build/money.ts';
import { buildFor, type Flags, type Io } from './context.ts';
import { columns, skippedName } from './messages.ts';

const RECORD_KEYS = ['record', 'labels', 'unit', 'cardinality', 'comment'] as const;
const pendingOf = ({ for: pending }: AlertingRule): string => (pending === '0s' ? 'at once' : `after ${pending}`);

/** Flow sources with their units, granularity, selections and blind spots. */
const sourceLines = (sources: readonly SourceNote[]): readonly string[] =>
  sources.flatMap(({ id, chosen, units, granularity, select, selections, deduplication, blindSpots }) => [
    `flow source ${id}${chosen ? ' *' : ''}`,
    `  counts: ${units.join(', ')}`,
    `  granularity: ${granularity}`,
    `  flows.select: ${select}${selections.length > 1 ? ` (of ${selections.join(', ')})` : ''}`,
    `  ${deduplication}`,
    ...blindSpots.map((spot) => `  does not see: ${spot}`),
  ]);

const PRICES = {
  egressPerGB: 'to a zone',
  ingressPerGB: 'from a zone',
  crossRegionPerGB: 'to a region',
  natPerGB: 'by NAT',
  internetPerGB: 'to the internet',
} as const;

/** The prices of a configuration, and the book that they come from. A price that no public source gives is a dash. */
function priceLines(config: Config): readonly string[] {
  const { source, ...price } = priceOf(config);
  const fields = Object.keys(PRICES) as (keyof typeof PRICES)[];
  const cells = (of: Partial<Record<keyof typeof PRICES, number>>) => fields.map((field) => String(of[field] ?? '-'));
  const book = wholeBook();
  const sources = [...new Set(book.map((entry) => `${entry.provider}: ${entry.source}`))];
  return [
    'prices of this configuration',
    ...columns([
      ['per GB', ...Object.values(PRICES), 'currency', 'as of'],
      ['', ...cells(price), price.currency, price.asOf],
    ]),
    `  ${noCost(config) ?? source}`,
    'price book, before any discount',
    ...columns([
      ['cloud', 'region', ...Object.values(PRICES), 'currency', 'as of'],
      ...book.map((entry) => [entry.provider, entry.region, ...cells(entry), entry.currency, entry.asOf]),
    ]),
    ...sources.map((text) => `  ${text}`),
    '  A dash: no public source gives it, or it depends on more than the region. cloud.price takes your own.',
  ];
}

/** Lists artifacts, recorded series, alerts and dashboards, the parts that are left out, and warnings. */
export async function listCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, bundle, config, warnings } = await buildFor(io, flags);
  if (flags.prices) {
    const data = { prices: priceOf(config), book: wholeBook() };
    io.stdout(flags.json ? `${JSON.stringify(data, null, 2)}\n` : `${priceLines(config).join('\n')}\n`);
    return 0;
  }
  if (flags.sources) {
    const lines = [...sourceLines(bundle.sources), '* read by this configuration'];
    io.stdout(flags.json ? `${JSON.stringify({ sources: bundle.sources }, null, 2)}\n` : `${lines.join('\n')}\n`);
    return 0;
  }
  const rules = bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const records: readonly RecordingRule[] = rules.filter(isRecording);
  const alerts = rules.filter((rule): rule is AlertingRule => !isRecording(rule));
  const dashboards = bundle.dashboards.map(({ uid, title, sections }) => ({
    uid,
    title,
    panels: sections.flatMap(({ panels }) => panels.map(({ key, panel }) => ({ key, title: panel.title }))),
  }));
  if (flags.json) {
    const data = {
      artifacts: artifacts.map(({ path, kind }) => ({ path, kind })),
      records: records.map((rule) => Object.fromEntries(RECORD_KEYS.map((key) => [key, rule[key]]))),
      alerts: alerts.map(({ alert, labels, for: pending, annotations }) => ({
        alert,
        severity: labels.severity,
        for: pending,
        summary: annotations.summary,
      })),
      dashboards,
      sources: bundle.sources,
      skipped: bundle.skipped,
      warnings,
    };
    io.stdout(`${JSON.stringify(data, null, 2)}\n`);
    return 0;
  }
  const lines = [
    'artifacts',
    ...columns(artifacts.map(({ kind, path }) => [kind, path])),
    ...sourceLines(bundle.sources.filter(({ chosen }) => chosen)),
    'recorded series',
    ...columns(records.map(({ record, unit, cardinality, labels }) => [record, unit, cardinality, labels.join(', ')])),
    'alerts',
    ...columns(alerts.map((rule) => [rule.alert, rule.labels.severity, pendingOf(rule), rule.annotations.summary])),
    'dashboards and their panels',
    ...columns(
      dashboards.flatMap(({ uid, panels }) => panels.map(({ key, title }) => [uid, key, title.replaceAll('\n', ' ')])),
    ),
    ...(bundle.skipped.length === 0
      ? []
      : ['left out', ...columns(bundle.skipped.map((part) => [skippedName(part), part.reason]))]),
    ...(['no effect', 'doubtful'] as const).flatMap((kind) => {
      const rows = warnings.filter((warning) => warning.kind === kind);
      return rows.length === 0
        ? []
        : [kind, ...columns(rows.map(({ settings, reason }) => [settings.join(', '), reason]))];
    }),
  ];
  io.stdout(`${lines.join('\n')}\n`);
  return 0;
}
