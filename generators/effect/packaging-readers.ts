import type { Config } from '../config/schema.ts';
import { costless } from '../cost/price-book.ts';
import { manifestsFor } from '../manifests/index.ts';
import { readsFrom } from '../sources/index.ts';
import { flowInputs } from '../sources/input.ts';
import { hasReceiver } from '../targets/amp-alertmanager.ts';
import { hasServiceMonitor } from './chart-readers.ts';
import { noFlows, noJobs, noQueries, noRules, noTarget, sourceIs, when, within, type Reader } from './readers.ts';

/** Why nothing that is written scrapes, our jobs or ServiceMonitors of charts. */
const noSeries = (config: Config): string | undefined =>
  config.kubeStateMetrics.standalone || hasServiceMonitor(config) ? undefined : noJobs(config);

/** Why nothing reads the zones of nodes: rules do, and what kube-state-metrics must export. */
const noZones = (config: Config): string | undefined =>
  noFlows(config) ?? (config.kubeStateMetrics.standalone ? undefined : noRules(config));

const GENERAL: readonly Reader[] = [
  { settings: ['cluster'], missing: (config) => noQueries(config) && noSeries(config) },
  { settings: ['cluster.name'], missing: ({ cluster }) => when(cluster.label === null, 'cluster.label is null') },
  { settings: ['cluster.name'], missing: noSeries },
  {
    // Rules on flows look back by it; those on allowances do not.
    settings: ['scrape'],
    missing: (config) => (noFlows(config) ?? noRules(config)) && noSeries(config),
  },
  { settings: ['zones'], missing: noZones },
  {
    settings: ['zones.nodeLabel'],
    missing: ({ zones }) => when(!zones.from.includes('node-label'), 'zones.from has no node-label'),
  },
  {
    settings: within('rules', 'interval labels runbookBaseUrl infoLookback compatibilityRecords'),
    missing: noRules,
  },
  { settings: ['rules.window'], missing: noQueries },
  { settings: within('rules', 'infoLookback compatibilityRecords'), missing: noFlows },
  {
    settings: ['rules.compatibilityRecords'],
    missing: (config) =>
      when(
        !readsFrom(config, 'retina-hubble', 'cilium-hubble'),
        `${sourceIs(config)}, and these are made of Hubble flows`,
      ),
  },
  { settings: within('flows', 'select granularity units'), missing: noFlows },
  { settings: ['flows.granularity'], missing: noQueries },
  {
    settings: ['kubernetes'],
    missing: ({ routing }) =>
      when(routing.services.length + routing.workloads.length === 0, 'routing has no services and no workloads'),
  },
];

/** Why nothing is priced. */
const noBytes = (config: Config): string | undefined =>
  noFlows(config) ??
  noRules(config) ??
  when(
    !flowInputs(config).some(({ unit }) => unit === 'network_bytes'),
    config.flows.units.includes('bytes') ? `${sourceIs(config)}, which counts no bytes` : 'flows.units has no bytes',
  );

const COST: readonly Reader[] = [
  // Cilium's addresses may be those of AWS, which the checks compare with it.
  {
    settings: ['cloud.provider'],
    missing: (config) =>
      config.cilium.values === 'full' && config.cilium.ipam === 'eni' ? undefined : noBytes(config),
  },
  { settings: within('cloud', 'bytesPerGB price'), missing: noBytes },
  { settings: within('cloud', 'bytesPerGB price.currency price.asOf'), missing: costless },
];

const GRAFANA: readonly Reader[] = [
  { settings: ['grafana.url'], missing: noRules },
  { settings: within('grafana', 'version gitSync'), missing: (config) => noTarget(config, 'git-sync') },
  { settings: ['grafana.sidecar.namespace'], missing: (config) => noTarget(config, 'grafana-sidecar') },
  {
    settings: ['grafana.sidecar'],
    missing: (config) => noTarget(config, 'grafana-sidecar', 'kube-prometheus-stack'),
  },
  {
    settings: ['grafana.sidecar.folderAnnotation'],
    missing: ({ grafana }) => when(grafana.sidecar.folder === null, 'grafana.sidecar.folder is null'),
  },
  { settings: ['grafana.operator'], missing: (config) => noTarget(config, 'grafana-operator') },
];

/** Why nothing is written that is to be applied: objects of the packagings, or manifests other than patches and profiles. */
function nothingToApply(config: Config): string | undefined {
  const isApplied =
    config.targets.includes('manifests') &&
    manifestsFor(config).manifests.some(({ about }) => about.includes('kubectl apply'));
  return isApplied ? undefined : noTarget(config, 'prometheus-operator', 'amp', 'grafana-sidecar', 'grafana-operator');
}

const OBJECTS: readonly Reader[] = [
  { settings: ['packaging'], missing: nothingToApply },
  { settings: ['prometheusOperator'], missing: (config) => noTarget(config, 'prometheus-operator') },
  { settings: ['amp'], missing: (config) => noTarget(config, 'amp') },
  {
    settings: within(
      'amp.alertmanager',
      'groupWait groupInterval repeatInterval sns.subject sns.severities pagerduty.secretKey ' +
        'pagerduty.refreshInterval pagerduty.severities',
    ),
    missing: (config) =>
      when(
        !hasReceiver(config),
        'neither amp.alertmanager.sns.topicArn nor amp.alertmanager.pagerduty.secretArn is set',
      ),
  },
  {
    settings: within('amp.alertmanager.sns', 'subject severities'),
    missing: ({ amp }) => when(amp.alertmanager.sns.topicArn === null, 'amp.alertmanager.sns.topicArn is null'),
  },
  {
    settings: within('amp.alertmanager.pagerduty', 'secretKey refreshInterval severities'),
    missing: ({ amp }) =>
      when(amp.alertmanager.pagerduty.secretArn === null, 'amp.alertmanager.pagerduty.secretArn is null'),
  },
];

/** What rules and dashboards are made of, and how they are packaged. */
export const packagingReaders: readonly Reader[] = [...GENERAL, ...COST, ...GRAFANA, ...OBJECTS];
