import { AVAILABLE, COUNTERS, type EthtoolExporter } from '../../allowances/index.ts';
import { because } from '../../model/tree.ts';
import { matches, selector, selectorOfAny, type Query } from '../../promql/index.ts';
import { checkOf } from '../../settings/check.ts';
import { tooOld } from '../../shared/checks.ts';
import { isExporter, readsExporter } from '../../shared/exporters.ts';
import { instance, keepPort, node, scrapeJob } from '../../shared/scrape.ts';
import { component } from '../contract.ts';
import { NODE_EXPORTER_JOB, READS, SETTINGS, type NodeExporterConfig } from './settings.ts';
import { nodeExporterValues } from './values.ts';

const ID = 'node-exporter';

/**
 * A statistic under the name that the collector gives it: a prefix is added. It also renames the words rx and tx, which none of these
 * names contains.
 */
const metric = (statistic: string): string => `node_ethtool_${statistic}`;

const statistic = (name: string, device: string): Query => selector(metric(name), { device: matches(device) });

/**
 * node_exporter with its ethtool collector, which is off by default: one untyped metric per statistic, one series per interface. The
 * statistics are cumulative except for the gauge of available connections.
 * Upstream: prometheus/node_exporter, collector/ethtool_linux.go, buildEthtoolFQName.
 */
const ethtoolCollector: EthtoolExporter = {
  id: ID,
  job: NODE_EXPORTER_JOB,
  counts: 'counter',
  interfaceLabel: 'device',
  labels: [],
  exceeded: (allowance, { device }) => statistic(`${allowance}_allowance_exceeded`, device),
  conntrackAvailable: ({ device }) => statistic(AVAILABLE, device),
  anyExceeded: ({ device }) => selectorOfAny(COUNTERS.map(metric), { device: matches(device) }),
};

const chart = checkOf<NodeExporterConfig>()(['ethtool.exporter', 'nodeExporter.version'], (config) =>
  readsExporter(config, ID)
    ? tooOld(
        'nodeExporter.version',
        config.nodeExporter.version,
        '4.3.1',
        'older charts include a PodSecurityPolicy, which Kubernetes 1.25 removed',
      )
    : [],
);

/** node_exporter as the exporter of ENA counters. */
export const nodeExporter = component({
  id: ID,
  settings: SETTINGS,
  reads: READS,
  checks: [chart],
  enabled: (config) => isExporter(config, ID),
  exports: { [metric('*')]: 'node_exporter, its ethtool collector' },
  exporters: { [ID]: ethtoolCollector },
  hostPorts: ({ nodeExporter: { port } }) => [{ port, owner: 'nodeExporter.port', setting: 'nodeExporter.port' }],
  helmValues: (config) => [nodeExporterValues(config)],
  scrapeJobs: (config) => {
    const { app, namespace, port, scrape } = config.nodeExporter;
    const steps = [keepPort(port), because('Alerts name the node, which node_exporter does not know.', node), instance];
    const job = scrapeJob(config, NODE_EXPORTER_JOB, {
      label: `app.kubernetes.io/name=${app}`,
      namespace,
      steps,
    });
    return [{ ...job, isMonitored: scrape === 'monitor' }];
  },
});
