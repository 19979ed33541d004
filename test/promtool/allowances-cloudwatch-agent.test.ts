import { expect, test } from '@jest/globals';
import { generateCluster } from '../../bench/generate.ts';
import { cloudWatchAgentFamilies } from '../../bench/series/cloudwatch-agent.ts';
import { truth } from '../../bench/truth.ts';
import { generate, RULES } from '../support/generate.ts';
import { seriesText } from '../support/rule-test.ts';
import {
  ALLOWANCES,
  expectAnswers,
  exposedByNodeExporter,
  fires,
  growing,
  holds,
  INTERVAL,
  phases,
  scrapes,
  type Labels,
} from './allowances-input.ts';

const generated = generate({ ethtool: { exporter: 'cloudwatch-agent' }, cloudwatchAgent: { workspaceId: 'ws-1' } });
const rules = generated.file(RULES.allowances);

// The labels are written out here: what the agent adds, what our values append, and nothing of a scrape.
const written = (cluster: string, node: string, statistic: string, values: string, iface = 'ens5') => ({
  series: seriesText(`ethtool_${statistic}`, {
    cluster,
    job: 'cloudwatch-agent',
    node,
    interface: iface,
    driver: 'ena',
  }),
  values,
});
const recorded = (cluster: string, node: string, device = 'ens5'): Labels => ({
  cluster,
  instance: node,
  node,
  device,
});
/** A counter of so many packets per second, read once a minute as the agent does, half a minute after the rules. */
const steady = (perSecond: number, minutes = 15) => growing(phases([minutes, perSecond * 60]));

test('nodes and clusters are told apart by the labels that our values append, at a sample a minute', async () => {
  await expectAnswers(
    rules,
    INTERVAL,
    [
      written('east', 'a', 'pps_allowance_exceeded', steady(1)),
      written('east', 'a', 'pps_allowance_exceeded', steady(2), 'ens6'),
      written('east', 'a', 'pps_allowance_exceeded', steady(9), 'veth0'),
      written('east', 'b', 'pps_allowance_exceeded', steady(3)),
      written('west', 'a', 'pps_allowance_exceeded', steady(4)),
      written('east', 'a', 'conntrack_allowance_available', scrapes(phases([15, 900]))),
    ],
    [
      holds('metric:pps_allowance_exceeded', '10m', [
        [recorded('east', 'a'), 1],
        [recorded('east', 'a', 'ens6'), 2],
        [recorded('east', 'b'), 3],
        [recorded('west', 'a'), 4],
      ]),
      holds('metric:conntrack_allowance_available', '10m', [[{ cluster: 'east', instance: 'a', node: 'a' }, 900]]),
      holds('metric:allowance_nodes:count', '10m', [
        [{ cluster: 'east' }, 2],
        [{ cluster: 'west' }, 1],
      ]),
    ],
  );
});

test('alerts fire and name node and interface; an exporter that is not chosen raises none', async () => {
  const excess = growing(phases([60, 12_000]));
  const other: Labels = { cluster: 'east', instance: 'c', node: 'c', device: 'ens5' };
  const firing = [recorded('east', 'a')];
  await expectAnswers(
    rules,
    INTERVAL,
    [
      ...ALLOWANCES.map((allowance) => written('east', 'a', `${allowance}_allowance_exceeded`, excess)),
      written('east', 'a', 'conntrack_allowance_available', scrapes(phases([5, 9000], [55, 0]))),
      ...ALLOWANCES.map((allowance) => exposedByNodeExporter(`${allowance}_allowance_exceeded`, other, excess)),
    ],
    [
      ...['PPSAllowanceExceeded', 'BWINAllowanceExceeded', 'BWOutAllowanceExceeded', 'LinkLocalAllowanceExceeded'].map(
        (name) => fires(name, 'critical', 60, firing),
      ),
      fires('ConntrackAllowanceExceeded', 'critical', 60, firing),
      fires('ConntrackAllowanceLow', 'warning', 60, [{ cluster: 'east', instance: 'a', node: 'a' }]),
    ],
  );
});

test('the simulated agent writes the allowances as the truth has them, under names that the rules read', () => {
  const cluster = generateCluster({ seed: 4 });
  const series = cluster.nodes.flatMap((node) => cloudWatchAgentFamilies(node).flatMap((family) => family.series));
  const read = new Set(rules.match(/\bethtool_\w+/g));
  expect(new Set(series.map(({ metric }) => metric))).toEqual(read);
  const rates = series
    .filter(({ perSecond }) => perSecond > 0)
    .map(({ metric, labels, perSecond }) => [labels['node'], labels['interface'], metric, perSecond].join(' '));
  const expected = truth(cluster).allowances.map(({ node, device, kind, rate }) =>
    [node, device, `ethtool_${kind}_allowance_exceeded`, rate].join(' '),
  );
  expect(rates.length).toBeGreaterThan(0);
  expect(rates.toSorted()).toEqual(expected.toSorted());
  expect(series.every(({ labels }) => Object.keys(labels).join() === 'interface,driver,node')).toBe(true);
});
