import type { SourceId } from '../../bench/sources/index.ts';
import { COUNTED, REPORTS, WINDOW } from './expected-traffic.ts';
import type { ExpressionTest } from './rule-test.ts';

/** What sums of the same numbers in another order may differ by. */
const ROUNDING = 1e-9;

/** What the finest pairs are. */
export type Granularity = 'zone' | 'workload' | 'pod';

const PAIRS: Readonly<Record<Granularity, readonly string[]>> = {
  zone: ['zone'],
  workload: ['zone', 'workload'],
  pod: ['zone', 'workload', 'pod'],
};

/** At that time nothing is lost or counted twice between the counters and the zone matrix, unless all traffic of a cluster is withheld. */
export function conserved(id: SourceId, granularity: Granularity, seconds: number): ExpressionTest[] {
  const ends = REPORTS[id].includes('destinations') ? ['source', 'destination'] : ['source'];
  const pairs = PAIRS[granularity];
  const records = [...ends.map((side) => `${side}_endpoint`), ...pairs.map((level) => `${level}_pair`), 'cluster'];
  const wrong = Object.entries(COUNTED[id]).flatMap(([unit, all]) => {
    const withheld = `(cluster:${unit}_identity:usable == 0)`;
    const counted = `(${all} unless on (cluster) ${withheld})`;
    const total = (record: string) =>
      `(sum by (cluster) (${record}:${unit}:rate${WINDOW}) unless on (cluster) ${withheld})`;
    const totals = records
      .map((record) => `label_replace(${total(record)}, "record", "${record}", "", "")`)
      .join(' or ');
    const zones = `zone_pair:${unit}:rate${WINDOW}`;
    // An end beyond the cluster says where the traffic goes, whatever the other one is.
    const here = 'locality!~"internet|cross_region"';
    const unknown = `sum by (cluster) (
      ${zones}{source_zone="unknown", ${here}} or ${zones}{destination_zone="unknown", ${here}} or 0 * ${zones}
    )`;
    const lost = `cluster:${unit}_lost:rate${WINDOW}`;
    const unattributed = `cluster:${unit}_unattributed:ratio_rate${WINDOW}`;
    return [
      // What is withheld is in none of these; all of them read the pairs.
      ...[
        ...pairs.map((level) => `${level}_pair:${unit}:rate${WINDOW}`),
        `cluster:${unit}:rate${WINDOW}`,
        lost,
        unattributed,
      ].map((record) => `${record} and on (cluster) ${withheld}`),
      // Of every cluster that is counted there is every total, and of no other one; and each is the same, to rounding.
      `${counted} unless on (cluster) (${totals})`,
      `(${totals}) unless on (cluster) ${counted}`,
      `count by (cluster) (${totals}) != ${records.length}`,
      `abs((${totals}) / on (cluster) group_left () (${counted} > 0) - 1) > ${ROUNDING}`,
      `${total('zone_pair')} unless on (cluster) ${lost}`,
      `abs(${lost} / on (cluster) (${total('zone_pair')} > 0)) > ${ROUNDING}`,
      `abs(
        sum by (cluster) (${unattributed})
        - on (cluster)
        ${unknown} / ${total('zone_pair')}
      ) > ${ROUNDING}`,
    ];
  });
  return wrong.map((expr) => ({ expr, eval_time: `${seconds}s`, exp_samples: [] }));
}
