import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { globsOf } from '../../../../generators/components/cloudwatch-agent/values.ts';
import { EXPORTERS } from '../../../../generators/index.ts';
import { chartsOf, chartValues, type Data } from '../../../support/chart-values.ts';
import { generate, RULES } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { scrapeJobs } from '../../../support/values.ts';
import { wrongIn } from './schema.ts';

const CHART = 'amazon-cloudwatch-observability';
const EXPORTER = 'cloudwatch-agent';
const OTHERS = EXPORTERS.filter((id) => id !== EXPORTER);
const WORKSPACE = 'ws-1';

/** Nothing beside the counters: no other part has a say in what is looked at here. */
const LEAN = {
  flows: { source: 'none' },
  workloads: { resources: false },
  dns: { enabled: false },
  targets: ['helm-values'],
};
const config = (cloudwatchAgent: object = {}, others: object = {}, device: object = {}) => ({
  ...LEAN,
  ethtool: { exporter: EXPORTER, ...device },
  cloudwatchAgent,
  ...others,
});
const written = (given: object) => (chartValues(CHART, given)['agent'] as Data)['config'] as Data;
const metrics = (given: object) =>
  written(given)['metrics'] as { metrics_destinations: Data; metrics_collected: { ethtool: Data } };
const ethtool = (given: object) => metrics(given).metrics_collected.ethtool;

/** What the chart makes of no configuration at all, for its agents. Upstream: chart 6.4.0, templates/_helpers.tpl, build-default-config. */
const DEFAULT = {
  logs: { metrics_collected: { kubernetes: { enhanced_container_insights: true }, application_signals: {} } },
  traces: { traces_collected: { application_signals: {} } },
};

const CONFIGS = [
  config(),
  config({ workspaceId: WORKSPACE }),
  config({}, { amp: { workspaceId: WORKSPACE }, cluster: { label: null } }),
  config({ containerInsights: false }, {}, { device: '(eth|ens)[0-9]+' }),
  config({ applicationSignals: false }),
  config({ containerInsights: false, applicationSignals: false }),
];

describe('the values of the add-on', () => {
  test('exist only if its agent is the exporter, and nothing is scraped then', () => {
    for (const exporter of OTHERS) expect(chartsOf({ ...LEAN, ethtool: { exporter } })).not.toContain(CHART);
    expect(chartsOf(config())).toContain(CHART);
    const jobs = (given: object) =>
      scrapeJobs({ ...given, workloads: { resources: true }, targets: ['kube-prometheus-stack'] }).map(
        ({ job_name: name }) => name,
      );
    expect(jobs(config())).toEqual(jobs({ ...LEAN, ethtool: { exporter: 'none' } }));
  });

  test.each(CONFIGS)('are what the schema of the agent takes: %j', (given) => {
    expect(wrongIn(written(given))).toEqual([]);
  });

  test('of another form would be found', () => {
    const good = written(config());
    expect(
      wrongIn({ ...good, metrics: { metrics_collected: { ethtool: { metrics_collection_interval: 30 } } } }),
    ).toEqual(['/metrics/metrics_collected/ethtool must NOT have additional properties']);
    expect(wrongIn({ metrics: { metrics_destinations: { amp: {} }, metrics_collected: {} } })).toHaveLength(2);
  });

  test('collect what the rules read, and name cluster, job and node', () => {
    expect(ethtool(config())).toEqual({
      interface_include: ['eth*', 'ens*', 'enp*'],
      metrics_include: [
        'bw_in_allowance_exceeded',
        'bw_out_allowance_exceeded',
        'conntrack_allowance_exceeded',
        'linklocal_allowance_exceeded',
        'pps_allowance_exceeded',
        'conntrack_allowance_available',
      ],
      append_dimensions: { cluster: 'production', job: EXPORTER, node: '$K8S_NODE_NAME' },
    });
    expect(ethtool(config({}, { cluster: { label: 'k8s', name: 'east' } }))['append_dimensions']).toMatchObject({
      k8s: 'east',
    });
    expect(ethtool(config({}, { cluster: { label: null } }))['append_dimensions']).toEqual({
      job: EXPORTER,
      node: '$K8S_NODE_NAME',
    });
  });

  test('read every metric that the rules read, and no other', () => {
    const rules = generate(config({}, { targets: ['prometheus'] })).file(RULES.allowances);
    const read = new Set(rules.match(/(?<=\bethtool_)\w+(?=\{|\||")/g));
    expect([...read].toSorted()).toEqual((ethtool(config())['metrics_include'] as string[]).toSorted());
  });

  test('keep what the add-on collects by default, as far as it is wanted', () => {
    const { metrics: _added, ...kept } = written(config());
    expect(kept).toEqual(DEFAULT);
    const without = (settings: object) => Object.keys(written(config(settings)));
    expect(without({ containerInsights: false, applicationSignals: false })).toEqual(['metrics']);
    expect(without({ applicationSignals: false })).toEqual(['logs', 'metrics']);
    expect(written(config({ applicationSignals: false }))['logs']).toEqual({
      metrics_collected: { kubernetes: { enhanced_container_insights: true } },
    });
    expect(written(config({ containerInsights: false }))['logs']).toEqual({
      metrics_collected: { application_signals: {} },
    });
  });

  test('send the counters to the workspace, that of amp if there is no other, else to CloudWatch', () => {
    const to = (given: object) => metrics(given).metrics_destinations;
    expect(to(config())).toEqual({ cloudwatch: {} });
    expect(to(config({}, { amp: { workspaceId: 'ws-2' } }))).toEqual({ amp: { workspace_id: 'ws-2' } });
    expect(to(config({ workspaceId: WORKSPACE }, { amp: { workspaceId: 'ws-2' } }))).toEqual({
      amp: { workspace_id: WORKSPACE },
    });
  });

  test('say how the add-on takes them and what the agents may do', () => {
    const header = (given: object) =>
      generate({ ...given, targets: ['helm-values'] }).bundle.helmValues.find(({ chart }) => chart === CHART)?.header ??
      '';
    expect(header(config())).toContain(
      `aws eks update-addon --cluster-name CLUSTER --addon-name ${CHART} --configuration-values file://helm-values/${CHART}.yaml`,
    );
    expect(header(config())).toContain('CloudWatch only');
    expect(header(config())).not.toContain('aps:RemoteWrite');
    expect(header(config({ workspaceId: WORKSPACE }))).toContain('aps:RemoteWrite');
  });
});

describe('globs', () => {
  const parts = fc.constantFrom('eth', 'ens5', 'e-n_p', 'ens.*', 'eth.*', '.*');
  const interfaces = fc.constantFrom(
    'eth0',
    'eth1',
    'eth',
    'ens5',
    'ens55',
    'enp39s0',
    'e-n_p',
    'veth0',
    'lo',
    'docker0',
  );
  /** What a glob of the agent matches: `*` is anything, the rest is itself. */
  const matched = (globs: readonly string[], name: string) =>
    globs.some((glob) => (glob.endsWith('*') ? name.startsWith(glob.slice(0, -1)) : name === glob));

  test('match what the regular expression matches', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 4 }), interfaces, (alternatives, name) => {
        const regex = alternatives.join('|');
        const globs = globsOf(regex);
        expect(globs).toBeDefined();
        expect(matched(globs ?? [], name)).toBe(new RegExp(`^(?:${regex})$`).test(name));
      }),
    );
  });

  test.each(['ens[0-9]+', '(eth|ens).*', 'eth.', 'e.*h', 'eth.*|', 'ens\\d', 'eth?'])('say nothing of %s', (regex) => {
    expect(globsOf(regex)).toBeUndefined();
  });

  test('that are not there leave the choice to the rules', () => {
    expect(ethtool(config({}, {}, { device: 'ens[0-9]+' }))['interface_include']).toEqual(['*']);
  });
});

