import { ADOT } from '../adot/settings.ts';
import { TEMPLATED_MONITORS } from '../control-plane/settings.ts';
import { TEMPLATED } from '../kubelet/settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { MONITORS, ruleLoaders, TARGETS } from '../../settings/general.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { PROMETHEUS_COMMUNITY } from '../../shared/apply.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { noCost } from '../../traffic/index.ts';
import { component, type Context } from '../contract.ts';

const READS = { adot: ADOT, monitors: MONITORS, targets: TARGETS, grafana: GRAFANA, cloud: CLOUD };

type StackConfig = Slice<typeof READS>;

/** The chart version that the values were rendered with. */
const CHART = '88.5.3';

/** Whether the values include the rules. Not where another output loads them, as they would be evaluated twice. */
const bringsRules = (config: StackConfig): boolean => ruleLoaders(config).length === 0;

/** User values that this file overrides. */
function lost(config: StackConfig): string {
  const rules = bringsRules(config)
    ? ['additionalPrometheusRules is ignored if additionalPrometheusRulesMap is set']
    : [];
  const jobs = config.monitors.enabled ? [] : ['additionalScrapeConfigs of two values files replace each other'];
  const all = [...rules, ...jobs];
  return all.length === 0 ? '' : `Your own entries in these lists are lost: ${all.join(', and ')}.\n`;
}

/** How long the store must keep what months are summed from, where there is money. */
function retention(config: StackConfig, { inputs }: Pick<Context, 'inputs'>): string {
  const isPriced = inputs.some(({ unit }) => unit === 'network_bytes') && noCost(config) === undefined;
  return isPriced
    ? 'Money by month needs 62 days: set prometheus.prometheusSpec.retention (10d by default in this chart), or have Thanos or Mimir behind it.\n'
    : '';
}

/** The file header: the contents, where to find the rest, and the command. */
function headerOf(config: StackConfig, context: Context): string {
  const parts = [
    ...(config.monitors.enabled ? [] : ['scrape jobs']),
    'settings of kube-state-metrics',
    'the dashboards sidecar',
    ...(bringsRules(config) ? ['the same rules as in rules/prometheus (load only one of the two)'] : []),
  ];
  const elsewhere = [
    ...(config.monitors.enabled ? [' Scraped by the PodMonitors in manifests/monitors.'] : []),
    ...ruleLoaders(config).map((loader) => ` The rules are in rules/${loader}.`),
  ];
  return (
    `Values for kube-prometheus-stack: ${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}.${elsewhere.join('')}\n` +
    lost(config) +
    retention(config, context) +
    `helm upgrade --install kube-prometheus-stack kube-prometheus-stack --repo ${PROMETHEUS_COMMUNITY} ` +
    `--version ${CHART} --namespace monitoring --create-namespace --values your-values.yaml ` +
    '--values helm-values/kube-prometheus-stack.yaml\n' +
    `Rendered with ${CHART}. If another version is installed (helm list --namespace monitoring), use that one, as this would change it. ` +
    'Omit your-values.yaml if you have none.'
  );
}

/** Values for kube-prometheus-stack without the rules, which its output adds. */
function stackValues(config: StackConfig, context: Context): HelmValues {
  const { sidecar } = config.grafana;
  const { prometheus: ofPrometheus, ...parts } = context.stackValues();
  /** Set only if dashboards go into a folder; otherwise the chart's defaults stay. */
  const inFolder = (reason: string, value: Tree): Tree | undefined =>
    sidecar.folder === null ? undefined : because(reason, value);
  return {
    chart: 'kube-prometheus-stack',
    header: headerOf(config, context),
    templated: [['prometheus', 'prometheusSpec', 'additionalScrapeConfigs'], ...TEMPLATED, ...TEMPLATED_MONITORS],
    ...(bringsRules(config) && { rulesKey: 'additionalPrometheusRulesMap' }),
    values: {
      prometheus: config.monitors.enabled
        ? ofPrometheus
        : {
            ...(ofPrometheus as { readonly [key: string]: Tree } | undefined),
            prometheusSpec: {
              additionalScrapeConfigs: because(
                'The chart renders this list with tpl; it is already escaped.',
                escapedForHelm(context.scrapeJobs().flatMap((one) => (one.isMonitored === true ? [] : [one.job]))),
              ),
            },
          },
      ...parts,
      grafana: {
        sidecar: {
          dashboards: because('Loads every ConfigMap with this label, in any namespace, as a dashboard.', {
            enabled: true,
            label: sidecar.label,
            labelValue: sidecar.labelValue,
            searchNamespace: 'ALL',
            folderAnnotation: inFolder(
              'ConfigMaps set the folder of their dashboard in this annotation.',
              sidecar.folderAnnotation,
            ),
            provider: inFolder('Without it, all dashboards go into one folder.', { foldersFromFilesStructure: true }),
          }),
        },
      },
    },
  };
}

/** kube-prometheus-stack: Prometheus with our scrape jobs, kube-state-metrics and Grafana's dashboard sidecar. */
export const kubePrometheusStack = component({
  id: 'kube-prometheus-stack',
  settings: {},
  reads: READS,
  enabled: () => true,
  skipped: ({ targets, monitors, adot }, { scrapeJobs }) =>
    targets.includes('kube-prometheus-stack') ||
    monitors.enabled ||
    adot.enabled ||
    scrapeJobs().every(({ isMonitored = false }) => isMonitored)
      ? []
      : [
          {
            kind: 'scrape jobs',
            reason: 'targets has no kube-prometheus-stack, and neither monitors nor adot is enabled',
          },
        ],
  valuesWithRules: (config, context) => [stackValues(config, context)],
});
