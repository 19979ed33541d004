import type { Config } from '../../../generators/index.ts';
import {
  type Observed,
  type PartyPair,
  type PodParty,
  totalsByUnit,
  type Totals,
  type Unit,
  type WorkloadParty,
} from '../../../bench/truth.ts';
import { type ExpressionTest, seriesText } from '../../support/rule-test.ts';

/** What must be recorded at a time, in seconds since the start: the truth of each cluster, by its name. */
export interface Check {
  readonly at: number;
  readonly truth: Readonly<Record<string, Observed>>;
}

const UNITS: readonly Unit[] = ['network_flows', 'network_packets', 'network_bytes'];
const SIDES = ['source', 'destination'] as const;
const FIELDS = ['namespace', 'pod', 'zone'] as const;
const NOBODY: Observed = { network_flows: [], network_packets: [], network_bytes: [] };

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `round()` of PromQL: both sides of a comparison are rounded in the same way. */
export const rounded = (value: number, places: number): number => Math.floor(value * 10 ** places + 0.5) / 10 ** places;

const end = (side: string, { namespace, type, workload, zone }: WorkloadParty) => ({
  [`${side}_namespace`]: namespace,
  [`${side}_workload_type`]: type,
  [`${side}_workload`]: workload,
  [`${side}_zone`]: zone,
});

/** What is no pod has no label for one. */
const podOf = (side: string, { namespace, pod, zone }: PodParty) => ({
  [`${side}_namespace`]: namespace,
  [`${side}_pod`]: pod === 'unknown' ? '' : pod,
  [`${side}_zone`]: zone,
});

/** Labels of a pair of workloads. */
export const workloadLabels = (pair: PartyPair<WorkloadParty>): Readonly<Record<string, string>> => ({
  ...end('source', pair.source),
  ...end('destination', pair.destination),
  locality: pair.locality,
});

/** The recorded totals, by the first part of the name of the record; rates to 1/1000, shares to a millionth. */
function samplesOf({ zonePairs, workloadPairs, podPairs, byLocality, unattributed, total }: Totals) {
  return {
    zone_pair: zonePairs.map(({ sourceZone, destinationZone, locality, rate }) => ({
      labels: { source_zone: sourceZone, destination_zone: destinationZone, locality },
      value: rounded(rate, 3),
    })),
    workload_pair: workloadPairs.map((pair) => ({ labels: workloadLabels(pair), value: rounded(pair.rate, 3) })),
    pod_pair: podPairs.map(({ source, destination, locality, rate }) => ({
      labels: { ...podOf('source', source), ...podOf('destination', destination), locality },
      value: rounded(rate, 3),
    })),
    // While no zone is known, same_zone and cross_zone are absent, not 0.
    cluster: Object.entries(total > 0 ? byLocality : {})
      .filter(
        ([locality, rate]) =>
          locality === 'unknown' ||
          rate > 0 ||
          zonePairs.some((pair) => pair.locality === 'same_zone' || pair.locality === 'cross_zone'),
      )
      .map(([locality, rate]) => ({
        labels: { locality },
        value: rounded(rate, 3),
      })),
    unattributed: Object.entries(total > 0 ? unattributed : {}).map(([reason, rate]) => ({
      labels: { reason },
      value: rounded(rate / total, 6),
    })),
    lost: total > 0 ? [{ labels: {}, value: 1 }] : [],
  };
}

/** What each unit's records must answer at that time; a unit that no cluster has must have no records. */
export function expressionTests(config: Config, { at, truth }: Check): ExpressionTest[] {
  const { window } = config.rules;
  const { label } = config.cluster;
  const { granularity } = config.flows;
  // The truth has no workloads on pods: they are summed away.
  const perPod = [
    ...(label === null ? [] : [label]),
    ...SIDES.flatMap((side) => FIELDS.map((field) => `${side}_${field}`)),
  ];
  return UNITS.flatMap((unit) => {
    const expected = Object.entries(truth).map(([cluster, observed]) => {
      const totals = totalsByUnit({ ...NOBODY, ...observed })[unit];
      return { cluster, samples: totals && samplesOf(totals) };
    });
    const check = (expr: string, kind: keyof ReturnType<typeof samplesOf>): ExpressionTest => ({
      expr,
      eval_time: `${at}s`,
      exp_samples: expected.flatMap(({ cluster, samples }) =>
        (samples?.[kind] ?? []).map(({ labels, value }: Sample) => ({
          labels: seriesText('', label === null ? labels : { [label]: cluster, ...labels }),
          value,
        })),
      ),
    });
    return [
      check(`round(zone_pair:${unit}:rate${window}, 0.001)`, 'zone_pair'),
      ...(granularity !== 'zone' ? [check(`round(workload_pair:${unit}:rate${window}, 0.001)`, 'workload_pair')] : []),
      ...(granularity === 'pod'
        ? [
            check(
              `round(sum by (${[...perPod, 'locality'].join()}) (pod_pair:${unit}:rate${window}), 0.001)`,
              'pod_pair',
            ),
          ]
        : []),
      check(`round(cluster:${unit}:rate${window}, 0.001)`, 'cluster'),
      check(`round(cluster:${unit}_unattributed:ratio_rate${window}, 0.000001)`, 'unattributed'),
      check(`abs(cluster:${unit}_lost:rate${window}) < bool 0.000001`, 'lost'),
    ];
  });
}
