import { type Config, noCost, readingsOf } from '../../generators/index.ts';
import type { Cluster } from '../../bench/model.ts';

/** The teams of the shop; what belongs to none is nobody's. */
const TEAMS: Readonly<Record<string, string>> = {
  edge: 'platform',
  shop: 'storefront',
  catalog: 'discovery',
  search: 'discovery',
  payments: 'money',
  accounts: 'identity',
};

/** Namespaces with the labels by which cost is shown. */
export const namespacesOf = ({ cost }: Config): NonNullable<Cluster['namespaces']> =>
  Object.fromEntries(
    [...Object.entries(TEAMS), ['kube-system', ''] as const].map(([namespace, team]) => [
      namespace,
      team === '' ? {} : Object.fromEntries(cost.groupBy.map((label) => [label, team])),
    ]),
  );

/** Whether traffic has a cost: it is counted in bytes, and they have a price. */
export const hasMoney = (config: Config): boolean =>
  noCost(config) === undefined && readingsOf(config).inputs.some(({ unit }) => unit === 'network_bytes');
