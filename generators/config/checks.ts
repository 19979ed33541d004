import { COMPONENTS, DOMAINS, OUTPUTS, type Config } from '../registry.ts';
import { seconds } from '../promql/index.ts';
import { listed, type Problem } from '../schema/problems.ts';
import { checkOf, problem, zeroDuration, type Check } from '../settings/check.ts';
import { LOOKBACK, longestInterval, ruleLoaders } from '../settings/general.ts';
import { problemIf } from '../shared/checks.ts';
import { isAmong } from '../domain.ts';
import { chosenSources, type FlowSource, rulerLabels } from '../traffic/index.ts';
import type { Catalogue } from './schema.ts';

const check = checkOf<Config>();

/** Why an interval has a longest value. */
const FORGOTTEN = `queries find a series for ${LOOKBACK} after its last sample`;

const intervalProblems = (path: string, value: string, longest = LOOKBACK, why = FORGOTTEN): readonly Problem[] =>
  seconds(value) === 0
    ? [zeroDuration(path, value)]
    : problemIf(seconds(value) > seconds(longest), path, value, `at most ${longest}, as ${why}`);

const durations = check(['scrape.interval', 'rules.interval', 'rules.ruler', 'rules.window'], ({ scrape, rules }) => {
  const [scraped, evaluated] = [seconds(scrape.interval), seconds(rules.interval)];
  const window = seconds(rules.window);
  const vmalert = rules.ruler === 'vmalert' ? ', and with vmalert the newest is up to two intervals old' : '';
  const wrong = [
    ...intervalProblems('scrape.interval', scrape.interval),
    ...intervalProblems('rules.interval', rules.interval, longestInterval(rules.ruler), FORGOTTEN + vmalert),
  ];
  if (wrong.length > 0) return wrong;
  // Rounded, because 4 x 0.7 is not exactly 2.8.
  const min = Number(Math.max(4 * scraped, evaluated + scraped).toFixed(3));
  if (window >= min) return [];
  const why = '4 scrape intervals, and an evaluation interval plus a scrape interval; a shorter window misses jumps';
  return [problem('rules.window', rules.window, `at least ${min}s (${why})`)];
});

const stateMetricsInterval = check(['kubeStateMetrics.interval'], ({ kubeStateMetrics: { interval } }) =>
  interval === null ? [] : intervalProblems('kubeStateMetrics.interval', interval),
);

/** Labels that distinguish alerts: a fixed value would produce duplicate alerts, which Prometheus rejects. */
const DISTINGUISHING_LABELS = ['severity', 'alertname', 'instance', 'node', 'device', 'unit', 'source', 'zone'];

/** Problems of labels that are added to alerts. */
const labelProblems = (
  above: string,
  labels: Readonly<Record<string, string>>,
  {
    rules,
    cluster,
  }: {
    readonly rules: Pick<Config['rules'], 'ruler'>;
    readonly cluster: Pick<Config['cluster'], 'label'>;
  },
): readonly Problem[] =>
  Object.entries(labels).flatMap(([label, value]) => {
    const path = `${above}.${label}`;
    if ([...DISTINGUISHING_LABELS, ...rulerLabels(rules), cluster.label].includes(label) || label.startsWith('__')) {
      return [{ path, message: `${label} is set by the alerts themselves; expected a label of your own such as team` }];
    }
    return value.includes('{{') ? [problem(path, value, 'a fixed value; templates are not taken here')] : [];
  });

const ruleLabels = check(['rules.labels', 'rules.ruler', 'cluster.label'], (config) =>
  labelProblems('rules.labels', config.rules.labels, config),
);

/** What a ruler fills in, and nothing that it could refuse: one template that it cannot read, and it refuses the whole file. */
const TEMPLATE =
  /\{\{ ?\$(?:value|labels\.[A-Za-z_]\w*)(?: \| (?:humanize|humanizePercentage|humanizeDuration|urlquery))? ?\}\}/g;

/** Labels and annotations of single alerts. */
const alertTexts = check(['alerts', 'rules.labels', 'rules.ruler', 'cluster.label'], (config) =>
  Object.entries(config.alerts).flatMap(([name, change]) => {
    if (change === false) return [];
    const annotations = Object.entries(change.annotations ?? {}).flatMap(([key, text]) => {
      const path = `alerts.${name}.annotations.${key}`;
      if (key.startsWith('__')) return [{ path, message: `${key} is reserved; expected a name such as runbook_url` }];
      return /\{\{|\}\}/.test(text.replaceAll(TEMPLATE, ''))
        ? [problem(path, text, 'text in which {{ $value }} and {{ $labels.NAME }} are the only templates')]
        : [];
    });
    return [...labelProblems(`alerts.${name}.labels`, change.labels ?? {}, config), ...annotations];
  }),
);

