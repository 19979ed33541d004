import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../bench/random.ts';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import {
  expectAnswers,
  exposed as exposedByShowmax,
  exposedByNodeExporter,
  fires,
  growing,
  holds,
  INTERVAL,
  type Labels,
  phases,
} from './allowances-input.ts';

const EXPORTERS = [
  { exporter: 'showmax', job: 'ethtool-exporter', exposed: exposedByShowmax },
  { exporter: 'node-exporter', job: 'ethtool-node-exporter', exposed: exposedByNodeExporter },
];

const PPS = 'metric:pps_allowance_exceeded';
const AVAILABLE = 'metric:conntrack_allowance_available';
const LENGTH = 40;
/** A counter of so many packets per second, scraped every 30 s. */
const steady = (perSecond: number, length = LENGTH) => `0+${perSecond * 30}x${length}`;

/** A node as kube-state-metrics exports it. */
const node = (cluster: string, name: string, address: string, values = `1x${LENGTH}`): InputSeries => ({
  series: seriesText('kube_node_info', { cluster, node: name, internal_ip: address, instance: 'ksm', job: 'ksm' }),
  values,
});

/** How the record calls an interface of a known node, and of a target without one. */
const known = (cluster: string, name: string): Labels => ({ cluster, instance: name, node: name, device: 'ens5' });
const unknown = (cluster: string, instance: string): Labels => ({ cluster, instance, device: 'ens5' });

