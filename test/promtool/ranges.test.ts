import { describe, jest, test } from '@jest/globals';
import { MAX_CIDRS } from '../../generators/settings/ranges.ts';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText } from '../support/rule-test.ts';
import { expectAnswers, INTERVAL } from './allowances-input.ts';
import { PIPELINE } from './pipeline-input.ts';
import { hubbleFlows, kubeStateMetrics, type NodeSpec, type PodSpec, sample } from './scenario.ts';

jest.setTimeout(120_000);

const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
];
const POD: PodSpec = {
  namespace: 'shop',
  name: 'web-0',
  node: 'node-a',
  ip: '10.1.0.1',
  controller: ['StatefulSet', 'web'],
};

const from = (ip: string, rate: number) => ({
  source: ['', ''] as const,
  destination: ['shop', 'web-0'] as const,
  rate,
  labels: { source_ip: ip, destination_ip: POD.ip ?? '' },
});

const expectRecords = (
  given: object,
  input: readonly InputSeries[],
  answers: readonly Omit<ExpressionTest, 'eval_time'>[],
): Promise<void> =>
  expectAnswers(
    generate(given).file(RULES.zoneTraffic),
    INTERVAL,
    input,
    answers.map((answer) => ({ ...answer, eval_time: '10m' })),
  );