const keptPaths = check(['keep'], ({ keep }) =>
  keep.flatMap((path, index) =>
    path.startsWith('/') || path.split('/').includes('..')
      ? [problem(`keep.${index}`, path, 'a path inside the output folder such as dashboards/grafana/mine.json')]
      : [],
  ),
);

/** Grafana's min_refresh_interval defaults to 5s: it rejects shorter intervals in resources and raises them elsewhere (seen with 12.4). */
const refresh = check(['dashboards'], ({ dashboards }) =>
  Object.entries(dashboards).flatMap(([uid, change]) =>
    change === false || change.refresh === undefined || seconds(change.refresh) >= 5
      ? []
      : [problem(`dashboards.${uid}.refresh`, change.refresh, 'at least 5s, as Grafana reloads no faster')],
  ),
);

const clusterLabel = ({ cluster: { label } }: Config, { labels }: Catalogue): readonly Problem[] =>
  label !== null && isAmong(labels, label)
    ? [problem('cluster.label', label, 'a label that the rules do not use themselves, such as cluster')]
    : [];

type IsBroken = (place: string) => boolean;

/** Each alert is checked on its own: a problem in one must not hide one in another. */
const alertProblems = ({ alerts }: Config, catalogue: Catalogue, isBroken: IsBroken): readonly Problem[] =>
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
  });

const CHECKS: readonly Check[] = [
  durations,
  stateMetricsInterval,
  ...[...DOMAINS, ...COMPONENTS, ...OUTPUTS].flatMap(({ checks }) => checks),
  ruleLabels,
  alertTexts,
  keptPaths,
  refresh,
];

/** Components whose sections, their own and those that they read, are valid. */
const wholeComponents = (config: Config, isBroken: IsBroken) =>
  COMPONENTS.filter(({ settings, reads }) => ![...Object.keys(settings), ...reads].some(isBroken)).map((component) =>
    component.bind(config),
  );

/** The adapters of the chosen sources, without those that depend on an invalid setting. */
function readableSources(config: Config, isBroken: IsBroken): readonly FlowSource[] {
  if (isBroken('flows.source')) return [];
  const chosen = chosenSources(config.flows);
  return COMPONENTS.flatMap((component) =>
    Object.entries(component.flowSources).flatMap(([id, reads]: [string, readonly string[]]) =>
      chosen.includes(id) && !reads.some(isBroken) ? (component.bind(config).flowSource(id) ?? []) : [],
    ),
  );
}

/** Two pods on the host network of one node cannot listen on the same port. */
function hostPortProblems(config: Config, isBroken: IsBroken): readonly Problem[] {
  const ports = wholeComponents(config, isBroken).flatMap(({ hostPorts }) => hostPorts());
  return ports.flatMap(({ port, setting }, index) => {
    const other = ports.slice(0, index).find((earlier) => earlier.port === port);
    return setting === undefined || other === undefined
      ? []
      : [problem(setting, port, `a port that is free on the network of the host (this one is that of ${other.owner})`)];
  });
}

/** Settings that need an output that is not in `targets`. */
function demandProblems(config: Config, isBroken: IsBroken): readonly Problem[] {
  if (isBroken('targets')) return [];
  const demands = wholeComponents(config, isBroken).flatMap((component) => component.demands());
  const missing = [...new Set(demands.map(({ output }) => output))].filter(
    (output) => !config.targets.some((target) => target === output),
  );
  return missing.map((output) => {
    const settings = demands.filter((demand) => demand.output === output).map(({ setting }) => setting);
    return problem('targets', config.targets, `${output} among them, as ${settings.join(', ')} asks for some`);
  });
}

/** Rules that two outputs load are evaluated twice, and every alert comes twice. */
function loaderProblems(config: Config, isBroken: IsBroken): readonly Problem[] {
  if (isBroken('targets')) return [];
  const loaders = ruleLoaders(config);
  if (loaders.length < 2) return [];
  const others = `${listed(loaders, 'or')}, as each of them loads the rules (another cluster takes a configuration of its own)`;
  return [problem('targets', config.targets, `only one of ${others}`)];
}

const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`);

/**
 * All semantic problems of a configuration.
 * @param found problems found by the schema; checks that read such a setting are skipped.
 */
export function checkConfig(config: Config, catalogue: Catalogue, found: readonly Problem[]): Problem[] {
  const isBroken = (place: string) =>
    found.some(({ path }) => path === '' || isWithin(place, path) || isWithin(path, place));
  const sources = readableSources(config, isBroken);
  const checks = [...CHECKS, ...DOMAINS.flatMap((domain) => domain.sourceChecks(sources))];
  return [
    ...(isBroken('cluster.label') ? [] : clusterLabel(config, catalogue)),
    ...checks.filter(({ reads }) => !reads.some(isBroken)).flatMap(({ find }) => find(config)),
    ...hostPortProblems(config, isBroken),
    ...demandProblems(config, isBroken),
    ...loaderProblems(config, isBroken),
    ...alertProblems(config, catalogue, isBroken),
  ];
}