describe('the build says', () => {
  const told = (given: object) =>
    generate(given)
      .warnings.filter(({ reason }) => reason.includes('CloudWatch agent'))
      .map(({ kind, settings, reason }) => ({ kind, settings, reason }));

  test('that the series reach no Prometheus, or which workspace and by what', () => {
    expect(told(config())).toEqual([
      {
        kind: 'doubtful',
        settings: ['ethtool.exporter', 'cloudwatchAgent.workspaceId'],
        reason: expect.stringContaining('reach CloudWatch only, and no Prometheus'),
      },
    ]);
    expect(told(config({ workspaceId: WORKSPACE }))).toEqual([
      {
        kind: 'doubtful',
        settings: ['ethtool.exporter', 'targets'],
        reason: expect.stringContaining(`reach the AMP workspace ${WORKSPACE} only, by remote write`),
      },
    ]);
    const amp = config(
      {},
      { amp: { workspaceId: WORKSPACE }, targets: ['amp', 'helm-values'], rules: { ruler: 'amp' } },
    );
    expect(told(amp)).toEqual([]);
    expect(generate(amp).bundle.skipped).toContainEqual({
      kind: 'scrape job for ENA counters',
      reason: `the CloudWatch agents write them to the AMP workspace ${WORKSPACE} themselves`,
    });
    for (const exporter of OTHERS)
      expect(told({ ...LEAN, ethtool: { exporter }, amp: { workspaceId: WORKSPACE } })).toEqual([]);
  });

  test('that a window holds too few samples of a minute', () => {
    const window = (minutes: number) =>
      told(
        config({ workspaceId: WORKSPACE }, { rules: { window: `${minutes}m` }, scrape: { interval: '15s' } }),
      ).filter(({ settings }) => settings.includes('rules.window'));
    expect(window(3)).toHaveLength(1);
    expect(window(4)).toEqual([]);
  });

  test.each([
    [{ name: 'prod$EAST' }, 'cluster.name'],
    [{ label: '_cluster' }, 'cluster.label'],
    [{ name: '5 $ a month' }, undefined],
    [{ name: '$EAST', label: null }, undefined],
  ])('that the agent changes the cluster %j', (cluster, setting) => {
    const changed = told(config({ workspaceId: WORKSPACE }, { cluster })).filter(({ reason }) =>
      reason.includes('another cluster'),
    );
    expect(changed.map(({ settings }) => settings[0])).toEqual(setting === undefined ? [] : [setting]);
  });

  test('that its settings do nothing with another exporter', () => {
    const given = { ...LEAN, targets: ['prometheus', 'helm-values'], cloudwatchAgent: { applicationSignals: false } };
    expect(generate(given).warnings).toMatchObject([
      { settings: ['cloudwatchAgent.applicationSignals'], reason: 'ethtool.exporter is showmax' },
    ]);
  });
});

test('rules and agents share a workspace', () => {
  const both = (workspaceId: string | null, targets: readonly string[]) =>
    complaints(config({ workspaceId }, { amp: { workspaceId: 'ws-2' }, targets }));
  expect(both(WORKSPACE, ['amp', 'helm-values'])).toEqual([
    'cloudwatchAgent.workspaceId: got "ws-1", expected null or ws-2, which is amp.workspaceId, as rules read only the series of their own workspace',
  ]);
  expect(both('ws-2', ['amp', 'helm-values'])).toEqual([]);
  expect(both(null, ['amp', 'helm-values'])).toEqual([]);
  expect(both(WORKSPACE, ['helm-values'])).toEqual([]);
  expect(complaints(config({ workspaceId: 'a b' }))).toHaveLength(1);
});
