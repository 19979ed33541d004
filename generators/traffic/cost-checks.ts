import { kubeLabel } from '../identity/index.ts';
import { checkOf, problem } from '../settings/check.ts';
import type { TrafficConfig } from './config.ts';

/** Refuses labels that kube-state-metrics would export under one name: it renames both then. */
const groups = checkOf<Pick<TrafficConfig, 'cost'>>()(['cost.groupBy'], ({ cost }) =>
  cost.groupBy.flatMap((name, index) => {
    const other = cost.groupBy.slice(0, index).find((earlier) => kubeLabel(earlier) === kubeLabel(name));
    return other === undefined
      ? []
      : [problem(`cost.groupBy.${index}`, name, `a label that kube-state-metrics does not export as it does ${other}`)];
  }),
);

/** Checks of the settings of cost. */
export const costChecks = [groups];
