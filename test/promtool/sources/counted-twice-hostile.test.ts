import { describe, expect, jest, test } from '@jest/globals';
import { sourcesWith } from '../../support/expected-traffic.ts';
import { generate } from '../../support/generate.ts';
import { type InputSeries, testRules } from '../../support/rule-test.ts';
import { holds, INTERVAL, type Labels } from '../allowances-input.ts';
import { PIPELINE } from '../pipeline-input.ts';
import { ratiosOfReports, reportedPairs, seriesOfReports } from './counted-twice-reports.ts';
import { AT, hostilePairs, ratiosOf, seriesOf, type Views } from './counted-twice-views.ts';

jest.setTimeout(60_000);

/** A plain pair: labels after the cluster, all of one value. */
const plain = (...names: readonly string[]): Labels => ({
  cluster: 'one',
  ...Object.fromEntries(names.map((name) => [name, 'plain'])),
});
const ends = (...names: readonly string[]) =>
  plain(...['source', 'destination'].flatMap((side) => names.map((name) => `${side}_${name}`)));
const lacking = (values: readonly string[], ...names: readonly string[]): readonly Labels[] =>
  names.flatMap((name) => values.map((value) => ({ [name]: value })));

/** Each end is scraped at its own node. */
const [CLIENT, SERVER] = [{ instance: 'client' }, { instance: 'server' }];
const TRACE = { type: 'Trace', verdict: 'FORWARDED', subtype: 'to-endpoint' };
const hubble = (stack: string): Views => ({
  unit: 'network_flows',
  peer: { metric: 'hubble_flows_processed_total', labels: { ...TRACE, ...CLIENT, traffic_direction: 'egress' } },
  read: { metric: 'hubble_flows_processed_total', labels: { ...TRACE, ...SERVER, traffic_direction: 'ingress' } },
  pair: ends('namespace', 'pod', 'ip'),
  nobody: lacking(['', 'unknown'], 'source_pod', 'destination_pod'),
  refused: [
    { type: 'L7' },
    { verdict: 'DROPPED' },
    { subtype: 'to-network' },
    { subtype: '' },
    { traffic_direction: 'unknown' },
  ],
  parts: [{ protocol: 'TCP' }, { protocol: 'UDP', subtype: stack }],
  completed: 'endpoint_pair:network_flows_completed:rate5m',
});

const retina = (unit: string, counter: string): Views => ({
  unit,
  peer: { metric: counter, labels: { ...CLIENT, direction: 'EGRESS' } },
  read: { metric: counter, labels: { ...SERVER, direction: 'INGRESS' } },
  pair: ends('namespace', 'podname', 'ip', 'zone'),
  nobody: lacking(['', 'unknown', 'kubernetes-apiserver'], 'source_podname', 'destination_podname'),
  refused: [{ direction: 'egress' }, { direction: '' }],
  parts: [{ node: 'a' }, { node: 'b' }],
  completed: `endpoint_pair:${unit}_completed:rate5m`,
});

const NETOBSERV_END = ['Namespace', 'Type', 'OwnerType', 'OwnerName', 'Zone'];
const netobserv = (unit: string, name: string): Views => ({
  unit,
  peer: { metric: `netobserv_workload_egress_${name}_total`, labels: CLIENT },
  read: { metric: `netobserv_workload_ingress_${name}_total`, labels: SERVER },
  pair: plain(...['SrcK8S', 'DstK8S'].flatMap((side) => NETOBSERV_END.map((field) => `${side}_${field}`))),
  nobody: [
    ...lacking(['', 'unknown'], 'SrcK8S_OwnerName', 'DstK8S_OwnerName'),
    ...lacking(['Service'], 'SrcK8S_Type', 'DstK8S_Type'),
  ],
  refused: [],
  parts: [{ node: 'a' }, { node: 'b' }],
});

const VIEWS: Readonly<Record<string, readonly Views[]>> = {
  'retina-hubble': [hubble('to-stack')],
  'cilium-hubble': [hubble('to-overlay')],
  'retina-standard': [
    retina('network_bytes', 'networkobservability_adv_forward_bytes'),
    retina('network_packets', 'networkobservability_adv_forward_count'),
  ],
  netobserv: [netobserv('network_bytes', 'bytes'), netobserv('network_packets', 'packets')],
};

/** What they report of each pair is told apart by the label of the agent. */
const REPORTERS = ['obi', 'beyla'];
const NAMED_PAIR: Labels = {
  ...plain(...['src', 'dst'].flatMap((side) => ['namespace', 'name'].map((field) => `k8s_${side}_${field}`))),
  k8s_src_type: 'Pod',
  k8s_dst_type: 'Pod',
};
const NAMED_NOBODY = [
  ...lacking(['', 'unknown'], 'k8s_src_name', 'k8s_dst_name'),
  ...lacking(['Service'], 'k8s_src_type', 'k8s_dst_type'),
];

interface Question {
  readonly unit: string;
  readonly series: readonly InputSeries[];
  readonly ratios: ReadonlyMap<string, number>;
}

/** Expects the ratio of each cluster, and of no other. */
const expectRatios = (given: object, questions: readonly Question[]): Promise<void> =>
  testRules(
    [generate(given).file(PIPELINE)],
    questions.map(({ unit, series, ratios }) => ({
      name: unit,
      interval: INTERVAL,
      input_series: series,
      promql_expr_test: [
        holds(
          `cluster:${unit}_initiator_over_receiver:ratio_rate5m`,
          AT,
          [...ratios].map(([cluster, ratio]) => [{ cluster }, Math.round(ratio * 1e6) / 1e6]),
        ),
      ],
    })),
    AT,
  );

describe('the check against double counting compares pairs that both ends name and saw, and nothing else', () => {
  test.each(Object.entries(VIEWS))('%s', async (source, views) => {
    await expectRatios(
      { flows: { source } },
      views.map((view) => {
        const pairs = hostilePairs(view);
        const ratios = ratiosOf(pairs);
        expect([...ratios.keys()].toSorted()).toEqual(['one', 'other']);
        return { unit: view.unit, series: seriesOf(pairs, view), ratios };
      }),
    );
  });

  const reports = (id: string, pair: Labels, nobody: readonly Labels[]): readonly Question[] =>
    ['bytes', 'packets'].map((unit) => {
      const pairs = reportedPairs(pair, nobody);
      const ratios = ratiosOfReports(pairs);
      expect([...ratios.keys()].toSorted()).toEqual(['one', 'other']);
      const series = seriesOfReports(id, `${id}_network_flow_${unit}_total`, pairs);
      return { unit: `network_${unit}`, series, ratios };
    });

  test.each(REPORTERS)('%s', async (source) => {
    await expectRatios({ flows: { source } }, reports(source, NAMED_PAIR, NAMED_NOBODY));
    // With addresses, names tell nothing apart and no end needs one.
    const addressed = reports(source, plain('src_address', 'dst_address'), lacking(['Service'], 'k8s_src_type'));
    await expectRatios({ flows: { source }, [source]: { addresses: true } }, addressed);
  });

  test('every source that has the check is here', () => {
    expect([...Object.keys(VIEWS), ...REPORTERS].toSorted()).toEqual(sourcesWith('peer views').toSorted());
  });
});
