import type { MetricFamily, Node } from './model.ts';
import { cloudWatchAgentFamilies } from './series/cloudwatch-agent.ts';
import { ethtoolNodeExporterFamilies } from './series/ethtool-node-exporter.ts';
import { ethtoolFamilies } from './series/ethtool.ts';
import { networkFlowMonitorFamilies } from './series/network-flow-monitor.ts';

/** An exporter of ENA counters that runs on nodes. */
interface SimulatedExporter {
  /** Its name in the path of a target, and the target's job. */
  readonly job: string;
  /** Port in the label `instance`. */
  readonly port: number;
  readonly namespace: string;
  /** Start of the names of its pods. */
  readonly pod: string;
  /** @param seconds between two scrapes, of which nobody makes another. */
  readonly families: (node: Node, seconds: number) => MetricFamily[];
}

/** The simulated exporters, by their names in `ethtool.exporter`. */
export const EXPORTERS = {
  showmax: {
    job: 'ethtool',
    port: 9417,
    namespace: 'monitoring',
    pod: 'ethtool-exporter',
    families: ethtoolFamilies,
  },
  'node-exporter': {
    job: 'ethtool-node-exporter',
    port: 9101,
    namespace: 'monitoring',
    pod: 'ethtool-node-exporter',
    families: ethtoolNodeExporterFamilies,
  },
  'network-flow-monitor': {
    job: 'network-flow-monitor',
    port: 9109,
    namespace: 'amazon-network-flow-monitor',
    pod: 'aws-network-flow-monitor-agent',
    families: networkFlowMonitorFamilies,
  },
  'cloudwatch-agent': {
    job: 'cloudwatch-agent',
    port: 0,
    namespace: 'amazon-cloudwatch',
    pod: 'cloudwatch-agent',
    families: cloudWatchAgentFamilies,
  },
} satisfies Readonly<Record<string, SimulatedExporter>>;

export type ExporterId = keyof typeof EXPORTERS;

export const EXPORTER_IDS = Object.keys(EXPORTERS) as readonly ExporterId[];

/** Which exporters of ENA counters run on a node. */
export type ExportersOf = (node: Node, index: number) => readonly ExporterId[];

/** One exporter on each node: those of a list take turns, as node groups of a cluster that differ. */
export const inTurn =
  (ids: readonly ExporterId[]): ExportersOf =>
  (_, index) =>
    ids.filter((_id, turn) => turn === index % ids.length);
