import type { Panel } from '../../model/dashboard.ts';
import { graph } from '../../panels/needs.ts';
import { COLOURS, overTime, rows } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { labels, promql, type Query } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { DnsConfig } from '../settings.ts';
import { type DnsPanel, QUERIES, type Series } from './panel.ts';

/** The workloads that ask most, with what they are told. */
function clientTable(config: DnsConfig, { client }: Series): Panel {
  const own = labels(...clusterLabels(config), 'namespace', 'workload_type', 'workload');
  const top = promql`topk(50, ${client('queries')})`;
  const coded = (rcode: string): Query => promql`
    sum by (${own}) (${client('answers', { rcode })})
    and on (${own})
    ${top}`;
  return table({
    title: 'Who asks',
    description:
      'The fifty workloads with the most queries, with the answers that there is no such name, or that the server failed. "For nothing" is the share without ' +
      'a name: a workload near 100 % asks for what does not exist, or needs fewer ndots. CoreDNS itself asks its upstream servers.',
    targets: [
      rows(top),
      rows(coded('NXDOMAIN')),
      rows(promql`
        sum by (${own}) (${client('answers', { rcode: 'NXDOMAIN' })})
        / on (${own})
        (sum by (${own}) (${client('answers')}) > 0)
        and on (${own})
        ${top}`),
      rows(coded('SERVFAIL')),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 160 },
      { field: 'workload', title: 'Workload' },
      { field: 'workload_type', title: 'Kind', width: 130 },
      { field: 'Value #A', title: 'Queries', unit: QUERIES, decimals: 1, width: 120 },
      { field: 'Value #B', title: 'No such name', unit: QUERIES, decimals: 1, width: 120 },
      {
        field: 'Value #C',
        title: 'For nothing',
        unit: 'percentunit',
        decimals: 0,
        width: 120,
        cell: 'colour',
        steps: [
          [null, 'transparent'],
          [0.8, COLOURS.attention],
        ],
      },
      { field: 'Value #D', title: 'Failed', unit: QUERIES, decimals: 2, width: 120 },
    ],
    sortBy: 'Queries',
    noValue: 'no data',
  });
}

/** Who asks. */
export const clientPanels = (config: DnsConfig, series: Series): readonly DnsPanel[] => {
  const { client } = series;
  const legend = '{{namespace}}/{{workload}}';
  const needs = ['clients'] as const;
  return [
    { key: 'clients', width: 24, height: 9, needs, panel: () => clientTable(config, series) },
    graph(
      'queries-by-workload',
      {
        title: 'Queries by workload',
        description: 'The ten workloads with the most queries.',
        targets: [overTime(promql`topk(10, ${client('queries')})`, legend)],
        unit: QUERIES,
      },
      { needs },
    ),
    graph(
      'nxdomain-by-workload',
      {
        title: 'No such name, by workload',
        description: 'The ten workloads with the most NXDOMAIN answers.',
        targets: [overTime(promql`topk(10, ${client('answers', { rcode: 'NXDOMAIN' })})`, legend)],
        unit: QUERIES,
      },
      { needs },
    ),
  ];
};
