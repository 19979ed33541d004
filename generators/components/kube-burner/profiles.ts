import { costNames, type FlowInput, noCost, trafficNames } from '../../traffic/index.ts';
import { ALLOWANCES, exceededName } from '../../allowances/index.ts';
import { controlPlaneNames, controlPlaneQueries } from '../../control-plane/index.ts';
import type { Readings } from '../../domain.ts';
import type { DocumentSchema } from '../../model/artifact.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { labels, promql, type Query, selector } from '../../promql/index.ts';
import { closed, FLAG, listOf, oneOf, SOME_TEXT } from '../../schema/objects.ts';
import { type Problem, show } from '../../schema/problems.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { KubeBurnerConfig } from './settings.ts';

/** Placeholders that kube-burner fills in, by key; any other would be empty or fail the profile. */
const FILLED: Readonly<Record<string, RegExp>> = {
  query: /\{\{\.elapsed\}\}/g,
  // None: elapsed is in whole minutes here, so a job under a minute would get 0, which Prometheus refuses.
  expr: /(?!)/g,
  description: /\{\{\$(value|labels\.[a-zA-Z_][a-zA-Z0-9_]*)\}\}/g,
};

/** Placeholders in a profile that kube-burner does not know. */
export const profileProblems = (profile: object): readonly Problem[] =>
  (profile as readonly Readonly<Record<string, unknown>>[]).flatMap((entry, index) =>
    Object.entries(FILLED).flatMap(([key, known]) => {
      const text = entry[key];
      return typeof text === 'string' && text.replaceAll(known, '').includes('{{')
        ? [
            {
              path: `${index}.${key}`,
              message: `got ${show(text)}, expected only placeholders that kube-burner fills in`,
            },
          ]
        : [];
    }),
  );

/** Upstream: kube-burner, pkg/prometheus/types.go and prometheus.go: decoded with KnownFields, so unknown keys are fatal. */
const METRICS_PROFILE: DocumentSchema = {
  schema: listOf(closed({ 'query!': SOME_TEXT, 'metricName!': SOME_TEXT, instant: FLAG, captureStart: FLAG })),
  check: profileProblems,
};

/** Upstream: kube-burner, pkg/alerting/alert_manager.go. */
const ALERT_PROFILE: DocumentSchema = {
  schema: listOf(
    closed({
      'expr!': SOME_TEXT,
      'description!': SOME_TEXT,
      'severity!': oneOf('info', 'warning', 'error', 'critical'),
    }),
  ),
  check: profileProblems,
};

/** The duration of the job: seconds in a metrics profile, whole minutes in an alert profile. */
const ELAPSED = '{{.elapsed}}';

/** The mean of a record over the job. Only for metrics profiles, as whole minutes may be 0. */
const meanOverJob = (record: Query): string => `avg_over_time(${record.text}[${ELAPSED}])`;

const unitName = ({ unit }: FlowInput): string =>
  unit.replace(/^network_(.)/, (_, first: string) => first.toUpperCase());

function trafficMetrics(config: KubeBurnerConfig, input: FlowInput): readonly Tree[] {
  const names = trafficNames(config, input);
  const unit = unitName(input);
  const pairs =
    config.flows.granularity === 'zone' || input.source.locality !== undefined
      ? []
      : [
          {
            query: because(
              'Top cross-zone pairs, averaged over the job.',
              `topk(20, ${meanOverJob(selector(names.workloadPair, { locality: 'cross_zone' }))})`,
            ),
            metricName: `topCrossZoneWorkloadPairs${unit}`,
            instant: true,
          },
        ];
  return [
    {
      query: because(`Traffic by locality, in ${input.unitLabel}, throughout the job.`, selector(names.cluster).text),
      metricName: `clusterTraffic${unit}`,
    },
    { query: selector(names.zonePair).text, metricName: `zonePairTraffic${unit}` },
    ...pairs,
    {
      query: because(
        'Unattributed traffic, before and after the job: a new workload may have no zone yet.',
        selector(names.unattributed).text,
      ),
      metricName: `unattributedTraffic${unit}`,
      instant: true,
      captureStart: true,
    },
  ];
}

/** The cost of the job's traffic, if there is a price. */
const costMetrics = (config: KubeBurnerConfig, inputs: readonly FlowInput[]): readonly Tree[] =>
  noCost(config) === undefined && inputs.some(({ unit }) => unit === 'network_bytes')
    ? [
        {
          query: because('Cost of cross-zone traffic per second.', selector(costNames(config).cluster).text),
          metricName: 'clusterNetworkCost',
        },
      ]
    : [];

