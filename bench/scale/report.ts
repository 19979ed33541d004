import type { Measured } from './measure.ts';
import type { MeasuredMoney, MoneyCost } from './money.ts';
import type { MeasuredWorkloads, RuleCost } from './workloads.ts';

const seconds = (value: number): string => `${value.toFixed(2)} s`;
const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const times = (value: number): string => `${value >= 100 ? Math.round(value).toString() : value.toFixed(2)} x`;
const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** A table in Markdown, columns padded. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** The figures of a run as Markdown; every ratio is of this run. */
export function report(pods: number, measured: Measured): string {
  const { floor, ours, published, panels, loaded } = measured;
  const all = ours.reduce((sum, group) => sum + group.seconds, 0);
  const ratio = (value: number) => times(value / floor.seconds);
  const slowest = ours.flatMap((group) => group.rules).toSorted((a, b) => b.seconds - a.seconds);
  return [
    `${count(pods)} pods, ${count(measured.countedSeries)} flow series that the rules read, ${count(loaded.flowSeries)} with all observations of a ` +
      `packet, ${count(loaded.otherSeries)} other series; Prometheus holds ${count(measured.headSeries)} series in ` +
      `${(measured.residentBytes / 2 ** 30).toFixed(1)} GiB. Medians.`,
    '',
    ...table(
      ['rules', 'seconds', 'of the floor'],
      [
        ['floor: sum by (pair) (rate(flows)), recorded', seconds(floor.seconds), times(1)],
        ...ours.map((group) => [`group ${group.name}`, seconds(group.seconds), ratio(group.seconds)]),
        ['all generated groups', seconds(all), ratio(all)],
        ['the published rules (a rate for each flow series)', seconds(published.seconds), ratio(published.seconds)],
        ...slowest.slice(0, 5).map((rule) => [`  of ours: ${rule.name}`, seconds(rule.seconds), ratio(rule.seconds)]),
      ],
    ),
    '',
    ...table(
      ['panel of zone-traffic', 'ours', 'bare selectors', 'ratio', 'samples'],
      panels.map(({ key, ours: own, bare, recorded }) => [
        recorded ? key : `${key} (reads raw flows of a namespace)`,
        milliseconds(own.milliseconds),
        milliseconds(bare.milliseconds),
        times(own.milliseconds / bare.milliseconds),
        count(own.samples),
      ]),
    ),
    '',
    ...table(
      ['published panel, on its records', 'theirs', 'ours', 'faster', 'samples'],
      measured.publishedPanels.map(({ title, theirs, ours: own }) => [
        title,
        milliseconds(theirs.milliseconds),
        milliseconds(own),
        times(theirs.milliseconds / own),
        count(theirs.samples),
      ]),
    ),
    '',
  ].join('\n');
}

const spent = (costs: readonly RuleCost[]): number => costs.reduce((sum, one) => sum + one.milliseconds, 0);

/** What rules cost within `rules.interval`. */
const paced = (costs: readonly RuleCost[]): number =>
  costs.reduce((sum, { milliseconds: each, pace }) => sum + each * pace, 0);

/** The figures of the rules on resources of workloads as Markdown. Identities are not theirs: with flows they are there anyway. */
export function reportWorkloads(pods: number, { loaded, floor, ours }: MeasuredWorkloads): string {
  const row = (name: string, costs: readonly RuleCost[]) => [
    name,
    milliseconds(spent(costs)),
    times(spent(costs) / spent(floor)),
    times(paced(costs) / spent(floor)),
  ];
  const own = ours.filter(({ group }) => group !== 'azimuth-identity');
  return [
    `${count(pods)} pods, ${count(loaded.otherSeries)} series. The least of all runs of each rule.`,
    '',
    ...table(
      ['rules', 'one evaluation', 'of the floor', 'at its interval'],
      [
        row('floor: sum by (pod) of each metric that they read', floor),
        row(
          '  of it: rates of counters',
          floor.filter(({ name }) => name.endsWith('rate')),
        ),
        ...[...new Set(ours.map(({ group }) => group))].map((name) =>
          row(
            `group ${name}`,
            ours.filter(({ group }) => group === name),
          ),
        ),
        row('all generated groups but identities', own),
        ...own
          .toSorted((a, b) => b.milliseconds - a.milliseconds)
          .slice(0, 5)
          .map((rule) => row(`  of ours: ${rule.name}`, [rule])),
      ],
    ),
    '',
  ].join('\n');
}

/** The figures of money as Markdown: what each panel takes, all of its queries together, and what each rule takes once an hour. */
export function reportMoney(pods: number, { workloadPairs, workloads, panels, rules }: MeasuredMoney): string {
  const rows = (costs: readonly MoneyCost[]) =>
    costs
      .toSorted((a, b) => b.milliseconds - a.milliseconds)
      .map(({ name, milliseconds: took, samples }) => [name, milliseconds(took), count(samples)]);
  return [
    `${count(pods)} pods, ${count(workloadPairs)} pairs of workloads and ${count(workloads)} workloads with traffic across zones, a month of hours. The least of several runs.`,
    '',
    ...table(['panel of zone-cost', 'takes', 'samples'], rows(panels)),
    '',
    ...table(['rule of azimuth-network-cost-month, once an hour', 'takes', 'samples'], rows(rules)),
  ].join('\n');
}
