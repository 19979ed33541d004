import type { Panel } from '../../model/dashboard.ts';
import { COLOURS, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, type Column, table } from '../../panels/table.ts';
import { duration, either, labels, promql, type Query } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { routingNames, workloadKey } from '../names.ts';
import type { RoutingConfig } from '../settings.ts';
import type { Series } from './panel.ts';
import { patchColumn, runbookLink } from './patch.ts';

const { good, attention, warning } = COLOURS;
const none: Step = [null, 'transparent'];

const service = (config: RoutingConfig): readonly Column[] => [
  ...clusterColumn(config),
  { field: 'namespace', title: 'Namespace', width: 120 },
  { field: 'service', title: 'Service', ...runbookLink(config, 'ServiceWithoutZoneHints') },
];

/** Column of one query: letters as Grafana gives them. */
const valued = (index: number, title: string, more: Omit<Column, 'field' | 'title'> = {}): Column => ({
  field: `Value #${String.fromCodePoint(65 + index)}`,
  title,
  unit: 'none',
  decimals: 0,
  width: 110,
  ...more,
});

const SHARE = { unit: 'percentunit', decimals: 0 } as const;

/** Services with the most cross-zone traffic: how they are routed, and what is missing. */
export function servicesTable(config: RoutingConfig, series: Series): Panel {
  const { of, on, row, crossing, input } = series;
  const most = input === undefined ? of(routingNames.total) : crossing('crossing');
  const shown = (value: Query): Query => promql`
    ${row(value)}
    and on (${on})
    topk(50, ${most})`;
  const zones = promql`count by (${on}) (${of(routingNames.endpoints)})`;
  const traffic: readonly {
    readonly value: Query;
    readonly title: string;
    readonly more: Omit<Column, 'field' | 'title'>;
  }[] =
    input === undefined
      ? []
      : [
          { value: crossing('crossing'), title: 'Cross-zone', more: { unit: series.unit, decimals: 1 } },
          {
            value: promql`${crossing('crossing')} / on (${on}) (${crossing('inbound')} > 0)`,
            title: 'Share',
            more: { ...SHARE, cell: 'colour', steps: [none, [0.2, attention], [0.5, warning]] },
          },
        ];
  const columns = [
    ...traffic,
    { value: of(routingNames.total), title: 'Endpoints', more: {} },
    { value: zones, title: 'In zones', more: {} },
    {
      value: of(routingNames.hinted),
      title: 'With a hint',
      more: { ...SHARE, cell: 'colour', steps: [none, [0.000_001, warning], [1, good]] },
    },
    { value: of(routingNames.hintedZones), title: 'Hinted zones', more: {} },
  ] as const;
  return table({
    title: 'Services',
    description:
      (input === undefined
        ? 'The fifty Services with the most endpoints. '
        : `The fifty Services with the most cross-zone traffic into their workloads, in ${input.unitLabel}, replies to what their own pods ask included. `) +
      'Routing: Auto is the annotation, trafficDistribution the field (hints without the annotation come from it), none neither. Below 100 % with a ' +
      'hint, callers ignore all hints; a zone that no hint is for calls every zone.' +
      ' Patch: the file in manifests that mends it.',
    targets: columns.map(({ value }) => rows(shown(value))),
    columns: [
      ...service(config),
      { field: 'routing', title: 'Routing', width: 140 },
      ...columns.map(({ title, more }, index) => valued(index, title, more)),
      patchColumn(config),
    ],
    sortBy: input === undefined ? 'Endpoints' : 'Cross-zone',
    noValue: 'no data',
  });
}

/** Zones that call workloads across zones although these have hints for other zones. */
export function unhintedZonesTable(config: RoutingConfig, series: Series): Panel {
  const on = labels(...workloadKey(config));
  const hinted = series.ofWorkloads(routingNames.workloadHints);
  return table({
    title: 'Zones without a hint',
    description:
      'Zones that call a workload across zones, as its hints are for other zones only. It needs a ready pod there: spread it (routing.workloads).',
    targets: [
      rows(promql`
        topk(50, ${series.unhintedZones()})
        and on (${on})
        ${hinted}`),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 120 },
      { field: 'workload', title: 'Workload', ...runbookLink(config, 'ZoneHintsPartial') },
      { field: 'zone', title: 'Callers in', width: 140 },
      { field: 'Value', title: 'Cross-zone', unit: series.unit, decimals: 1, width: 120 },
    ],
    sortBy: 'Cross-zone',
    noValue: 'none',
  });
}

