import { describe, expect, test } from '@jest/globals';
import { type Generated, generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import {
  ALLOWANCES,
  expectAnswers,
  exposed,
  growing,
  holds,
  INTERVAL,
  type Labels,
  phases,
  scrapes,
} from './allowances-input.ts';

const HEADROOM = ['', ':max1h', ':max7d'].map((suffix) => `metric:conntrack_allowance_available${suffix}`);
/** Packets within each minute, hence per second. */
const [PER_MINUTE, RATE] = [300, 5];
const LEFT = 900;

const NODE = { instance: 'ip-10-0-1-2', node: 'ip-10-0-1-2' };

/** Checks all records, and where PPSAllowanceExceeded fires with which texts, given the clusters of two targets. */
async function expectClusters(
  generated: Generated,
  clusters: readonly Labels[],
  ends: readonly string[],
  urls: readonly string[],
) {
  const nodes = clusters.map((cluster) => ({ ...cluster, ...NODE }));
  await testRules(
    [generated.file(RULES.allowances)],
    [
      {
        name: 'clusters',
        interval: INTERVAL,
        input_series: nodes.flatMap((node) => [
          ...ALLOWANCES.map((allowance) =>
            exposed(`${allowance}_allowance_exceeded`, { ...node, device: 'ens5' }, growing(phases([31, PER_MINUTE]))),
          ),
          exposed('conntrack_allowance_available', { ...node, device: 'ens5' }, scrapes(phases([31, LEFT]))),
        ]),
        promql_expr_test: [
          ...ALLOWANCES.map((allowance) =>
            holds(
              `metric:${allowance}_allowance_exceeded`,
              '30m',
              nodes.map((node) => [{ ...node, device: 'ens5' }, RATE]),
            ),
          ),
          ...HEADROOM.map((record) =>
            holds(
              record,
              '30m',
              nodes.map((node) => [node, LEFT]),
            ),
          ),
        ],
        alert_rule_test: [
          {
            alertname: 'PPSAllowanceExceeded',
            eval_time: '30m',
            exp_alerts: nodes.map((node, index) => ({
              exp_labels: { ...node, device: 'ens5', severity: 'warning' },
              exp_annotations: {
                summary: 'A node sends and receives more packets per second than its instance type allows.',
                description:
                  `Node ip-10-0-1-2${ends[index]}, interface ens5: ${(RATE * 300) / 1000}k packets in the last 5m were queued or ` +
                  'dropped because the instance exceeds its packet rate (both directions together). Connections slow down and ' +
                  'retransmit. First: find the pods with the most packets on this node; spread them or use a larger instance type.',
                runbook_url: 'docs/runbooks/PPSAllowanceExceeded.md',
                dashboard_url: `/d/node-allowances?from=now-3h&to=now${urls[index]}`,
              },
            })),
          },
        ],
      },
    ],
  );
}

describe('cluster.label', () => {
  test('null: one cluster, and no word of it', async () => {
    const generated = generate({ cluster: { label: null } });
    await expectClusters(generated, [{}], [''], ['&var-node=ip-10-0-1-2']);
    expect(generated.file(RULES.allowances)).not.toMatch(/cluster/);
  });

  test('renamed: clusters are told apart by that label, in records, texts and links', async () => {
    const generated = generate({ cluster: { label: 'k8s_cluster' } });
    await expectClusters(
      generated,
      [{ k8s_cluster: 'east' }, { k8s_cluster: 'west 2' }],
      [' of cluster east', ' of cluster west 2'],
      ['&var-k8s_cluster=east&var-node=ip-10-0-1-2', '&var-k8s_cluster=west+2&var-node=ip-10-0-1-2'],
    );
    // "of cluster" is a word of the description; the old label must not stand anywhere.
    expect(generated.file(RULES.allowances)).not.toMatch(/\bcluster\b(?! \{\{)/);
  });
});

test('ethtool.device chooses the interfaces', async () => {
  const at = (device: string): Labels => ({ cluster: 'production', ...NODE, device });
  await expectAnswers(
    generate({ ethtool: { device: 'ens5|bond[0-9]' } }).file(RULES.allowances),
    INTERVAL,
    ['ens5', 'ens55', 'bond0', 'eth0'].flatMap((device, index) => [
      exposed('pps_allowance_exceeded', at(device), growing(phases([11, PER_MINUTE]))),
      exposed('conntrack_allowance_available', at(device), scrapes(phases([11, index === 3 ? 1 : LEFT]))),
    ]),
    [
      holds('metric:pps_allowance_exceeded', '10m', [
        [at('ens5'), RATE],
        [at('bond0'), RATE],
      ]),
      holds('metric:conntrack_allowance_available', '10m', [[{ cluster: 'production', ...NODE }, LEFT]]),
    ],
  );
});
