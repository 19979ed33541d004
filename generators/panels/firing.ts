import { type Matchers, oneOf, promql, type Query, selector, withLabel } from '../promql/index.ts';
import { rows } from './shared.ts';

/**
 * A row that says "none" in the column `label`, where there is data in `known` but `query` has no rows. Without data the table stays empty
 * and says "no data": it must not look like "none".
 */
export const noneRow = (label: string, query: Query, known: Query) =>
  rows(
    withLabel(
      promql`
        group(${known})
        unless on ()
        (${query})`,
      label,
      'none',
    ),
  );

/** Firing alerts of these names. */
export const firing = (matchers: Matchers, alerts: readonly { readonly alert: string }[]): Query =>
  selector('ALERTS', {
    ...matchers,
    alertstate: 'firing',
    alertname: oneOf(alerts.map(({ alert }) => alert)),
  });
