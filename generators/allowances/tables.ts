import type { Panel } from '../model/dashboard.ts';
import { firing, noneRow } from '../panels/firing.ts';
import { COLOURS, rows } from '../panels/shared.ts';
import { clusterColumn, type Column, table } from '../panels/table.ts';
import { aggregate, duration, either, labels, not, promql, type Query, seconds, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { allowanceSourceSilent, conntrackAllowanceLow, nodeAlerts } from './alerts.ts';
import { exceptNodes } from './exporter.ts';
import { LIMITS, type LimitQueries, nodePlaces, PACKETS_OVER, placeColumns, SEVERITIES } from './limits.ts';
import { CONNTRACK_AVAILABLE, CONNTRACK_AVAILABLE_MAX_7D, conntrackHeadroom } from './headroom.ts';
import { EVENT_BREAK, EVENT_START } from './records.ts';
import type { AllowancesConfig } from './settings.ts';

const value = (index: number): string => `Value #${String.fromCodePoint(65 + index)}`;

/** The node, as a link to the same dashboard for it alone. */
const nodeColumn: Column = {
  field: 'instance',
  title: 'Node',
  link: {
    title: 'Only this node',
    // eslint-disable-next-line no-template-curly-in-string -- Grafana's own template
    url: '/d/node-allowances?${datasource:queryparam}&${__url_time_range}&var-node=${__data.fields.Node}',
  },
};

/** Whether interfaces are known by their IDs, which are longer than names. */
const hasInterfaceIds = ({ exporters }: AllowancesConfig): boolean =>
  exporters.some(({ usesInterfaceIds }) => usesInterfaceIds);

/** The interface. */
const interfaceColumn = (config: AllowancesConfig, width = 80): Column => ({
  field: 'device',
  title: 'Interface',
  width: hasInterfaceIds(config) ? 170 : width,
});

const states = [{ value: 0, text: '–', colour: 'transparent' }, ...SEVERITIES];

/** A cell with the severity as text and colour. */
const severityCell = { cell: 'colour', states, steps: [[null, 'transparent']] } as const;

/** Time over an allowance within a week, by node, in seconds. */
const weekOf = (config: AllowancesConfig, { node, over }: LimitQueries): Query => promql`
  ${seconds(config.rules.interval)} * max by (${labels(...node)}) (count_over_time(${over}[7d]))`;

/** One row for each node that is limited or has an alert: what it is, which limits, how bad, since when. */
export function limitedNodes(config: AllowancesConfig, queries: LimitQueries): Panel {
  const { node, state, severity, ofLimited, over, counters, filter } = queries;
  const low = selector('ALERTS_FOR_STATE', { ...filter, alertname: conntrackAllowanceLow.alert });
  const began = promql`
    time() - (
      max by (${labels(...node)}) (max_over_time(${selector(EVENT_START, filter)}[7d]))
      and on (${labels(...node)})
      count_over_time(${over}[${duration(EVENT_BREAK)}])
      or on (${labels(...node)})
      max by (${labels(...node)}) (${low})
    )`;
  const worstInterface = promql`
    topk by (${labels(...node)}) (1,
      ${aggregate('sum', [...node, 'device'], promql`${counters} > 0`)}
    )`;
  const limits = LIMITS.map((limit) => ({ title: limit.title, expr: ofLimited(severity([limit])) }));
  const places = nodePlaces(config, queries, state);
  // There is no room for IDs beside the names of nodes; the table of interfaces has them.
  const isLong = hasInterfaceIds(config);
  const first = 1 + limits.length;
  return table({
    title: 'Nodes over a limit now',
    description:
      `One row for each node, the worst first, at most a hundred: "critical" and "warning" are firing alerts, "over" is above the limit without one. ` +
      `"For" is the time since the event began, in which breaks of up to ${EVENT_BREAK} count; "In 7 days" is the time over any limit. It should say "none".`,
    targets: [
      rows(state),
      ...limits.map(({ expr }) => rows(expr)),
      rows(ofLimited(began)),
      rows(ofLimited(weekOf(config, queries))),
      ...(isLong ? [] : [rows(ofLimited(worstInterface))]),
      ...places.map((expr) => rows(expr)),
      noneRow('instance', severity(LIMITS), counters),
    ],
    columns: [
      ...clusterColumn(config),
      nodeColumn,
      ...placeColumns(config),
      ...(isLong ? [] : [interfaceColumn(config)]),
      { field: value(0), title: 'Worst', width: 80, ...severityCell },
      // As narrow as their titles: names of nodes are long.
      ...limits.map(({ title }, index) => ({
        field: value(index + 1),
        title,
        width: title.length > 10 ? 110 : 90,
        ...severityCell,
      })),
      { field: value(first), title: 'For', unit: 's', decimals: 0, width: 80 },
      { field: value(first + 1), title: 'In 7 days', unit: 's', decimals: 0, width: 80 },
    ],
    sortBy: 'Worst',
    noValue: 'no data',
  });
}

/** The nodes that were limited longest within a week, whether or not they are now. */
export function longestLimited(config: AllowancesConfig, queries: LimitQueries): Panel {
  const week = promql`topk(20, ${weekOf(config, queries)})`;
  return table({
    title: 'Longest over a limit in 7 days',
    description:
      'The twenty nodes that were over any limit for the longest time within 7 days. Nodes that come back need another instance type, or fewer of the pods above.',
    targets: [
      rows(week),
      ...nodePlaces(config, queries, week).map((expr) => rows(expr)),
      noneRow('instance', week, queries.counters),
    ],
    columns: [
      ...clusterColumn(config),
      nodeColumn,
      ...placeColumns(config),
      {
        field: 'Value #A',
        title: 'Over a limit',
        unit: 's',
        decimals: 1,
        width: 140,
        cell: 'gauge',
        steps: [[null, COLOURS.warning]],
      },
    ],
    sortBy: 'Over a limit',
    noValue: 'no data',
  });
}

/** Every interface over an allowance, one row each, with the packets. */
export function worstInterfaces(config: AllowancesConfig, { exceeded, counters }: LimitQueries): Panel {
  const kept = labels(...clusterLabels(config), 'instance', 'device');
  return table({
    title: 'Interfaces over an allowance now',
    description: 'The interfaces with most packets over each allowance, in packets per second. It should say "none".',
    targets: [
      // The aggregation drops the metric name, so the rows of one interface merge.
      ...LIMITS.map(({ allowance }) => rows(promql`topk(50, max by (${kept}) (${exceeded(allowance)}) > 0)`)),
      noneRow('instance', promql`${counters} > 0`, counters),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'instance', title: 'Instance', width: 400 },
      interfaceColumn(config),
      ...LIMITS.map(({ title, colour }, index) => ({
        field: value(index),
        title,
        unit: PACKETS_OVER,
        decimals: 2,
        cell: 'colour' as const,
        steps: [
          [null, 'transparent'],
          [0.000_001, colour],
        ] as const,
      })),
    ],
    noValue: 'no data',
  });
}

