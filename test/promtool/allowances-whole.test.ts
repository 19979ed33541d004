import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../bench/random.ts';
import { EXPORTERS as KNOWN } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { exposed, INTERVAL, type Labels } from './allowances-input.ts';
import { truthOf } from './allowances-truth.ts';
import { MINUTES, nodeInfo, ROWS, seriesOf, targetsOf } from './allowances-world.ts';
import { EXPORTERS } from './exporter-fleet.ts';
import { holdAll, type Truth } from './held.ts';

/** In the order of the generators, which prefer the first that reports a node. */
const IN_ORDER = KNOWN.flatMap((id) => EXPORTERS.filter((exporter) => exporter.id === id));
const LISTS = [...IN_ORDER.map((exporter) => [exporter]), IN_ORDER];

const MOVED = 'metric:conntrack_allowance_available:moved';

const rulesOf = (exporter: readonly string[]): string => generate({ ethtool: { exporter } }).file(RULES.allowances);

/** That what changes now changed before as well, at another time. */
const earlier = (truth: Truth) =>
  (truth[MOVED] ?? []).map(([labels]) => ({ series: seriesText(MOVED, labels), values: `_x${2 * MINUTES - 1} 60` }));

describe('every record holds what is true of every target, and nothing else', () => {
  test.each(LISTS.map((list) => [list.map(({ id }) => id), list] as const))('%j', async (ids, exporters) => {
    // Who reports what is by chance where there are several.
    const seeds = exporters.length === 1 ? [1, 2] : [1, 2, 3, 4];
    const hasGauge = exporters.some((exporter) => exporter.hasGauge);
    const at = `${MINUTES}m`;
    const worlds = seeds.map((seed) => {
      const targets = targetsOf(exporters, createRandom(seed));
      const truth = truthOf(targets, ROWS, exporters);
      const empty = Object.entries(truth).filter(([, held]) => held.length === 0);
      expect(empty.every(([record]) => !hasGauge && record.startsWith('metric:conntrack_'))).toBe(true);
      const input_series = [...nodeInfo(ROWS), ...seriesOf(targets), ...earlier(truth)];
      return { name: `seed ${seed}`, interval: INTERVAL, input_series, promql_expr_test: holdAll(truth, at) };
    });
    await testRules([rulesOf(ids)], worlds, at);
  });
});

describe('who had an address is remembered for half an hour', () => {
  const MINUTE = 30.5;
  const target = (instance: string): Labels => ({ cluster: 'c1', job: 'ethtool-exporter', instance });
  const NAMES = { '10.0.0.1:9417': 'n1', n2: 'n2', '10.0.0.3:9417': '', n4: '', '10.0.0.5:9417': 'n5' };

  test('also if it was seen in one scrape only, and if another had it before', async () => {
    const rows = [
      { cluster: 'c1', node: 'n1', address: '10.0.0.1', from: 0.5, until: 1 },
      { cluster: 'c1', node: 'n2', address: '', from: 0.5, until: 1 },
      // Before that.
      { cluster: 'c1', node: 'n3', address: '10.0.0.3', until: 0 },
      { cluster: 'c1', node: 'n4', address: '', until: 0 },
      { cluster: 'c1', node: 'before', address: '10.0.0.5', until: 8 },
      { cluster: 'c1', node: 'n5', address: '10.0.0.5', from: 9, until: 10 },
    ];
    const series = Object.keys(NAMES).flatMap((instance) =>
      ['pps_allowance_exceeded', 'conntrack_allowance_available'].map((statistic) =>
        exposed(statistic, { ...target(instance), device: 'ens5' }, '1x61'),
      ),
    );
    const held = Object.entries(NAMES).map(([instance, name]) => [{ ...target(instance), name }, 1] as const);
    const truth = { 'metric:allowance_target_node:info': held, 'metric:conntrack_target_node:info': held };
    const world = { name: 'memory', interval: INTERVAL, input_series: [...nodeInfo(rows), ...series] };
    // Six evaluations, the last of them in between whole minutes, where releases of Prometheus see the same.
    const every = `${(60 * MINUTE) / 6}s`;
    await testRules([rulesOf(['showmax'])], [{ ...world, promql_expr_test: holdAll(truth, `${60 * MINUTE}s`) }], every);
  });
});
