import { seconds } from '../promql/index.ts';
import { problem, regexProblem, zeroDuration, type Check } from './check.ts';
import { chartChecks } from './checks-charts.ts';
import { flowChecks } from '../traffic/checks.ts';
import { manifestChecks } from './checks-manifests.ts';
import { packagingChecks } from './checks-packaging.ts';
import { sourceChecks } from './checks-sources.ts';
import type { Catalogue } from './names.ts';
import type { Problem } from '../schema/problems.ts';
import type { Config } from '../settings/index.ts';

/**
 * Labels that rules and dashboards use themselves, so that a cluster label of the same name would destroy them; `inf` and `nan`
 * are numbers to PromQL.
 */
const OUR_LABELS = new Set(
  (
    'node namespace pod uid ip host_ip pod_ip host_network zone instance job device type reason locality workload workload_type ' +
    'provider_id severity alertname alertstate protocol verdict subtype traffic_direction replicaset job_name host name ' +
    'owner_kind owner_name owner_is_controller created_by_kind created_by_name datasource pods_namespace direction kind unit rule_group address internal_ip cluster_ip service ' +
    'native_zone native_workload native_workload_type named_zone workload_namespace workload_pod obi_ip beyla_ip inf nan'
  ).split(' '),
);

const durations: Check = {
  reads: ['scrape.interval', 'rules.interval', 'rules.window'],
  find: ({ scrape, rules }) => {
    const [scraped, evaluated] = [seconds(scrape.interval), seconds(rules.interval)];
    const window = seconds(rules.window);
    const zero = [
      { path: 'scrape.interval', value: scrape.interval, length: scraped },
      { path: 'rules.interval', value: rules.interval, length: evaluated },
    ].filter(({ length }) => length === 0);
    if (zero.length > 0) return zero.map(({ path, value }) => zeroDuration(path, value));
    // Rounded, as 4 x 0.7 is 2.8 and then some.
    const least = Number(Math.max(4 * scraped, evaluated + scraped).toFixed(3));
    if (window >= least) return [];
    const why = '4 scrape intervals, and an evaluation interval plus a scrape interval; a shorter window misses jumps';
    return [problem('rules.window', rules.window, `at least ${least}s (${why})`)];
  },
};

const clusterLabel: Check = {
  reads: ['cluster.label'],
  find: ({ cluster }) =>
    cluster.label !== null &&
    (OUR_LABELS.has(cluster.label.toLowerCase()) ||
      /^(__|source_|destination_|resolved_|k8s_(src|dst)_|(src|dst)(_|k8s))/.test(cluster.label.toLowerCase()))
      ? [problem('cluster.label', cluster.label, 'a label that the rules do not use themselves, such as cluster')]
      : [],
};

const deviceRegex: Check = {
  reads: ['ethtool.device'],
  find: ({ ethtool }) => {
    const why = ethtool.device === '' ? 'it matches nothing' : regexProblem(ethtool.device);
    const expected = `a regular expression as Prometheus reads it (RE2) such as eth.*|ens.* (${why})`;
    return why === undefined ? [] : [problem('ethtool.device', ethtool.device, expected)];
  },
};

const somethingToDo: Check = {
  reads: ['flows.source', 'ethtool.exporter'],
  find: ({ flows, ethtool }) =>
    flows.source === 'none' && ethtool.exporter === 'none'
      ? [
          problem(
            'flows.source',
            'none',
            'a flow source, as ethtool.exporter is none too and nothing would be generated',
          ),
        ]
      : [],
};

/** Labels that tell alerts apart: a fixed value would make two of them one, which Prometheus refuses. */
const ALERT_LABELS = ['severity', 'alertname', 'instance', 'node', 'device', 'unit', 'source', 'rule_group'];

const ruleLabels: Check = {
  reads: ['rules.labels', 'cluster.label'],
  find: ({ rules, cluster }) =>
    Object.entries(rules.labels).flatMap(([label, value]) => {
      const path = `rules.labels.${label}`;
      if ([...ALERT_LABELS, cluster.label].includes(label) || label.startsWith('__')) {
        return [
          { path, message: `${label} is set by the alerts themselves; expected a label of your own such as team` },
        ];
      }
      return value.includes('{{') ? [problem(path, value, 'a fixed value; templates are not taken here')] : [];
    }),
};

const keptPaths: Check = {
  reads: ['keep'],
  find: ({ keep }) =>
    keep.flatMap((path, index) =>
      path.startsWith('/') || path.split('/').includes('..')
        ? [problem(`keep.${index}`, path, 'a path inside the output folder such as dashboards/grafana/mine.json')]
        : [],
    ),
};

const alertTiers: Check = {
  // Alerts are looked at one by one: a mistake in one must not hide that of another.
  reads: [],
  find: ({ alerts }, catalogue, isBroken) =>
    Object.entries(alerts).flatMap(([name, change]) => {
      const alert = catalogue.alerts[name];
      if (alert === undefined || change === false || isBroken(`alerts.${name}`)) return [];
      const path = `alerts.${name}`;
      const problems: Problem[] = [];
      if (alert.ratio && (change.threshold ?? 0) > 1) {
        problems.push(problem(`${path}.threshold`, change.threshold, 'a ratio between 0 and 1'));
      }
      if (alert.escalation === undefined) {
        return change.escalation
          ? [...problems, { path: `${path}.escalation`, message: `${name} has one tier only; change it directly` }]
          : problems;
      }
      if (change.escalation === false) return problems;
      if (change.severity === 'critical') {
        const expected = 'warning or info, as the escalation is critical; or remove it with escalation: false';
        problems.push(problem(`${path}.severity`, change.severity, expected));
      }
      const first = change.threshold ?? alert.threshold;
      const second = change.escalation?.threshold ?? alert.escalation.threshold;
      if (second < first) {
        const expected = `at least the threshold of the first tier (${first}), or escalation: false`;
        problems.push(problem(`${path}.escalation.threshold`, second, expected));
      }
      return problems;
    }),
};

/** Grafana's min_refresh_interval is 5s unless changed: it refuses less in resources, and raises it elsewhere (seen with 12.4). */
const refresh: Check = {
  reads: ['dashboards'],
  find: ({ dashboards }) =>
    Object.entries(dashboards).flatMap(([uid, change]) =>
      change === false || change.refresh === undefined || seconds(change.refresh) >= 5
        ? []
        : [problem(`dashboards.${uid}.refresh`, change.refresh, 'at least 5s, as Grafana reloads no faster')],
    ),
};

const CHECKS: readonly Check[] = [
  durations,
  clusterLabel,
  deviceRegex,
  somethingToDo,
  ...flowChecks,
  ...sourceChecks,
  ...chartChecks,
  ...manifestChecks,
  ...packagingChecks,
  ruleLabels,
  keptPaths,
  refresh,
  alertTiers,
];

const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`);

/** What is wrong beyond the schema; `found` are the problems known so far, whose places are not looked at again. */
export function checkConfig(config: Config, catalogue: Catalogue, found: readonly Problem[]): Problem[] {
  const isBroken = (place: string) =>
    found.some(({ path }) => path === '' || isWithin(place, path) || isWithin(path, place));
  return CHECKS.filter(({ reads }) => !reads.some(isBroken)).flatMap((check) =>
    check.find(config, catalogue, isBroken),
  );
}