/** Each zone: its share of CPU, and of the endpoints and hints of the Services with Auto. */
export function zonesTable(config: RoutingConfig, { of, cpu, on }: Series): Panel {
  const zone = [...clusterLabels(config), 'zone'];
  const by = labels(...zone);
  const cluster = labels(...clusterLabels(config));
  const auto = (record: string): Query => promql`
    ${of(record)}
    and on (${on})
    (${of(routingNames.auto)} == 1)`;
  const share = (record: string): Query => promql`
    (${either(promql`sum by (${by}) (${auto(record)})`, promql`0 * sum by (${by}) (${cpu})`)})
    / on (${cluster}) group_left ()
    (sum by (${cluster}) (${auto(record)}) > 0)`;
  return table({
    title: 'Auto: zones',
    description:
      'Services with topology-mode Auto; choose one above. The controller gives each zone endpoints by its share of the allocatable CPU. Where endpoints ' +
      'and CPU differ much, it has some zones serve others, and above 20 % it takes all hints away. Hints: what it assigned.',
    targets: [
      rows(promql`sum by (${by}) (${cpu})`),
      rows(share(routingNames.endpoints)),
      rows(share(routingNames.hints)),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'zone', title: 'Zone' },
      valued(0, 'CPU', { ...SHARE, cell: 'gauge' }),
      valued(1, 'Endpoints', { ...SHARE, cell: 'gauge' }),
      valued(2, 'Hints', { ...SHARE, cell: 'gauge' }),
    ],
    noValue: 'no Service with Auto',
  });
}

/** Workloads with hints by how unevenly their pods are spread. */
export function skewTable(config: RoutingConfig, { ofWorkloads }: Series): Panel {
  const workload = workloadKey(config);
  const on = labels(...workload);
  const most = promql`
    topk(50,
      ${ofWorkloads(routingNames.skew)}
      and on (${on})
      ${ofWorkloads(routingNames.workloadHints)}
    )`;
  const shown = (value: Query): Query => promql`
    max by (${on}) (${value})
    and on (${on})
    ${most}`;
  const pods = ofWorkloads(routingNames.pods);
  return table({
    title: 'Spread of workloads with hints',
    description:
      'The fifty workloads with zone hints whose pods are spread most unevenly. Skew: pods in the fullest zone less those in the emptiest, which may ' +
      'have none. Callers stay in their zone, so pods of an emptier zone get more load.',
    targets: [
      rows(shown(ofWorkloads(routingNames.skew))),
      rows(shown(promql`sum by (${on}) (${pods})`)),
      rows(shown(promql`max by (${on}) (${pods})`)),
      rows(shown(promql`count by (${on}) (${pods})`)),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 120 },
      { field: 'workload', title: 'Workload', ...runbookLink(config, 'WorkloadZoneSkew') },
      valued(0, 'Skew', { width: 90, cell: 'colour', steps: [none, [2, attention]] }),
      valued(1, 'Pods', { width: 90 }),
      valued(2, 'Fullest zone', { width: 110 }),
      valued(3, 'In zones', { width: 90 }),
    ],
    sortBy: 'Skew',
    noValue: 'none',
  });
}

/** The last change of each Service, and the share that crosses zones before and after it. */
export function effectTable(config: RoutingConfig, { of, on, crossing, before }: Series): Panel {
  const range = duration('$__range');
  const last = (of_: Query): Query => promql`last_over_time(${of_}[${range}])`;
  const change = promql`
    topk by (${on}) (1,
      ${last(of(routingNames.changed))}
    )`;
  const row = (value: Query): Query => promql`
    0 * ${change}
    + on (${on}) group_left ()
    max by (${on}) (${value})`;
  const now = promql`${crossing('crossing')} / on (${on}) (${crossing('inbound')} > 0)`;
  const colour = {
    ...SHARE,
    cell: 'colour',
    steps: [
      [null, good],
      [0.2, attention],
      [0.5, warning],
    ] as const,
  } as const;
  return table({
    title: 'Effect of the last change',
    description:
      'The last change of the routing of each Service within the time range: when, what, and the share of the traffic into its workloads that crosses ' +
      'zones, in the hour before and now. A change of trafficDistribution shows as hints that appear or vanish.',
    targets: [rows(promql`1000 * ${change}`), rows(row(last(before()))), rows(row(now))],
    columns: [
      ...service(config),
      { field: 'change', title: 'Change', width: 150 },
      valued(0, 'When', { unit: 'dateTimeAsIso', width: 180 }),
      valued(1, 'Before', colour),
      valued(2, 'Now', colour),
    ],
    sortBy: 'When',
    noValue: 'no change',
  });
}
