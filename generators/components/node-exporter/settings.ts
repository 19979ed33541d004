import { CHART_VERSION, KUBERNETES_NAME, PORT } from '../../schema/formats.ts';
import { choice, namespace, requests, section, value } from '../../schema/settings.ts';
import { ETHTOOL_COUNTERS } from '../../allowances/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { scrapedBy } from '../../shared/settings.ts';

/** The job of its series, however it is scraped: it tells them from those of another node_exporter. */
export const NODE_EXPORTER_JOB = 'ethtool-node-exporter';

/** node_exporter as exporter of ENA counters. */
export const NODE_EXPORTER = section('node_exporter as exporter of ENA counters (ethtool.exporter: node-exporter).', {
  version: value(CHART_VERSION, '4.56.1', 'Version of the chart prometheus-node-exporter; 4.3.1 or newer.'),
  namespace: namespace('monitoring', 'its pods'),
  app: value(
    { ...KUBERNETES_NAME, maxLength: 63 },
    'ethtool-node-exporter',
    'Its release name, and the label app.kubernetes.io/name of its pods.',
  ),
  port: value(PORT, 9101, 'Its port on the host network; 9100 is often taken.'),
  collectors: choice(
    ['ethtool', 'all'],
    'ethtool',
    "ethtool: next to another node_exporter, such as kube-prometheus-stack's; all: as the only one.",
  ),
  scrape: scrapedBy('job'),
  resources: requests('50m', '64Mi'),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { nodeExporter: NODE_EXPORTER };
export const READS = { ethtool: ETHTOOL_COUNTERS, cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS };
export type NodeExporterConfig = Slice<typeof SETTINGS & typeof READS>;
