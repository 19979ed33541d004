/** Lines that an addition puts into a file that is there, below the one line that begins so, whatever its indentation. */
export interface Edit {
  readonly file: string;
  readonly below: string;
  readonly lines: readonly string[];
}

/** One kind of addition, with a toy of it: new files are in the folder of its name beside this one. */
export interface Addition {
  readonly name: string;
  /** The heading of its recipe in docs/architecture.md. */
  readonly heading: string;
  /** Files that may be touched by hand, tests and docs included. */
  readonly limit: number;
  readonly edits: readonly Edit[];
}

const REGISTRY = 'generators/registry.ts';

export const ADDITIONS: readonly Addition[] = [
  {
    name: 'flow-source',
    heading: 'A flow source',
    limit: 9,
    edits: [
      {
        file: REGISTRY,
        below: 'import { kubezonnet } from',
        lines: ["import { netmeter } from './components/netmeter/index.ts';"],
      },
      { file: REGISTRY, below: 'kubezonnet,', lines: ['  netmeter,'] },
      {
        file: 'bench/sources/index.ts',
        below: 'import { kubezonnet } from',
        lines: ["import { netmeter } from './netmeter.ts';"],
      },
      { file: 'bench/sources/index.ts', below: 'kubezonnet,', lines: ['  netmeter,'] },
      {
        file: 'docs/configuration.md',
        below: '| `kubezonnet`',
        lines: ['| `netmeter` | bytes | `*:network_bytes:*`, cost | netmeter |'],
      },
      {
        file: 'test/support/expected-traffic.ts',
        below: 'export const EXPECTED',
        lines: [
          '  netmeter: {',
          '    plain: both,',
          '    service: both,',
          '    sameNode: [same(WEB, NEAR, 10), same(NEAR, WEB, 200)],',
          '    outward: [outward(WEB, INTERNET, 10)],',
          '    inward: [outward(WEB, INTERNET, 200)],',
          '    toHost: [crossing(WEB, NODE_B, 10), crossing(NODE_B, WEB, 200)],',
          '    probe: [same(NODE_B, DB, 10), same(DB, NODE_B, 200)],',
          '    loopback: [],',
          '    ipv6: both,',
          '    unnamed: both,',
          '    gone: [vague(GONE_POD, DB, 10), vague(DB, GONE_POD, 200)],',
          '    unlabelled: [crossing(PLACED, DB, 10), crossing(DB, PLACED, 200)],',
          '    lost: [vague(LOST, DB, 10), vague(DB, LOST, 200)],',
          '  },',
        ],
      },
      {
        file: 'test/support/expected-traffic.ts',
        below: 'export const REPORTS',
        lines: ["  netmeter: ['destinations', 'pods', 'addresses'],"],
      },
      {
        file: 'test/support/expected-traffic.ts',
        below: 'export const COUNTED',
        lines: ["  netmeter: { network_bytes: sum('netmeter_sent_bytes_total') },"],
      },
    ],
  },
  {
    name: 'alert',
    heading: 'An alert',
    limit: 5,
    edits: [
      {
        file: 'generators/traffic/alerts/attribution.ts',
        below: 'export const attributionAlerts',
        lines: [
          '  alert({',
          "    alert: 'TrafficMostlyCrossZone',",
          '    ratio: true,',
          "    tier: warning(0.5, '1h', '15m'),",
          "    summary: 'Most traffic crosses zones.',",
          '    description: ({ cluster }) =>',
          '      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} crosses zones. ` +',
          "      'First: find the workloads that send most of it.',",
          '    expr: (config, threshold) =>',
          '      overUnits(config, (input) => {',
          '        const { cluster } = trafficNames(config, input);',
          '        const by = labels(...clusterLabels(config));',
          '        return promql`',
          "          sum by (${by}) (${selector(cluster, { locality: 'cross_zone' })})",
          '          / on (${by})',
          '          (sum by (${by}) (${selector(cluster)}) > 0)',
          '          > ${threshold}`;',
          '      }),',
          "    comment: 'A share, so that it says the same of small and large clusters.',",
          '  }),',
        ],
      },
      {
        file: 'docs/README.md',
        below: '- [runbooks/](runbooks)',
        lines: ['  - Zone-aware routing: [TrafficMostlyCrossZone](runbooks/TrafficMostlyCrossZone.md)'],
      },
      {
        file: 'test/promtool/pipeline-cases.ts',
        below: 'export const CASES',
        lines: [
          '  {',
          "    alert: 'TrafficMostlyCrossZone',",
          '    pending: 60,',
          '    keep: 15,',
          '    memory: 1,',
          '    well: [0, 0.5],',
          '    ill: [0.51, 1],',
          '    series: (place, levels) =>',
          "      (['cross_zone', 'same_zone'] as const).map((locality) =>",
          '        holding(',
          '          `cluster:${UNIT}:rate5m`,',
          '          { ...place, locality },',
          "          levels.map((level) => (level === ABSENT ? level : 100 * (locality === 'cross_zone' ? level : 1 - level))),",
          '        ),',
          '      ),',
          '    labels: ofUnit,',
          '    changed: { threshold: 0.9, ill: 0.95 },',
          '  },',
        ],
      },
      {
        file: 'test/promtool/pipeline-cases.ts',
        below: '> = {',
        lines: [
          '  TrafficMostlyCrossZone: {',
          '    level: 0.75,',
          "    summary: 'Most traffic crosses zones.',",
          '    said: (cluster) => `${cluster}75% of network_flows crosses zones.`,',
          "    first: 'find the workloads that send most of it.',",
          '  },',
        ],
      },
      {
        file: 'demo/weeks/bad.ts',
        below: 'const TRAFFIC: readonly Incident[]',
        lines: [
          '  {',
          "    title: 'nodes are moved to other zones, and routing does not follow',",
          '    from: 98,',
          '    lasts: 80,',
          '    parts: part({',
          '      cluster: (cluster) => ({',
          '        ...cluster,',
          "        nodes: cluster.nodes.map((node, index) => ({ ...node, zone: `eu-central-1${'abc'.charAt(index / 4)}` })),",
          '        pods: [...cluster.pods],',
          '      }),',
          '    }),',
          "    raises: { 'TrafficMostlyCrossZone warning': 73 },",
          '  },',
        ],
      },
    ],
  },
  {
    name: 'dashboard',
    heading: 'A dashboard',
    limit: 5,
    edits: [
      {
        file: 'generators/traffic/index.ts',
        below: "import { zoneTraffic } from './dashboard/index.ts';",
        lines: ["import { zoneHistory } from './dashboard/zone-history.ts';"],
      },
      {
        file: 'generators/traffic/index.ts',
        below: 'dashboards: [',
        lines: [
          '    {',
          "      uid: 'zone-history',",
          '      build: (config) => {',
          '        const input = primaryInput(config.inputs);',
          '        return input === undefined ? { reason: NO_SOURCE } : zoneHistory(config, input);',
          '      },',
          '    },',
        ],
      },
      {
        file: 'docs/install.md',
        below: '| `dashboards/grafana/zone-traffic.json`',
        lines: ['| `dashboards/grafana/zone-history.json` | how that changed over weeks | Grafana |'],
      },
      {
        file: 'docs/gitops.md',
        below: 'configMapGenerator:',
        lines: [
          '  - {',
          '      name: azimuth-dashboard-zone-history,',
          '      namespace: monitoring,',
          '      files: [../../dashboards/grafana/zone-history.json],',
          "      options: { labels: { grafana_dashboard: '1' } },",
          '    }',
        ],
      },
      {
        file: 'test/e2e/truths.ts',
        below: 'export const TRUTHS',
        lines: [
          "  'zone-history': ({ truth }) => ({",
          "    'locality-history': [",
          '      {',
          "        all: (['same_zone', 'cross_zone', 'cross_region', 'internet', 'unknown'] as const).map((locality) => ({",
          '          labels: { locality },',
          '          value: truth.byLocality[locality],',
          '        })),',
          '      },',
          '    ],',
          '  }),',
        ],
      },
    ],
  },
  {
    name: 'chart',
    heading: 'A chart',
    limit: 5,
    edits: [
      {
        file: REGISTRY,
        below: 'import { kubeBurner } from',
        lines: ["import { goldfinch } from './components/goldfinch/index.ts';"],
      },
      { file: REGISTRY, below: 'kubeBurner,', lines: ['  goldfinch,'] },
      {
        file: 'conformance/charts/cases-tools.ts',
        below: 'const stack: readonly Case[] = [',
        lines: ["  named('goldfinch', { goldfinch: { enabled: true } }),"],
      },
      {
        file: 'docs/compatibility.md',
        below: '| 0.30.0 (minimum) |',
        lines: [
          '',
          '### goldfinch',
          '',
          '| version | run | not run |',
          '| --- | --- | --- |',
          '| 2.4.1 | rendered | pods |',
        ],
      },
    ],
  },
  {
    name: 'output',
    heading: 'An output format',
    limit: 6,
    edits: [
      {
        file: REGISTRY,
        below: 'import { gitSync } from',
        lines: ["import { rulerApi } from './outputs/ruler-api/index.ts';"],
      },
      { file: REGISTRY, below: 'gitSync,', lines: ['  rulerApi,'] },
      {
        file: 'docs/outputs.md',
        below: '| `git-sync`',
        lines: ['| `ruler-api` | `rules/ruler-api/<name>.json` | the HTTP API of a ruler |'],
      },
    ],
  },
  {
    name: 'setting',
    heading: 'A setting',
    limit: 2,
    edits: [
      {
        file: 'generators/components/descheduler/settings.ts',
        below: 'nodeFit: flag(',
        lines: [
          '    maxEvictionsTotal: value(',
          "      { type: ['integer', 'null'], minimum: 1, unit: 'evictions per round' },",
          '      null,',
          "      'Evictions in the whole cluster in one round; null for no limit.',",
          '    ),',
        ],
      },
      {
        file: 'generators/components/descheduler/values.ts',
        below: 'maxNoOfPodsToEvictPerNamespace:',
        lines: ['        maxNoOfPodsToEvictTotal: config.descheduler.maxEvictionsTotal ?? undefined,'],
      },
    ],
  },
];
