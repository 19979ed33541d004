import { costNames, type FlowInput, noCost, trafficNames } from '../../traffic/index.ts';
import { ALLOWANCES, exceededName } from '../../allowances/index.ts';
import type { Readings } from '../../domain.ts';
import type { DocumentSchema } from '../../model/artifact.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { labels, promql, type Query, selector } from '../../promql/index.ts';
import { closed, FLAG, listOf, oneOf, SOME_TEXT } from '../../schema/objects.ts';
import { type Problem, show } from '../../schema/problems.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { KubeBurnerConfig } from './settings.ts';

/** Braces that kube-burner fills in, by key; anything else in braces would be empty, or stop the profile. */
const FILLED: Readonly<Record<string, RegExp>> = {
  query: /\{\{\.elapsed\}\}/g,
  // Whole minutes: a job of less than one has none, and its query would be refused.
  expr: /(?!)/g,
  description: /\{\{\$(value|labels\.[a-zA-Z_][a-zA-Z0-9_]*)\}\}/g,
};

/** Actions in a profile that mean nothing to kube-burner. */
export const profileProblems = (profile: object): readonly Problem[] =>
  (profile as readonly Readonly<Record<string, unknown>>[]).flatMap((entry, index) =>
    Object.entries(FILLED).flatMap(([key, known]) => {
      const text = entry[key];
      return typeof text === 'string' && text.replaceAll(known, '').includes('{{')
        ? [
            {
              path: `${index}.${key}`,
              message: `got ${show(text)}, expected no braces but those that kube-burner fills in`,
            },
          ]
        : [];
    }),
  );

/** Upstream: kube-burner, pkg/prometheus/types.go: decoded with KnownFields, so that any other key is fatal. */
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

/** kube-burner fills in how long the job took: seconds in a metrics profile, whole minutes in an alert profile. */
const ELAPSED = '{{.elapsed}}';

/** The mean of a record over the job. A short job is one instant, so the metrics profile alone may ask. */
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
              'Who crosses zones, on average over the job.',
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
        'What nobody can place: before and after, as a new workload may have no zone yet.',
        selector(names.unattributed).text,
      ),
      metricName: `unattributedTraffic${unit}`,
      instant: true,
      captureStart: true,
    },
  ];
}

/** The cost of the job's traffic where it has a price. */
const costMetrics = (config: KubeBurnerConfig, inputs: readonly FlowInput[]): readonly Tree[] =>
  noCost(config) === undefined && inputs.some(({ unit }) => unit === 'network_bytes')
    ? [
        {
          query: because('What crosses zones costs so much per second.', selector(costNames(config).cluster).text),
          metricName: 'clusterNetworkCost',
        },
      ]
    : [];

const allowanceMetrics = (exporter: Readings['exporter']): readonly Tree[] =>
  exporter === undefined
    ? []
    : ALLOWANCES.map((allowance) => ({
        query: promql`${selector(exceededName(allowance))} > 0`.text,
        metricName: `${allowance.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())}AllowanceExceeded`,
      }));

/** Above this share without a zone, what a test says about zones says little. */
const UNATTRIBUTED = 0.1;

const ofCluster = ({ cluster: { label } }: KubeBurnerConfig): string =>
  label === null ? '' : `{{$labels.${label}}}: `;

const trafficAlert = (config: KubeBurnerConfig, input: FlowInput): Tree => ({
  expr: promql`sum by (${labels(...clusterLabels(config))}) (${selector(trafficNames(config, input).unattributed)}) > ${UNATTRIBUTED}`
    .text,
  description: `${ofCluster(config)}{{$value}} of the traffic (${input.unitLabel}) has no known zone, so the zones of this test say little`,
  severity: 'warning',
});

/** What hurts a test: new connections and DNS that fail; TCP absorbs the others. */
const FAILING: ReadonlySet<string> = new Set(['conntrack', 'linklocal']);

const allowanceAlerts = (config: KubeBurnerConfig, exporter: Readings['exporter']): readonly Tree[] =>
  exporter === undefined
    ? []
    : ALLOWANCES.map((allowance) => ({
        expr: promql`${selector(exceededName(allowance))} > 0`.text,
        description: `${ofCluster(config)}{{$labels.instance}} is over its ${allowance} allowance by {{$value}} packets/s ({{$labels.device}})`,
        severity: FAILING.has(allowance) ? 'error' : 'warning',
      }));

/** How a profile is named in kube-burner's configuration, under `metrics` or `alerts`. */
const applied = (key: string, file: string): string =>
  `In kube-burner's configuration: metricsEndpoints: [{ endpoint: http://..., ${key}: [manifests/kube-burner/${file}.yaml] }]. ` +
  'Nothing is applied to the cluster.';

/**
 * Profiles for kube-burner over the recorded series.
 * Upstream: kube-burner/kube-burner, pkg/prometheus/prometheus.go and pkg/alerting/alert_manager.go: a list, unknown keys are fatal.
 */
export function kubeBurnerProfiles(config: KubeBurnerConfig, { inputs, exporter }: Readings): readonly Manifest[] {
  return [
    {
      name: 'kube-burner/metrics',
      document: METRICS_PROFILE,
      header: `What kube-burner keeps of a test: traffic by zone and the limits of nodes, from the recorded series. Without an indexer beside it, kube-burner skips them.\n${applied('metrics', 'metrics')}`,
      content: [
        ...inputs.flatMap((input) => trafficMetrics(config, input)),
        ...costMetrics(config, inputs),
        ...allowanceMetrics(exporter),
      ],
    },
    {
      name: 'kube-burner/alerts',
      document: ALERT_PROFILE,
      header:
        'What makes a test fail (error) or doubtful (warning), from the recorded series. The first moment of each series is told.\n' +
        applied('alerts', 'alerts'),
      content: [...inputs.map((input) => trafficAlert(config, input)), ...allowanceAlerts(config, exporter)],
    },
  ];
}
