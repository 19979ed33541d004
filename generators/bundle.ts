import { alertsFor, allAlerts, allowanceAlerts } from './alerts/index.ts';
import type { Config } from './config/schema.ts';
import { dashboardIndex } from './dashboards/index.ts';
import { changedDashboard, omittedPanels } from './dashboards/overrides.ts';
import type { Bundle, Omission, SourceNote } from './model/bundle.ts';
import type { Dashboard } from './model/dashboard.ts';
import type { RuleFile } from './model/rules.ts';
import { allowanceRules } from './recordings/allowances.ts';
import { articlesGroup, zoneTrafficGroup } from './recordings/index.ts';
import { ethtoolExporter, flowSource } from './sources/index.ts';
import { kubePrometheusStackValues } from './values/kube-prometheus-stack.ts';
import { retinaHubbleValues } from './values/retina-hubble.ts';

interface Part<T> {
  readonly made: readonly T[];
  readonly omissions: readonly Omission[];
}

function trafficRuleFiles(config: Config): Part<RuleFile> {
  const source = flowSource(config);
  if (source === undefined) {
    return { made: [], omissions: [{ what: 'recording rules of traffic', reason: 'flows.source is none' }] };
  }
  const zoneTraffic: RuleFile = {
    name: 'zone-traffic',
    about: [
      `Traffic between workloads and zones in ${source.unitLabel}, read from ${source.id}. ${source.countOnce}`,
      'What it does not see:',
      ...source.blindSpots.map((spot) => `- ${spot}`),
    ].join('\n'),
    groups: [zoneTrafficGroup(config, source)],
  };
  if (!config.rules.articleRecords) {
    return {
      made: [zoneTraffic],
      omissions: [{ what: "the articles' records", reason: 'rules.articleRecords is false' }],
    };
  }
  const articles: RuleFile = {
    name: 'inter-az-traffic-analysis',
    about:
      "The articles' records, for queries built on them. Nothing of Azimuth reads them; rules.articleRecords: false leaves " +
      'them out and saves two series for each flow series.',
    groups: [articlesGroup(config, source)],
  };
  return { made: [zoneTraffic, articles], omissions: [] };
}

function allowanceRuleFiles(config: Config): Part<RuleFile> {
  const exporter = ethtoolExporter(config);
  if (exporter === undefined) {
    return { made: [], omissions: [{ what: 'rules on ENA allowances', reason: 'ethtool.exporter is none' }] };
  }
  const group = {
    name: 'azimuth-ena-allowances',
    interval: config.rules.interval,
    rules: [...allowanceRules(config, exporter), ...alertsFor(config, allowanceAlerts)],
  };
  return {
    made: [
      {
        name: 'ena-allowances',
        about: 'Network limits of EC2 nodes (ENA allowances): records and alerts.',
        groups: [group],
      },
    ],
    omissions: [],
  };
}

function dashboards(config: Config): Part<Dashboard> {
  const parts = dashboardIndex.map(({ uid, make }): Part<Dashboard> => {
    const change = config.dashboards[uid] ?? {};
    if (change === false) {
      return { made: [], omissions: [{ what: `dashboard ${uid}`, reason: 'switched off in the configuration' }] };
    }
    const made = make(config);
    return 'sections' in made
      ? { made: [changedDashboard(made, change)], omissions: omittedPanels(uid, change) }
      : { made: [], omissions: [made] };
  });
  return { made: parts.flatMap(({ made }) => made), omissions: parts.flatMap(({ omissions }) => omissions) };
}

const switchedOffAlerts = (config: Config): readonly Omission[] =>
  allAlerts
    .filter(({ alert }) => config.alerts[alert] === false)
    .map(({ alert }) => ({ what: `alert ${alert}`, reason: 'switched off in the configuration' }));

function sourceNotes(config: Config): readonly SourceNote[] {
  const source = flowSource(config);
  if (source === undefined) return [];
  const { id, unitLabel: unit, countOnce, blindSpots } = source;
  return [{ id, unit, countOnce, blindSpots }];
}

const relative = (links: string, reason: string): Omission => ({
  what: `host of the ${links} links in alerts`,
  reason,
});

/** Links that work only on a host that the configuration does not name. */
function relativeLinks(config: Config): readonly Omission[] {
  if (ethtoolExporter(config) === undefined) return [];
  const { grafana, rules } = config;
  return [
    ...(grafana.url === '' ? [relative('dashboard', 'grafana.url is empty')] : []),
    ...(/^https?:/.test(rules.runbookBaseUrl) ? [] : [relative('runbook', 'rules.runbookBaseUrl is no URL')]),
  ];
}

/** Everything that a configuration asks for, and what it cannot have with the reason. Pure. */
export function makeBundle(config: Config): Bundle {
  const traffic = trafficRuleFiles(config);
  const allowances = allowanceRuleFiles(config);
  const boards = dashboards(config);
  return {
    ruleFiles: [...traffic.made, ...allowances.made],
    dashboards: boards.made,
    helmValues: [
      ...(flowSource(config) === undefined ? [] : [retinaHubbleValues(config)]),
      kubePrometheusStackValues(config),
    ],
    sources: sourceNotes(config),
    omissions: [
      ...relativeLinks(config),
      ...traffic.omissions,
      ...allowances.omissions,
      ...boards.omissions,
      ...switchedOffAlerts(config),
    ],
  };
}
