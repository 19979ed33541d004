import { aggregate, duration, either, type Fragment, promql, type Query, withLabel } from '../../promql/index.ts';
import { nodeLabels } from '../names.ts';
import type { CiliumHealthConfig } from '../settings.ts';

/** The range of every rate. */
export const windowOf = ({ rules }: CiliumHealthConfig): Fragment => duration(rules.window);

/**
 * The rate of a counter of the agents, by node and `by`. Two scrape jobs of one agent count the same, so each is summed by itself and the largest
 * counts; the pods before and after a restart share a target's name, so their sum is taken.
 */
export const rateByNode = (config: CiliumHealthConfig, by: readonly string[], counter: Query): Query =>
  aggregate(
    'max',
    [...nodeLabels(config), ...by],
    aggregate('sum', [...nodeLabels(config), 'job', 'instance', ...by], promql`rate(${counter}[${windowOf(config)}])`),
  );

/** A gauge of the agents by node and `by`; of two scrapes the larger. */
export const gaugeByNode = (config: CiliumHealthConfig, by: readonly string[], gauge: Query): Query =>
  aggregate('max', [...nodeLabels(config), ...by], gauge);

/** The quantiles that are recorded. */
export const QUANTILES = ['0.5', '0.99'] as const;

/** Quantiles of a classic histogram over all agents or operators, by labels and `quantile`. Scraped twice, they stay the same. */
export const quantiles = (config: CiliumHealthConfig, by: readonly string[], buckets: Query): Query =>
  either(
    ...QUANTILES.map((quantile) =>
      withLabel(
        promql`
          histogram_quantile(
            ${Number(quantile)},
            ${aggregate('sum', [...by, 'le'], promql`rate(${buckets}[${windowOf(config)}])`)}
          )`,
        'quantile',
        quantile,
      ),
    ),
  );
