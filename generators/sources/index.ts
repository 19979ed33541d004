import type { SourceName } from '../traffic/settings-flows.ts';
import type { Config } from '../settings/index.ts';
import { atLeast } from '../shared/version.ts';
import { ciliumHubble } from '../components/cilium/source.ts';
import { beyla, obi } from '../components/ebpf-instrumentation/source.ts';
import type { EthtoolExporter } from '../allowances/exporter.ts';
import type { FlowSource } from '../traffic/source.ts';
import { kubezonnet } from '../components/kubezonnet/source.ts';
import { netobserv } from '../components/netobserv/source.ts';
import { nodeExporterEthtool } from '../components/node-exporter/exporter.ts';
import { retinaHubble } from '../components/retina/source-hubble.ts';
import { retinaStandard } from '../components/retina/source-standard.ts';
import { showmax } from '../components/ethtool-exporter/exporter.ts';

/** Retina's release with zones of its own in standard mode. */
const RETINA_ZONES = 'v1.2.0';

const FLOW_SOURCES: Readonly<Record<SourceName, (config: Config) => FlowSource>> = {
  'retina-hubble': () => retinaHubble,
  'retina-standard': ({ retina }) => retinaStandard(atLeast(retina.version, RETINA_ZONES)),
  'cilium-hubble': () => ciliumHubble,
  obi: () => obi,
  beyla: () => beyla,
  netobserv: () => netobserv,
  kubezonnet: () => kubezonnet,
};

const ETHTOOL_EXPORTERS: Readonly<Record<Exclude<Config['ethtool']['exporter'], 'none'>, EthtoolExporter>> = {
  showmax,
  'node-exporter': nodeExporterEthtool,
};

/** Every flow source there is, as this configuration would use it. */
export const allFlowSources = (config: Config): readonly FlowSource[] =>
  Object.values(FLOW_SOURCES).map((make) => make(config));

/** One flow source, chosen or not, as this configuration would use it. */
export const flowSource = (config: Config, id: SourceName): FlowSource => FLOW_SOURCES[id](config);

/** The chosen flow sources; empty when traffic is left out. */
export const flowSources = (config: Config): readonly FlowSource[] =>
  [config.flows.source].flat().flatMap((id) => (id === 'none' ? [] : [FLOW_SOURCES[id](config)]));

/** Whether one of these sources is chosen. */
export const readsFrom = (config: Config, ...ids: readonly SourceName[]): boolean =>
  [config.flows.source].flat().some((id) => ids.some((wanted) => wanted === id));

/** The chosen exporter of ENA counters, or undefined when allowances are left out. */
export const ethtoolExporter = ({ ethtool }: Config): EthtoolExporter | undefined =>
  ethtool.exporter === 'none' ? undefined : ETHTOOL_EXPORTERS[ethtool.exporter];
