import type { Config } from '../../settings/index.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { flowSources } from '../../sources/index.ts';
import { scrapeConfigs } from '../../values/scrape-configs.ts';
import { escapedForHelm } from '../../shared/helm.ts';
import { literal } from '../../shared/scrape.ts';

/**
 * The cluster label on kube-state-metrics' series, under the key of today's chart and under that of older ones (before 5.19.1 of the
 * chart kube-state-metrics). Today's reads the older key where the other is empty: one of the two is always idle.
 */
function clusterLabel(label: string, name: string): { readonly [key: string]: Tree } {
  const relabelings = [{ action: 'replace', targetLabel: label, replacement: literal(name) }];
  return {
    relabelings: because(
      'Flows carry the cluster label, so what they are joined with must carry it too; rules do not see external labels. Older ' +
        'charts read this key, newer ones the one below http.',
      relabelings,
    ),
    http: { relabelings },
  };
}

/** What the rules need of kube-state-metrics: the zone label of nodes, and the cluster label. */
function kubeStateMetrics({ cluster, scrape, zones }: Config): Tree {
  return {
    metricLabelsAllowlist: zones.from.includes('node-label')
      ? because(
          'kube_node_labels is not exported without it. Lists of values files replace each other: if you allow more labels, ' +
            'put them into the same list.',
          [`nodes=[${zones.nodeLabel}]`],
        )
      : undefined,
    prometheus: {
      monitor: { interval: scrape.interval, ...(cluster.label !== null && clusterLabel(cluster.label, cluster.name)) },
    },
  };
}

/** The chart that the values were rendered with. */
const CHART = '88.5.3';

/** Whether the values carry the rules: not beside PrometheusRule objects of their own, which the same Prometheus loads. */
export const bringsRules = ({ targets }: Config): boolean => !targets.includes('prometheus-operator');

/** What of the values beside the file is lost. */
function lost(config: Config): string {
  const rules = bringsRules(config)
    ? ['additionalPrometheusRules is ignored once additionalPrometheusRulesMap is set']
    : [];
  const jobs = config.monitors.enabled ? [] : ['additionalScrapeConfigs of two values files replace each other'];
  const all = [...rules, ...jobs];
  return all.length === 0 ? '' : `Lists of the chart lose what you have in them: ${all.join(', and ')}.\n`;
}

/** What is in the file, where the rest is, and how it is installed. */
function about(config: Config): string {
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
export function kubePrometheusStackValues(config: Config): HelmValues {
  const flows = flowSources(config).length > 0;
  const { standalone } = config.kubeStateMetrics;
  const { sidecar } = config.grafana;
  /** Only where dashboards are to lie in a folder; else the chart's own settings stay. */
  const inFolder = (reason: string, value: Tree): Tree | undefined =>
    sidecar.folder === null ? undefined : because(reason, value);
  return {
    chart: 'kube-prometheus-stack',
    about: about(config),
    values: {
      prometheus: config.monitors.enabled
        ? undefined
        : {
            prometheusSpec: {
              additionalScrapeConfigs: because(
                'The chart passes this list through its templates; nothing here needs escaping.',
                escapedForHelm(scrapeConfigs(config)),
              ),
            },
          },
      kubeStateMetrics: standalone
        ? {
            enabled: because(
              'Installed by its own chart (kube-state-metrics.yaml); two would store everything twice.',
              false,
            ),
          }
        : undefined,
      'kube-state-metrics': flows && !standalone ? kubeStateMetrics(config) : undefined,
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
