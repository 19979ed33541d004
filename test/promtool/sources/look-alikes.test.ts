import { expect, test } from '@jest/globals';
import { promtoolSeries, type SampledSeries, samplesOf } from '../../../bench/samples.ts';
import { generate, RULES } from '../../support/generate.ts';
import { testRules } from '../../support/rule-test.ts';
import { PIPELINE } from '../pipeline-input.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expressionTests } from './expectations.ts';
import { givenFor, steadyScrapes, STEP, truthAt } from './harness.ts';
import { HOSTILE } from './hostile-cluster.ts';
import { endsAt, ratiosAt } from './totals.ts';

/** When the double-count check runs, every four minutes. */
const AT = 480;

/** Labels of Hubble's flows with the value that counts, and one that does not. */
const OTHERS = [
  ['type', 'Trace', 'L7'],
  ['verdict', 'FORWARDED', 'DROPPED'],
  ['subtype', 'to-endpoint', 'to-network'],
  ['subtype', 'to-stack', 'from-network'],
] as const;

/** Series that differ from those which may count in the value of one label, and grow three times as fast. */
const lookAlikes = (series: readonly SampledSeries[]): SampledSeries[] =>
  OTHERS.flatMap(([label, counts, other]) =>
    series
      .filter(({ labels }) => labels['__name__'] === 'hubble_flows_processed_total' && labels[label] === counts)
      .map(({ labels, values }) => ({
        labels: { ...labels, [label]: other, protocol: 'look-alike' },
        values: values.map((value) => (typeof value === 'number' ? 3 * value : value)),
      })),
  );

test.concurrent.each(['retina-hubble', 'cilium-hubble'] as const)(
  '%s: flows that differ in the type, the verdict or the subtype alone do not count',
  async (id) => {
    const setup = { id };
    const generated = generate(givenFor(setup));
    const series = samplesOf(steadyScrapes(setup, HOSTILE), { step: STEP, duration: AT });
    const planted = lookAlikes(series);
    expect(planted.length).toBeGreaterThan(3 * 20);
    await testRules(
      [generated.file(RULES.zoneTraffic), generated.file(PIPELINE)],
      [
        {
          name: id,
          interval: `${STEP}s`,
          input_series: [...series, ...planted].map(promtoolSeries),
          promql_expr_test: [
            ...expressionTests(generated.config, truthAt(setup, AT, HOSTILE)),
            ...endsAt(setup, AT, HOSTILE),
            ...ratiosAt(setup, AT, HOSTILE),
          ],
        },
      ],
    );
  },
  TIMEOUT_MS,
);
