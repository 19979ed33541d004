import { jest, test } from '@jest/globals';
import { testRules } from '../support/rule-test.ts';
import { only, record, trafficOf } from './ends-input.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

const NAME = 'cluster_ip:network_flows_pod_cidr:info';

/** An address in each size of pod CIDR that is read, and what is recorded of that CIDR. */
const ADDRESSES = [
  { ip: '10.1.1.5', pod_cidr: '10.1.1.0/24' },
  { ip: '10.1.1.5', pod_cidr: '10.1.0.0/16' },
  { ip: '10.1.1.5', pod_cidr: '10.0.0.0/8' },
  { ip: 'fd00:0:0:1::5', pod_cidr: 'fd00:0:0:1::/64' },
  { ip: 'fd00::5', pod_cidr: 'fd00::/64' },
] as const;

/** The only end with that address, and the only pod that is known in its cluster. */
const ENDS = [
  { name: 'a pod that is known by its name', end: ['shop', 'web'], pod: ['shop', 'web'], isPlaced: false },
  { name: 'one of another name', end: ['shop', 'web'], pod: ['shop', 'db'], isPlaced: true },
  { name: 'one of that name elsewhere', end: ['shop', 'web'], pod: ['other', 'web'], isPlaced: true },
  { name: 'no name', end: ['shop', ''], pod: ['shop', 'web'], isPlaced: true },
  { name: 'no name, beside a pod called so', end: ['shop', 'unknown'], pod: ['shop', 'unknown'], isPlaced: true },
] as const;

/** A cluster for each of them and each side. Of the other side there is an end whose pod is known. */
const CASES = ADDRESSES.flatMap((address, size) =>
  ENDS.flatMap(({ name, end: [namespace, pod], pod: [knownIn, known], isPlaced }) =>
    (['source', 'destination'] as const).map((side) => {
      const cluster = `${size} ${side} ${name}`;
      const other = side === 'source' ? 'destination' : 'source';
      const place = { zone: size === 2 ? 'unknown' : `zone-${size}`, reason: size === 2 ? 'unplaced' : '' };
      return {
        input: [
          trafficOf(side, 'network_flows', { cluster, namespace, pod, ip: address.ip }),
          trafficOf(other, 'network_flows', { cluster, namespace: knownIn, pod: 'api', ip: address.ip }),
          ...[known, 'api'].map((one) =>
            record('cluster_namespace_pod:identity:info', { cluster, namespace: knownIn, pod: one, node: 'n' }),
          ),
          record('cluster_pod_cidr:node:info', { cluster, pod_cidr: address.pod_cidr, node: 'n', ...place }),
        ],
        rows: isPlaced ? [sample({ __name__: NAME, cluster, ip: address.ip, ...place }, 1)] : [],
      };
    }),
  ),
);

test('the address of an end is placed by its pod CIDR, unless a pod that is known by its name has it', async () => {
  await testRules(
    [only('cilium-hubble', [NAME])],
    [
      {
        name: 'places',
        interval: '1m',
        input_series: CASES.flatMap(({ input }) => input),
        promql_expr_test: [{ expr: NAME, eval_time: '0s', exp_samples: CASES.flatMap(({ rows }) => rows) }],
      },
    ],
  );
});