/** The firing alerts on allowances, each once with its highest severity. */
export function firingAlerts(config: AllowancesConfig, { cluster, filter, counters }: LimitQueries): Panel {
  const kept = [...clusterLabels(config), 'alertname', 'instance', 'device'];
  const all = (severity: string | ReturnType<typeof not>): Query =>
    // An alert on the source has no node.
    either(firing({ ...filter, severity }, nodeAlerts), firing({ ...cluster, severity }, [allowanceSourceSilent]));
  const alerts = aggregate(
    'max',
    kept,
    either(promql`3 * (${all('critical')})`, promql`2 * (${all(not('critical'))})`),
  );
  return table({
    title: 'Firing alerts',
    description:
      'Firing alerts on allowances, from the alerting rules of Azimuth. One that fires as warning and as critical is one row.',
    targets: [rows(promql`topk(100, ${alerts})`), noneRow('alertname', alerts, counters)],
    columns: [
      { field: 'alertname', title: 'Alert', width: 300 },
      { field: 'Value #A', title: 'Severity', width: 100, ...severityCell },
      ...clusterColumn(config),
      { field: 'instance', title: 'Instance' },
      interfaceColumn(config, 120),
    ],
    sortBy: 'Severity',
    noValue: 'no data',
  });
}

/** The nodes with the least headroom of connection tracking: what is left, as a number and as a share. */
export function conntrackNodes(config: AllowancesConfig, { filter, node }: LimitQueries, threshold: number): Panel {
  const kept = (query: Query): Query => aggregate('max', node, query);
  const least = promql`bottomk(10, ${kept(conntrackHeadroom(filter))})`;
  const ofLeast = (record: string): Query => promql`
    ${kept(selector(record, filter))}
    and on (${labels(...node)})
    ${least}`;
  return table({
    title: 'Connections left',
    description:
      'The ten nodes with the least headroom: connections that can still be tracked, the most that could within 7 days, and the one as a share of the other.' +
      exceptNodes(config.exporters),
    targets: [rows(least), rows(ofLeast(CONNTRACK_AVAILABLE)), rows(ofLeast(CONNTRACK_AVAILABLE_MAX_7D))],
    columns: [
      ...clusterColumn(config),
      nodeColumn,
      { field: 'Value #B', title: 'Left', unit: 'none', decimals: 0, width: 110 },
      { field: 'Value #C', title: 'Most in 7 days', unit: 'none', decimals: 0, width: 120 },
      {
        field: 'Value #A',
        title: 'Headroom',
        unit: 'percentunit',
        decimals: 0,
        width: 110,
        cell: 'colour',
        steps: [
          [null, COLOURS.bad],
          [threshold, COLOURS.warning],
          [3 * threshold, 'transparent'],
        ],
      },
    ],
    noValue: 'no data',
  });
}
