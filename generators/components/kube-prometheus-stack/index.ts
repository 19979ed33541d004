import { ADOT } from '../adot/settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { MONITORS, TARGETS } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { component, type Context } from '../contract.ts';

const READS = { adot: ADOT, monitors: MONITORS, targets: TARGETS, grafana: GRAFANA };

type StackConfig = Slice<typeof READS>;

/** The chart that the values were rendered with. */
const CHART = '88.5.3';

/** Whether the values carry the rules: not beside PrometheusRule objects of their own, which the same Prometheus loads. */
export const bringsRules = ({ targets }: { readonly targets: readonly unknown[] }): boolean =>
  !targets.includes('prometheus-operator');

/** What of the values beside the file is lost. */
function lost(config: StackConfig): string {
  const rules = bringsRules(config)
    ? ['additionalPrometheusRules is ignored once additionalPrometheusRulesMap is set']
    : [];
  const jobs = config.monitors.enabled ? [] : ['additionalScrapeConfigs of two values files replace each other'];
  const all = [...rules, ...jobs];
  return all.length === 0 ? '' : `Lists of the chart lose what you have in them: ${all.join(', and ')}.\n`;
}

/** What is in the file, where the rest is, and how it is installed. */
function about(config: StackConfig): string {
  const parts = [
    ...(config.monitors.enabled ? [] : ['scrape jobs']),
    'what kube-state-metrics must export',
    'the dashboards sidecar',
    ...(bringsRules(config) ? ['the same rules as in rules/prometheus (load one of the two, not both)'] : []),
  ];
  const elsewhere = [
    ...(config.monitors.enabled ? [' Scraped by the PodMonitors in manifests/monitors.'] : []),
    ...(bringsRules(config) ? [] : [' The rules are in rules/prometheus-operator.']),
  ];
  return (
    `Values for kube-prometheus-stack: ${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}.${elsewhere.join('')}\n` +
    lost(config) +
    `helm upgrade --install kube-prometheus-stack kube-prometheus-stack --repo https://prometheus-community.github.io/helm-charts ` +
    `--version ${CHART} --namespace monitoring --create-namespace --values your-values.yaml ` +
    '--values helm-values/kube-prometheus-stack.yaml\n' +
    `Rendered with ${CHART}: where another chart runs (helm list --namespace monitoring), name that one, as this would upgrade it. ` +
    'Leave your-values.yaml out if you have none.'
  );
}

/** Values for kube-prometheus-stack without the rules, which its target adds. Undefined keys are left out. */
function stackValues(config: StackConfig, context: Context): HelmValues {
  const { sidecar } = config.grafana;
  /** Only where dashboards are to lie in a folder; else the chart's own settings stay. */
  const inFolder = (reason: string, value: Tree): Tree | undefined =>
    sidecar.folder === null ? undefined : because(reason, value);
  return {
    chart: 'kube-prometheus-stack',
    header: about(config),
    templated: [['prometheus', 'prometheusSpec', 'additionalScrapeConfigs']],
    ...(bringsRules(config) && { rulesKey: 'additionalPrometheusRulesMap' }),
    values: {
      prometheus: config.monitors.enabled
        ? undefined
        : {
            prometheusSpec: {
              additionalScrapeConfigs: because(
                'The chart passes this list through its templates; nothing here needs escaping.',
                escapedForHelm(
                  context.scrapeJobs().flatMap(({ job, isMonitored = false }) => (isMonitored ? [] : [job])),
                ),
              ),
            },
          },
      ...context.stackValues(),
      grafana: {
        sidecar: {
          dashboards: because('Picks up every ConfigMap with this label, in every namespace, as a dashboard.', {
            enabled: true,
            label: sidecar.label,
            labelValue: sidecar.labelValue,
            searchNamespace: 'ALL',
            folderAnnotation: inFolder(
              'ConfigMaps name the folder of their dashboard in this annotation.',
              sidecar.folderAnnotation,
            ),
            provider: inFolder('Without it every dashboard lands in one folder.', { foldersFromFilesStructure: true }),
          }),
        },
      },
    },
  };
}

/** kube-prometheus-stack: Prometheus with our scrape jobs, kube-state-metrics, Grafana's dashboards sidecar. */
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
