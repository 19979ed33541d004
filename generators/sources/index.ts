import type { Config } from '../config/schema.ts';
import type { EthtoolExporter } from './ethtool-exporter.ts';
import type { FlowSource } from './flow-source.ts';
import { retinaHubble } from './retina-hubble.ts';
import { showmax } from './showmax.ts';

const FLOW_SOURCES: Readonly<Record<Exclude<Config['flows']['source'], 'none'>, FlowSource>> = {
  'retina-hubble': retinaHubble,
};

const ETHTOOL_EXPORTERS: Readonly<Record<Exclude<Config['ethtool']['exporter'], 'none'>, EthtoolExporter>> = {
  showmax,
};

/** The chosen flow source, or undefined when traffic is left out. */
export const flowSource = ({ flows }: Config): FlowSource | undefined =>
  flows.source === 'none' ? undefined : FLOW_SOURCES[flows.source];

/** The chosen exporter of ENA counters, or undefined when allowances are left out. */
export const ethtoolExporter = ({ ethtool }: Config): EthtoolExporter | undefined =>
  ethtool.exporter === 'none' ? undefined : ETHTOOL_EXPORTERS[ethtool.exporter];
