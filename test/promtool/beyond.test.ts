import { describe, jest, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { expectAnswers, INTERVAL } from './allowances-input.ts';
import { hubbleFlows, kubeStateMetrics, type NodeSpec, type PodSpec, sample, summed } from './scenario.ts';

jest.setTimeout(120_000);

const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
  { name: 'node-x' },
];

/** A pod of each zone, one of none, and one with a public address. */
const PODS: readonly PodSpec[] = [
  { namespace: 'shop', name: 'web-0', node: 'node-a', ip: '10.1.0.1', controller: ['StatefulSet', 'web'] },
  { namespace: 'shop', name: 'dark-0', node: 'node-x', ip: '10.1.2.1', controller: ['StatefulSet', 'dark'] },
  { namespace: 'shop', name: 'open-0', node: 'node-b', ip: '198.51.100.7', controller: ['StatefulSet', 'open'] },
];

/** A node whose address is public. */
const PUBLIC_NODE: InputSeries = {
  series: seriesText('kube_node_status_addresses', {
    cluster: 'one',
    node: 'node-b',
    type: 'ExternalIP',
    address: '198.51.100.8',
  }),
  values: '1x60',
};

const GIVEN = {
  cloud: { region: 'eu-west-1' },
  cluster: { cidrs: ['10.0.0.0/16', '198.18.0.0/15', '100.0.0.0/9'] },
  zones: {
    subnets: [
      { region: 'us-east-1', cidrs: ['10.8.0.0/16', '172.20.0.0/16'] },
      // Its name is that of a zone.
      { region: 'zone-b', cidrs: ['10.9.0.0/16'] },
    ],
  },
  flows: {
    external: [
      { name: 'vendor', kind: 'internet', cidrs: ['52.0.0.0/8'] },
      { name: 's3', kind: 'storage', cidrs: ['52.1.0.0/16'] },
      { name: 's3', kind: 'storage', region: 'us-west-2', cidrs: ['52.1.2.0/24'] },
      { name: 'minio', kind: 'storage', zone: 'zone-a', cidrs: ['10.7.0.0/24'] },
      { name: 'mongo', kind: 'database', cidrs: ['35.1.1.1/32', '10.7.1.0/24'] },
      { name: 'proxy', kind: 'internet', cidrs: ['10.7.2.0/24'] },
      { name: 'everything', kind: 'other', cidrs: ['0.0.0.0/1'] },
    ],
  },
} as const;

/** An address, and who and where it must be: workload, zone and locality of what it sends to a pod of zone-a. */
type Case = readonly [ip: string, workload: string, zone: string, locality: string];

const CASES: readonly Case[] = [
  // Whose it is comes first.
  ['198.51.100.7', 'open', 'zone-b', 'cross_zone'],
  ['198.51.100.8', 'nodes', 'zone-b', 'cross_zone'],
  // A public range of the cluster.
  ['100.1.2.3', 'unknown', 'unknown', 'unknown'],
  // Nobody's.
  ['198.51.100.9', 'external', 'internet', 'internet'],
  ['203.0.113.9', 'external', 'internet', 'internet'],
  ['2600:1f18::7', 'external', 'internet', 'internet'],
  ['64:ff9b::c633:6409', 'external', 'internet', 'internet'],
  // The first and the last address around private ranges.
  ['172.15.255.255', 'external', 'internet', 'internet'],
  ['172.16.0.0', 'unknown', 'unknown', 'unknown'],
  ['172.31.255.255', 'unknown', 'unknown', 'unknown'],
  ['172.32.0.0', 'external', 'internet', 'internet'],
  ['192.168.0.1', 'unknown', 'unknown', 'unknown'],
  ['192.169.0.1', 'external', 'internet', 'internet'],
  ['223.255.255.255', 'external', 'internet', 'internet'],
  ['224.0.0.1', 'unknown', 'unknown', 'unknown'],
  ['169.254.169.254', 'unknown', 'unknown', 'unknown'],
  ['fd00::7', 'unknown', 'unknown', 'unknown'],
  ['fe80::1', 'unknown', 'unknown', 'unknown'],
  ['', 'unknown', 'unknown', 'unknown'],
  // Ranges in ranges; the last one is in another region.
  ['52.9.9.9', 'vendor', 'internet', 'internet'],
  ['52.1.9.9', 's3', 'storage', 'internet'],
  ['52.1.2.9', 's3', 'us-west-2', 'cross_region'],
  ['10.7.0.9', 'minio', 'zone-a', 'same_zone'],
  // No place is given: the address decides.
  ['35.1.1.1', 'mongo', 'internet', 'internet'],
  ['10.7.1.9', 'mongo', 'unknown', 'unknown'],
  ['10.7.2.9', 'proxy', 'internet', 'internet'],
  ['33.1.1.1', 'everything', 'internet', 'internet'],
  ['10.99.1.1', 'everything', 'unknown', 'unknown'],
  ['127.0.0.1', 'everything', 'unknown', 'unknown'],
  ['100.127.0.1', 'unknown', 'unknown', 'unknown'],
  ['100.128.0.1', 'everything', 'internet', 'internet'],
  // Regions.
  ['10.8.1.1', 'everything', 'us-east-1', 'cross_region'],
  ['10.9.1.1', 'everything', 'zone-b', 'cross_region'],
  ['172.20.1.1', 'external', 'us-east-1', 'cross_region'],
];