describe.each(EXPORTERS)('targets of $exporter', ({ exporter, job, exposed }) => {
  const generated = generate({ ethtool: { exporter } });
  const rules = generated.file(RULES.allowances);
  const pps = (labels: Labels, values: string) =>
    exposed('pps_allowance_exceeded', { device: 'ens5', ...labels }, values);
  const available = (labels: Labels, values: string) =>
    exposed('conntrack_allowance_available', { device: 'ens5', ...labels }, values);
  const expectRecords = (series: readonly InputSeries[], expected: readonly ExpressionTest[]): Promise<void> =>
    expectAnswers(rules, INTERVAL, series, expected);

  test('the build says which job counts', () => {
    expect(generated.bundle.skipped).toContainEqual({
      kind: `ENA counters of jobs other than ${job}`,
      reason: 'in every cluster where that job reports; elsewhere all count',
    });
  });

  test('only our job counts where it reports; in other clusters all do', async () => {
    const stack = { instance: '10.0.1.2:9100', job: 'node-exporter', namespace: 'monitoring', pod: 'node-exporter-x' };
    await expectRecords(
      [
        pps(known('east', 'a'), steady(1)),
        pps({ ...stack, cluster: 'east' }, steady(2)),
        pps({ ...stack, cluster: 'east', instance: '10.0.1.3:9100' }, steady(3)),
        pps({ ...stack, cluster: 'west' }, steady(4)),
        pps({ ...stack, cluster: 'west', instance: '10.0.1.3:9100', job: '' }, steady(5)),
        available(known('east', 'a'), `900x${LENGTH}`),
        available({ ...stack, cluster: 'east' }, `1x${LENGTH}`),
        available({ ...stack, cluster: 'west' }, `800x${LENGTH}`),
      ],
      [
        holds(PPS, '10m', [
          [known('east', 'a'), 1],
          [unknown('west', '10.0.1.2:9100'), 4],
          [unknown('west', '10.0.1.3:9100'), 5],
        ]),
        holds(AVAILABLE, '10m', [
          [{ cluster: 'east', instance: 'a', node: 'a' }, 900],
          [{ cluster: 'west', instance: '10.0.1.2:9100' }, 800],
        ]),
      ],
    );
  });

  test('the other job counts as soon as ours has been gone for a window, under the same name', async () => {
    await expectRecords(
      [
        node('east', 'a', '10.0.1.2'),
        pps(known('east', 'a'), `0+30x10 _x30`),
        pps({ cluster: 'east', instance: '10.0.1.2:9100', job: 'node-exporter' }, steady(2)),
      ],
      [holds(PPS, '5m', [[known('east', 'a'), 1]]), holds(PPS, '11m', [[known('east', 'a'), 2]])],
    );
  });

  test.each([
    ['its label node, whatever the address', { instance: '10.0.1.9:9100', node: 'a' }],
    ['its address', { instance: '10.0.1.2:9100' }],
    ['its address without a port', { instance: '10.0.1.2' }],
    ['its IPv6 address', { instance: '[fd00::2]:9100' }],
    ['its name', { instance: 'a' }],
    ['its name and a port', { instance: 'a:9100' }],
  ])('a target is on a node by %s', async (_, labels: Labels) => {
    await expectRecords(
      [
        node('east', 'a', '10.0.1.2'),
        node('east', 'a', 'fd00::2'),
        node('east', 'b', '10.0.1.9'),
        node('west', 'c', '10.0.1.2'),
        node('east', 'd', ''),
        pps({ cluster: 'east', job: 'one', ...labels }, steady(1)),
        pps({ cluster: 'east', job: 'two', instance: 'x', node: 'a' }, steady(1)),
        pps({ cluster: 'east', job: 'one', instance: '10.0.1.20:9100' }, steady(3)),
      ],
      [
        holds(PPS, '10m', [
          [known('east', 'a'), 1],
          [unknown('east', '10.0.1.20:9100'), 3],
        ]),
      ],
    );
  });

  test('of two nodes that had an address, the one seen last has it', async () => {
    await expectRecords(
      [
        node('east', 'zold', '10.0.1.2', `1x8 stale`),
        node('east', 'new', '10.0.1.2', `_x12 1x28`),
        pps({ cluster: 'east', job: 'one', instance: '10.0.1.2:9100' }, steady(1)),
      ],
      [holds(`ceil(${PPS})`, '4m', [[known('east', 'zold'), 1]]), holds(PPS, '10m', [[known('east', 'new'), 1]])],
    );
  });

  test('a restart of kube-state-metrics, or of the exporter in another pod, renames nothing', async () => {
    await expectRecords(
      [
        node('east', 'a', '10.0.1.2', '1x4 stale'),
        pps({ cluster: 'east', job: 'one', instance: '10.0.1.2:9100', pod: 'x' }, '0+30x20 stale'),
        pps({ cluster: 'east', job: 'one', instance: '10.0.1.2:9100', pod: 'y' }, '_x22 660+30x17'),
      ],
      ['5m', '10m', '12m', '14m', '19m'].map((at) =>
        holds(`group(${PPS}) by (cluster, instance, node)`, at, [[{ cluster: 'east', instance: 'a', node: 'a' }, 1]]),
      ),
    );
  });

  test('one node over its limit is one alert, whoever else reports it', async () => {
    const excess = growing(phases([8, 0], [22, 500]));
    const conntrack = (labels: Labels) =>
      exposed('conntrack_allowance_exceeded', { device: 'ens5', ...labels }, excess);
    const stack = { cluster: 'east', instance: '10.0.1.2:9100', job: 'node-exporter' };
    const firing = fires('ConntrackAllowanceExceeded', 'critical', 25, [known('east', 'a')]);
    await expectRecords([conntrack(known('east', 'a')), conntrack(stack)], [firing]);
    const foreign = { ...stack, job: 'another', instance: 'a' };
    await expectRecords([node('east', 'a', '10.0.1.2', '1x60'), conntrack(stack), conntrack(foreign)], [firing]);
  });

  test('every node is there once, with its own figure, however many exporters it has and however they are labelled', async () => {
    await testRules(
      [rules],
      Array.from({ length: 6 }, (_, seed) => {
        const random = createRandom(seed);
        const clusters = ['c1', 'c2', 'c3'].map((cluster) => ({ cluster, ours: random.pick(['yes', 'no']) === 'yes' }));
        const nodes = clusters.flatMap(({ cluster, ours }) =>
          Array.from({ length: random.int(1, 6) }, (__, index) => {
            const name = `n${index}`;
            const address = `10.0.${index}.1`;
            const rate = random.int(1, 50);
            const label = [
              () => ({ instance: `${address}:9100` }),
              () => ({ instance: `${name}:9100` }),
              () => ({ instance: name, node: name }),
              () => ({ instance: `${address}:9100`, node: name }),
            ];
            const others = Array.from({ length: random.int(ours ? 0 : 1, 3) }, (___, other) => ({
              cluster,
              job: `job-${other}`,
              ...random.pick(label)(),
            }));
            const targets: Labels[] = [...(ours ? [{ cluster, instance: name, node: name, job }] : []), ...others];
            return { cluster, name, address, rate, targets };
          }),
        );
        return {
          name: `seed ${seed}`,
          interval: INTERVAL,
          input_series: nodes.flatMap(({ cluster, name, address, rate, targets }) => [
            node(cluster, name, address),
            ...targets.map((labels) => pps(labels, steady(rate))),
          ]),
          promql_expr_test: [
            holds(
              PPS,
              '10m',
              nodes.map(({ cluster, name, rate }) => [known(cluster, name), rate]),
            ),
            holds(
              'metric:allowance_nodes:count',
              '10m',
              clusters.map(({ cluster }) => [{ cluster }, nodes.filter((each) => each.cluster === cluster).length]),
            ),
          ],
        };
      }),
    );
  });
});
