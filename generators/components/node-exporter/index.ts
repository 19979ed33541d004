import { checkOf } from '../../settings/check.ts';
import { tooOld } from '../../shared/charts.ts';
import { component } from '../contract.ts';
import { nodeExporterEthtool } from './exporter.ts';
import { nodeExporterJob } from './scrape.ts';
import { READS, SETTINGS, type NodeExporterConfig } from './settings.ts';
import { nodeExporterValues } from './values.ts';

const chart = checkOf<NodeExporterConfig>()(
  ['ethtool.exporter', 'nodeExporter.version'],
  ({ ethtool, nodeExporter: { version } }) =>
    ethtool.exporter === 'node-exporter'
      ? tooOld(
          'nodeExporter.version',
          version,
          '4.3.1',
          'older charts bring a PodSecurityPolicy, which no Kubernetes from 1.25 on takes',
        )
      : [],
);

/** node_exporter as exporter of ENA counters. */
export const nodeExporter = component({
  id: 'node-exporter',
  settings: SETTINGS,
  reads: READS,
  checks: [chart],
  enabled: ({ ethtool: { exporter } }) => exporter === 'node-exporter' || `ethtool.exporter is ${exporter}`,
  exporters: { 'node-exporter': nodeExporterEthtool },
  hostPorts: ({ nodeExporter: { port } }) => [{ port, owner: 'nodeExporter.port', setting: 'nodeExporter.port' }],
  helmValues: (config) => [nodeExporterValues(config)],
  scrapeJobs: (config) => [{ job: nodeExporterJob(config), isMonitored: config.nodeExporter.scrape === 'monitor' }],
});