const flow = (source: readonly [string, string], source_ip: string, to: string, rate: number) => ({
  source,
  destination: ['shop', to] as const,
  rate,
  labels: { source_ip, destination_ip: '10.1.0.1' },
});

/** Rates differ, so that none can stand for another. */
const rateOf = (index: number): number => 1 + index;

describe('beyond the cluster', () => {
  const input = [
    ...kubeStateMetrics(NODES, PODS),
    PUBLIC_NODE,
    ...hubbleFlows([
      ...CASES.map(([ip], index) => flow(['', ''], ip, 'web-0', rateOf(index))),
      // A pod that nobody describes, at a public address.
      flow(['shop', 'gone-0'], '203.0.113.77', 'web-0', 1000),
      // The other end has no zone.
      flow(['', ''], '203.0.113.9', 'dark-0', 2000),
    ]),
  ];
  const all = [
    ...CASES.map(([ip, workload, zone, locality], index) => ({ ip, workload, zone, locality, rate: rateOf(index) })),
    { workload: 'unknown', zone: 'unknown', locality: 'unknown', rate: 1000 },
    { workload: 'external', zone: 'internet', locality: 'internet', rate: 2000 },
  ];
  const total = all.reduce((sum, { rate }) => sum + rate, 0);

  test.each(['workload', 'pod'] as const)(
    'every address is of one class, and nothing is lost, by %s',
    async (granularity) => {
      await expectAnswers(
        generate({
          ...GIVEN,
          flows: { ...GIVEN.flows, source: 'cilium-hubble', granularity },
          targets: ['prometheus'],
        }).file(RULES.zoneTraffic),
        INTERVAL,
        input,
        [
          {
            expr: 'round(sum by (source_workload, source_zone, locality) (workload_pair:network_flows:rate5m), 0.001)',
            exp_samples: summed(
              all.map(({ workload, zone, locality, rate }) => ({
                labels: { source_workload: workload, source_zone: zone, locality },
                rate,
              })),
            ),
          },
          {
            expr: 'round(sum by (source_zone, locality) (zone_pair:network_flows:rate5m), 0.001)',
            exp_samples: summed(
              all.map(({ zone, locality, rate }) => ({ labels: { source_zone: zone, locality }, rate })),
            ),
          },
          {
            expr: 'round(sum by (locality) (cluster:network_flows:rate5m), 0.001)',
            exp_samples: summed(all.map(({ locality, rate }) => ({ labels: { locality }, rate }))),
          },
          // What is unknown has a reason, and nothing else has.
          {
            expr: 'round(sum(cluster:network_flows_unattributed:ratio_rate5m), 0.000001)',
            exp_samples: summed([
              {
                labels: {},
                rate: Number(
                  (
                    all.filter(({ locality }) => locality === 'unknown').reduce((sum, { rate }) => sum + rate, 0) /
                    total
                  ).toFixed(6),
                ),
              },
            ]),
          },
          {
            expr: 'count(cluster:network_flows_unattributed:ratio_rate5m{reason="external"})',
            exp_samples: [],
          },
          { expr: 'round(cluster:network_flows_lost:rate5m, 0.001)', exp_samples: [sample({ cluster: 'one' }, 0)] },
        ].map((answer) => ({ ...answer, eval_time: '10m' })),
      );
    },
  );
});
