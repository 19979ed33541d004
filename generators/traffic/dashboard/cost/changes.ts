import { barGauge } from '../../../panels/charts.ts';
import { COLOURS, latest } from '../../../panels/shared.ts';
import { either, promql, type Query } from '../../../promql/index.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { by, type CostPanel, currencyUnit, last, lastWeek } from './shown.ts';
import { MONTH_NAMES } from '../../records/names.ts';

const { week } = MONTH_NAMES;

/** A query, with 0 for what only the other one has. */
const orNothing = (query: Query, other: Query): Query => either(query, promql`0 * ${other}`);

/** Who costs more than a week before, and who less. */
export function changePanels(config: TrafficConfig): readonly CostPanel[] {
  const own = ['namespace', 'workload'];
  const now = by(own, last(config, week));
  const before = by(own, lastWeek(config, week));
  const change = (
    key: string,
    title: string,
    description: string,
    more: Query,
    less: Query,
    colour: string,
  ): CostPanel => ({
    key,
    width: 12,
    height: 9,
    needs: ['workloads'],
    panel: () =>
      barGauge({
        title,
        description,
        target: latest(
          promql`topk(5, ${orNothing(more, less)} - (${orNothing(less, more)}) > 0)`,
          '{{namespace}}/{{workload}}',
        ),
        unit: currencyUnit(crossZonePrice(config).currency),
        colour,
        noValue: 'none',
      }),
  });
  return [
    change(
      'dearer',
      'Dearer than the week before',
      'The five workloads whose last seven days cost most more than the seven before, and by how much.',
      now,
      before,
      COLOURS.bad,
    ),
    change(
      'cheaper',
      'Cheaper than the week before',
      'The five workloads whose last seven days cost most less than the seven before, and by how much: what the last change saved.',
      before,
      now,
      COLOURS.good,
    ),
  ];
}
