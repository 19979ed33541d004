import type { Variable } from '../model/dashboard.ts';
import { matches, type Matchers, type Query } from '../promql/index.ts';
import type { CLUSTER } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import type { Column } from './table.ts';

type Cluster = Slice<{ cluster: typeof CLUSTER }>;

/** Names of variables that every dashboard has; the label of the cluster becomes a variable beside them. */
export const VARIABLE_LABELS: readonly string[] = ['datasource'];

/** Data source, and the cluster where there is a label for it: the head of every dashboard's variables. */
export const commonVariables = ({ cluster }: Cluster, series: Query): readonly Variable[] => [
  { kind: 'datasource' },
  ...(cluster.label === null
    ? []
    : [
        {
          kind: 'query',
          name: cluster.label,
          label: 'Cluster',
          description: 'Clusters to show.',
          query: { selector: series, label: cluster.label },
          multi: true,
        } as const,
      ]),
];

/** The condition on the cluster that every query of a dashboard carries. */
export const inCluster = ({ cluster }: Cluster): Matchers =>
  cluster.label === null ? {} : { [cluster.label]: matches(`$${cluster.label}`) };

/** The column of the cluster, for tables that may show several. */
export const clusterColumn = ({ cluster }: Cluster): readonly Column[] =>
  cluster.label === null ? [] : [{ field: cluster.label, title: 'Cluster', width: 120 }];
