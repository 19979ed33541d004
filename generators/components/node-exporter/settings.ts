import { CHART_VERSION, KUBERNETES_NAME, PORT } from '../../schema/formats.ts';
import { requests, SECTION } from '../../schema/settings.ts';
import { ETHTOOL_COUNTERS } from '../../allowances/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { podNamespace, SCRAPED_BY } from '../../shared/settings.ts';

/** node_exporter as exporter of ENA counters. */
export const NODE_EXPORTER = {
  ...SECTION,
  description: 'node_exporter as exporter of ENA counters (ethtool.exporter: node-exporter).',
  properties: {
    version: {
      ...CHART_VERSION,
      default: '4.56.1',
      description: 'Version of the chart prometheus-node-exporter; 4.3.1 or newer.',
    },
    namespace: podNamespace('monitoring'),
    app: {
      ...KUBERNETES_NAME,
      maxLength: 63,
      default: 'ethtool-node-exporter',
      description: 'Its release, and the label app.kubernetes.io/name of its pods.',
    },
    port: { ...PORT, default: 9101, description: 'Its port, on the network of the host; 9100 is often taken.' },
    collectors: {
      enum: ['ethtool', 'all'],
      default: 'ethtool',
      description: "ethtool: beside another node_exporter, such as kube-prometheus-stack's; all: as the only one.",
    },
    scrape: { ...SCRAPED_BY, default: 'job' },
    resources: requests('50m', '64Mi'),
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { nodeExporter: NODE_EXPORTER };
export const READS = { ethtool: ETHTOOL_COUNTERS, cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS };
export type NodeExporterConfig = Slice<typeof SETTINGS & typeof READS>;
