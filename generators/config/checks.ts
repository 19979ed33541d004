import { seconds } from '../promql/index.ts';
import type { Catalogue } from './names.ts';
import { show, type Problem } from './problems.ts';
import type { Config } from './schema.ts';

/** A condition that one schema keyword cannot say. It runs only when every place it reads is valid by itself. */
interface Check {
  readonly reads: readonly string[];
  find(config: Config, catalogue: Catalogue): readonly Problem[];
}

const problem = (path: string, value: unknown, expected: string): Problem => ({
  path,
  message: `got ${show(value)}, expected ${expected}`,
});

/** Labels that the rules join or aggregate on; a cluster label of the same name would destroy them. */
const OUR_LABELS = new Set(
  (
    'node namespace pod uid ip zone instance job device type reason locality workload workload_type provider_id severity ' +
    'alertname protocol verdict subtype'
  ).split(' '),
);

const durations: Check = {
  reads: ['scrape.interval', 'rules.interval', 'rules.window', 'rules.infoLookback'],
  find: ({ scrape, rules }) => {
    const [scraped, evaluated] = [seconds(scrape.interval), seconds(rules.interval)];
    const [window, lookback] = [seconds(rules.window), seconds(rules.infoLookback)];
    const zero = [
      { path: 'scrape.interval', value: scrape.interval, length: scraped },
      { path: 'rules.interval', value: rules.interval, length: evaluated },
    ].filter(({ length }) => length === 0);
    if (zero.length > 0) return zero.map(({ path, value }) => problem(path, value, 'more than nothing'));
    const least = Math.max(4 * scraped, evaluated + scraped);
    const problems: Problem[] = [];
    if (window < least) {
      const why =
        '4 scrape intervals, and an evaluation interval plus a scrape interval; a shorter window misses jumps';
      problems.push(problem('rules.window', rules.window, `at least ${least}s (${why})`));
    }
    if (lookback < window) {
      const why = 'the window, so that pods that end inside it are still known';
      problems.push(problem('rules.infoLookback', rules.infoLookback, `at least ${rules.window} (${why})`));
    }
    return problems;
  },
};

const clusterLabel: Check = {
  reads: ['cluster.label'],
  find: ({ cluster }) =>
    cluster.label !== null && (OUR_LABELS.has(cluster.label) || /^(__|source_|destination_)/.test(cluster.label))
      ? [problem('cluster.label', cluster.label, 'a label that the rules do not use themselves, such as cluster')]
      : [],
};

const deviceRegex: Check = {
  reads: ['ethtool.device'],
  find: ({ ethtool }) => {
    const expected = 'a regular expression as Prometheus reads it (RE2) such as eth.*|ens.*';
    if (ethtool.device === '' || /\(\?[=!<]|\\[1-9]/.test(ethtool.device)) {
      return [problem('ethtool.device', ethtool.device, expected)];
    }
    try {
      RegExp(ethtool.device);
      return [];
    } catch {
      return [problem('ethtool.device', ethtool.device, expected)];
    }
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

const ruleLabels: Check = {
  reads: ['rules.labels', 'cluster.label'],
  find: ({ rules, cluster }) =>
    Object.keys(rules.labels)
      .filter((label) => ['severity', 'alertname', cluster.label].includes(label))
      .map((label) => ({ path: `rules.labels.${label}`, message: `${label} is set by the alerts themselves` })),
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
  reads: ['alerts'],
  find: ({ alerts }, catalogue) =>
    Object.entries(alerts).flatMap(([name, change]) => {
      const alert = catalogue.alerts[name];
      if (alert === undefined || change === false) return [];
      const path = `alerts.${name}`;
      const problems: Problem[] = [];
      if (alert.ratio && (change.threshold ?? 0) > 1) {
        problems.push(problem(`${path}.threshold`, change.threshold, 'a ratio between 0 and 1'));
      }
      if (!alert.escalates && change.escalation) {
        problems.push({ path: `${path}.escalation`, message: `${name} has one tier only; change it directly` });
      }
      if (alert.escalates && change.escalation !== false && change.severity === 'critical') {
        const expected = 'warning or info, as the escalation is critical; or remove it with escalation: false';
        problems.push(problem(`${path}.severity`, change.severity, expected));
      }
      return problems;
    }),
};

const CHECKS: readonly Check[] = [
  durations,
  clusterLabel,
  deviceRegex,
  somethingToDo,
  ruleLabels,
  keptPaths,
  alertTiers,
];

/** What is wrong beyond the schema; `found` are the problems known so far, whose places are not looked at again. */
export function checkConfig(config: Config, catalogue: Catalogue, found: readonly Problem[]): Problem[] {
  const broken = (place: string) =>
    found.some(({ path }) => path === '' || place.startsWith(path) || path.startsWith(`${place}.`));
  return CHECKS.filter(({ reads }) => !reads.some(broken)).flatMap((check) => check.find(config, catalogue));
}
