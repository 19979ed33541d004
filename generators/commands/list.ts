import { isRecording, type AlertingRule, type RecordingRule } from '../model/rules.ts';
import { makeBuild, type Flags, type Io } from './context.ts';

/** Text in columns; the last one is not padded. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

const pendingOf = ({ for: pending }: AlertingRule): string => (pending === '0s' ? 'at once' : `after ${pending}`);

/** Shows what a configuration generates: artifacts, recorded series, alerts, dashboards, and what is left out. */
export async function listCommand(io: Io, flags: Flags): Promise<number> {
  const { artifacts, bundle } = await makeBuild(io, flags);
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
      records: records.map(({ record, labels, unit, comment }) => ({ record, labels, unit, comment })),
      alerts: alerts.map(({ alert, labels, for: pending, annotations }) => ({
        alert,
        severity: labels.severity,
        for: pending,
        summary: annotations.summary,
      })),
      dashboards,
      sources: bundle.sources,
      omissions: bundle.omissions,
    };
    io.stdout(`${JSON.stringify(data, null, 2)}\n`);
    return 0;
  }
  const lines = [
    'artifacts',
    ...columns(artifacts.map(({ kind, path }) => [kind, path])),
    ...bundle.sources.flatMap(({ id, unit, countOnce, blindSpots }) => [
      `flow source ${id}, in ${unit}`,
      `  ${countOnce}`,
      ...blindSpots.map((spot) => `  does not see: ${spot}`),
    ]),
    'recorded series',
    ...columns(records.map(({ record, unit, labels }) => [record, unit, labels.join(', ')])),
    'alerts',
    ...columns(alerts.map((rule) => [rule.alert, rule.labels.severity, pendingOf(rule), rule.annotations.summary])),
    'dashboards and their panels',
    ...columns(
      dashboards.flatMap(({ uid, panels }) => panels.map(({ key, title }) => [uid, key, title.replaceAll('\n', ' ')])),
    ),
    ...(bundle.omissions.length === 0
      ? []
      : ['left out', ...columns(bundle.omissions.map(({ what, reason }) => [what, reason]))]),
  ];
  io.stdout(`${lines.join('\n')}\n`);
  return 0;
}