const allowanceMetrics = (exporters: Readings['exporters']): readonly Tree[] =>
  exporters.length === 0
    ? []
    : ALLOWANCES.map((allowance) => ({
        query: promql`${selector(exceededName(allowance))} > 0`.text,
        metricName: `${allowance.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())}AllowanceExceeded`,
      }));

/** What the dashboard cluster-scale shows: the control plane under the load of the job. */
const controlPlaneMetrics = (config: KubeBurnerConfig): readonly Tree[] =>
  controlPlaneQueries(config).map(({ metricName, query, comment }) => ({
    query: because(comment, query.text),
    metricName,
  }));

/** Above this unattributed share, zone results of a test are unreliable. */
const UNATTRIBUTED = 0.1;

const ofCluster = ({ cluster: { label } }: KubeBurnerConfig): string =>
  label === null ? '' : `{{$labels.${label}}}: `;

const trafficAlert = (config: KubeBurnerConfig, input: FlowInput): Tree => ({
  expr: promql`sum by (${labels(...clusterLabels(config))}) (${selector(trafficNames(config, input).unattributed)}) > ${UNATTRIBUTED}`
    .text,
  description: `${ofCluster(config)}{{$value}} of the traffic (${input.unitLabel}) has no known zone, so the zone results of this test are unreliable`,
  severity: 'warning',
});

/** Allowances whose excess breaks a test: connections and DNS fail. TCP absorbs the others. */
const FAILING: ReadonlySet<string> = new Set(['conntrack', 'linklocal']);

const allowanceAlerts = (config: KubeBurnerConfig, exporters: Readings['exporters']): readonly Tree[] =>
  exporters.length === 0
    ? []
    : ALLOWANCES.map((allowance) => ({
        expr: promql`${selector(exceededName(allowance))} > 0`.text,
        description: `${ofCluster(config)}{{$labels.instance}} exceeds its ${allowance} allowance by {{$value}} packets/s ({{$labels.device}})`,
        severity: FAILING.has(allowance) ? 'error' : 'warning',
      }));

/** Why pods do not start while a test creates them. */
function controlPlaneAlerts(config: KubeBurnerConfig): readonly Tree[] {
  if (!config.controlPlane.enabled) return [];
  const { unschedulable, sandboxErrors } = controlPlaneNames(config);
  return [
    {
      expr: promql`${selector(unschedulable)} > 0`.text,
      description: `${ofCluster(config)}{{$value}} pods fit on no node (maxPods, requests, selectors)`,
      severity: 'warning',
    },
    {
      expr: promql`${selector(sandboxErrors)} > 0`.text,
      description: `${ofCluster(config)}{{$labels.node}} fails to make {{$value}} sandboxes/s: mostly, its pod CIDR has no address left`,
      severity: 'warning',
    },
  ];
}

/** How to reference a profile in kube-burner's configuration. */
const usage = (profile: 'metrics' | 'alerts'): string =>
  `The runs beside this file read it. In another configuration of kube-burner: metricsEndpoints: [{ endpoint: http://..., ${profile}: [${profile}.yaml], indexer: { type: local } }]. ` +
  'Do not apply it to the cluster.';

/** Profiles for kube-burner over the recorded series. */
export function kubeBurnerProfiles(config: KubeBurnerConfig, { inputs, exporters }: Readings): readonly Manifest[] {
  return [
    {
      name: 'kube-burner/metrics',
      document: METRICS_PROFILE,
      header: `Metrics that kube-burner stores for a test: traffic by zone, node limits and the control plane, from the recorded series. kube-burner refuses them without an indexer.\n${usage('metrics')}`,
      content: [
        ...inputs.flatMap((input) => trafficMetrics(config, input)),
        ...costMetrics(config, inputs),
        ...allowanceMetrics(exporters),
        ...controlPlaneMetrics(config),
      ],
    },
    {
      name: 'kube-burner/alerts',
      document: ALERT_PROFILE,
      header:
        'Alerts that fail a test (error) or question it (warning), from the recorded series. Each series is reported once, when it first fires.\n' +
        usage('alerts'),
      content: [
        ...inputs.map((input) => trafficAlert(config, input)),
        ...allowanceAlerts(config, exporters),
        ...controlPlaneAlerts(config),
      ],
    },
  ];
}
