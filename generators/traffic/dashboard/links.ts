import type { Column } from '../../panels/table.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';

type Link = NonNullable<Column['link']>;

/** Whether there is a dashboard with this uid in the build, for links to it. */
export type IsBuilt = (uid: string) => boolean;

const clusters = (config: TrafficConfig): string =>
  clusterLabels(config)
    .map((label) => `&\${${label}:queryparam}`)
    .join('');

/** The text of another column of the same row. */
export const cell = (title: string): string => `\${__data.fields["${title}"]}`;

/** A link from a cell to a dashboard, with the data source, the clusters and the time range; nothing where the dashboard is not built. */
export function linkTo(
  config: TrafficConfig,
  isBuilt: IsBuilt,
  uid: string,
  title: string,
  variables: Readonly<Record<string, string>>,
): { readonly link?: Link } {
  if (!isBuilt(uid)) return {};
  const chosen = Object.entries(variables).map(([name, value]) =>
    // The present choice of a variable has the name in front of it already.
    value === '' ? `&\${${name}:queryparam}` : `&var-${name}=${value}`,
  );
  return {
    link: {
      title,
      url: `/d/${uid}?\${datasource:queryparam}${clusters(config)}${chosen.join('')}&\${__url_time_range}`,
    },
  };
}