describe('configured ranges', () => {
  test('place addresses in as many workloads as there may be, in several rules', async () => {
    // Of each workload one address is seen; the next one to it is nobody's.
    const entries = Array.from({ length: MAX_CIDRS }, (_, index) => ({
      name: `database-${index}`,
      kind: 'database',
      zone: index % 2 === 0 ? 'zone-a' : 'zone-b',
      cidrs: [index % 5 === 0 ? `fd00:${index}::/32` : `10.${100 + (index >> 8)}.${index & 255}.8/31`],
    }));
    const seen = entries.flatMap(({ name, zone, cidrs: [cidr = ''] }, index) => {
      if (index % 7 !== 0) return [];
      const [network = ''] = cidr.split('/');
      const isIpv6 = network.includes(':');
      const inside = isIpv6 ? `${network}1:0:0:9` : network.replace(/8$/, '9');
      const outside = isIpv6 ? `fd01:${index}::9` : network.replace(/8$/, '10');
      return [
        { ip: inside, workload: name, type: 'External', namespace: '_external_', zone, rate: index + 1 },
        { ip: outside, workload: 'unknown', type: 'unknown', namespace: 'unknown', zone: 'unknown', rate: 1 },
      ];
    });
    const outside = seen.filter(({ zone }) => zone === 'unknown');
    const merged = [
      ...seen.filter(({ zone }) => zone !== 'unknown'),
      ...outside.slice(0, 1).map((one) => ({ ...one, rate: outside.length })),
    ];
    await expectRecords(
      { flows: { external: entries }, targets: ['prometheus'] },
      [...kubeStateMetrics(NODES, [POD]), ...hubbleFlows(seen.map(({ ip, rate }) => from(ip, rate)))],
      [
        {
          expr: 'round(sum by (source_namespace, source_workload_type, source_workload, source_zone, locality) (workload_pair:network_flows:rate5m), 0.001)',
          exp_samples: merged.map(({ workload, type, namespace, zone, rate }) =>
            sample(
              {
                source_namespace: namespace,
                source_workload_type: type,
                source_workload: workload,
                source_zone: zone,
                locality: zone === 'unknown' ? 'unknown' : zone === 'zone-a' ? 'same_zone' : 'cross_zone',
              },
              rate,
            ),
          ),
        },
      ],
    );
  });

  test('count an address of ours as unplaced, not as outside, until somebody owns it', async () => {
    const given = { cluster: { cidrs: ['10.0.0.0/8'] }, flows: { source: 'cilium-hubble' } };
    const unnamed = [from('10.1.0.2', 3), from('192.168.9.9', 1)];
    const reason = (name: string) => ({
      expr: `cluster:network_flows_unattributed:ratio_rate5m{reason="${name}"}`,
    });
    const share = (name: string, value: number) => ({
      ...reason(name),
      exp_samples: [
        sample({ __name__: 'cluster:network_flows_unattributed:ratio_rate5m', cluster: 'one', reason: name }, value),
      ],
    });
    const target = kubeStateMetrics(NODES, [POD]);
    await expectRecords(given, [...target, ...hubbleFlows(unnamed)], [share('unplaced', 0.75), share('outside', 0.25)]);
    const other: PodSpec = { ...POD, name: 'api-0', node: 'node-b', ip: '10.1.0.2' };
    await expectRecords(
      given,
      [...kubeStateMetrics(NODES, [POD, other]), ...hubbleFlows(unnamed)],
      [share('unplaced', 0), share('outside', 0.25)],
    );
  });

  test('make the traffic with a database of another zone cost, and that of its own zone not', async () => {
    const bytes = (ip: string, rate: number): InputSeries => ({
      series: seriesText('networkobservability_adv_forward_bytes', {
        cluster: 'one',
        instance: 'agent',
        direction: 'INGRESS',
        source_ip: ip,
        source_namespace: 'unknown',
        source_podname: 'unknown',
        source_zone: 'unknown',
        destination_ip: POD.ip ?? '',
        destination_namespace: 'shop',
        destination_podname: 'web-0',
        destination_zone: 'zone-a',
      }),
      values: `0+${rate * 30}x60`,
    });
    const database = (zone: string, cidr: string, rest = {}) => ({
      name: 'orders-db',
      kind: 'database',
      zone,
      cidrs: [cidr],
      ...rest,
    });
    const given = {
      cloud: { provider: 'aws', region: 'eu-west-1' },
      flows: {
        source: 'retina-standard',
        external: [
          database('zone-a', '10.9.0.1/32'),
          database('zone-b', '10.9.0.2/32'),
          // Its zone has the name of one of ours.
          database('zone-a', '10.9.0.3/32', { region: 'us-east-1' }),
        ],
      },
    };
    const billed = 2e9;
    const input = [
      ...kubeStateMetrics(NODES, [POD]),
      bytes('10.9.0.1', 1e9),
      bytes('10.9.0.2', billed),
      bytes('10.9.0.3', 4e9),
    ];
    const locality = (name: string, rate: number) =>
      sample({ locality: name, source_workload: 'orders-db', source_zone: ZONES[name] ?? '' }, rate);
    const ZONES: Readonly<Record<string, string>> = {
      same_zone: 'zone-a',
      cross_zone: 'zone-b',
      cross_region: 'us-east-1',
    };
    await expectRecords(given, input, [
      {
        expr: 'round(sum by (locality, source_workload, source_zone) (workload_pair:network_bytes:rate5m))',
        exp_samples: [locality('same_zone', 1e9), locality('cross_zone', billed), locality('cross_region', 4e9)],
      },
      // Prices of AWS: 0.01 for the sender and for the receiver of 10^9 bytes.
      {
        expr: 'round(sum by (source_workload, source_zone) (workload_pair:network_cost:rate5m), 0.0001)',
        exp_samples: [sample({ source_workload: 'orders-db', source_zone: 'zone-b' }, (billed / 1e9) * 0.02)],
      },
      {
        expr: 'count by (workload, range_kind, range_region) (cluster_ip:network_bytes_range:info)',
        exp_samples: [
          sample({ workload: 'orders-db', range_kind: 'database' }, 2),
          sample({ workload: 'orders-db', range_kind: 'database', range_region: 'us-east-1' }, 1),
        ],
      },
    ]);
  });

  test('what is unplaced counts as unattributed', async () => {
    const series = (reason: string, value: number): InputSeries => ({
      series: seriesText('cluster:network_flows_unattributed:ratio_rate5m', { cluster: 'one', reason }),
      values: `${value}x90`,
    });
    await expectAnswers(
      generate({ cluster: { cidrs: ['10.0.0.0/8'] } }).file(PIPELINE),
      '1m',
      [series('unplaced', 0.2), series('outside', 0.5)],
      [
        {
          expr: 'count(ALERTS{alertname="TrafficUnattributed", alertstate="firing"})',
          eval_time: '60m',
          exp_samples: [{ labels: '{}', value: 1 }],
        },
      ],
    );
  });
});
