import { parseArgs } from 'node:util';
import { EXPORTER_IDS, type ExporterId, inTurn } from './exporters.ts';
import { DEFAULTS, type GenerateOptions } from './generate.ts';
import { SOURCE_IDS, type SourceId } from './sources/index.ts';
import type { TargetOptions } from './targets.ts';

/** What the command line asks for. */
export interface CliOptions {
  readonly help: boolean;
  /** Port on 127.0.0.1. */
  readonly port: number;
  readonly generate: GenerateOptions;
  /** What the cluster exposes. */
  readonly targets: TargetOptions;
}

/** How to call the command. */
export const USAGE = `Serves the exporters of a synthetic cluster on 127.0.0.1 and prints their addresses and the true traffic as JSON.

Usage: npm run synthetic -- [options]

  --port <number>                  port to listen on (19100)
  --seed <number>                  what is left to chance depends on it alone (1)
  --name <text>                    cluster name (${DEFAULTS.name})
  --nodes <number>                 nodes (${DEFAULTS.nodes})
  --zones <a,b,...>                zones of the nodes (${DEFAULTS.zones.join(',')})
  --pods <number>                  pods (${DEFAULTS.pods})
  --namespaces <number>            namespaces (${DEFAULTS.namespaces})
  --connections-per-pod <number>   connections opened by each pod (${DEFAULTS.connectionsPerPod})
  --external-peers <number>        addresses outside the cluster (${DEFAULTS.externalPeers})
  --unlabelled-nodes <number>      nodes without zone label (${DEFAULTS.unlabelledNodes})
  --hybrid-nodes <number>          nodes without any zone (${DEFAULTS.hybridNodes})
  --services                       clients call Services
  --dual-stack-share <0 to 1>      pods with an IPv6 address, too (${DEFAULTS.dualStackShare})
  --missing-names-share <0 to 1>   ends of traffic that have an address only (${DEFAULTS.missingNamesShare})
  --host-network-traffic           traffic of host-network pods
  --node-traffic                   traffic of nodes, such as probes
  --sources <a,b,...>              flow sources (retina-hubble) of ${SOURCE_IDS.join(', ')}
  --exporters <a,b,...>            exporters of ENA counters, nodes take turns (showmax) of ${EXPORTER_IDS.join(', ')}
  --aggregation <low|high>         where Retina and Cilium report packets (each source's own)
  --help                           show this text
`;

/** Reads the arguments after the program's name. Throws an Error that names the option and what it expects. */
export function parseOptions(argv: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', default: false },
      port: textOption(19_100),
      seed: textOption(1),
      name: textOption(DEFAULTS.name),
      zones: textOption(DEFAULTS.zones.join(',')),
      nodes: textOption(DEFAULTS.nodes),
      pods: textOption(DEFAULTS.pods),
      namespaces: textOption(DEFAULTS.namespaces),
      'connections-per-pod': textOption(DEFAULTS.connectionsPerPod),
      'external-peers': textOption(DEFAULTS.externalPeers),
      'unlabelled-nodes': textOption(DEFAULTS.unlabelledNodes),
      'hybrid-nodes': textOption(DEFAULTS.hybridNodes),
      services: { type: 'boolean', default: DEFAULTS.services },
      'dual-stack-share': textOption(DEFAULTS.dualStackShare),
      'missing-names-share': textOption(DEFAULTS.missingNamesShare),
      'host-network-traffic': { type: 'boolean', default: DEFAULTS.hostNetworkTraffic },
      'node-traffic': { type: 'boolean', default: DEFAULTS.nodeTraffic },
      sources: textOption('retina-hubble'),
      exporters: textOption('showmax'),
      aggregation: { type: 'string' },
    },
  });
  return {
    help: values.help,
    port: port(values.port),
    generate: {
      seed: whole('seed', values.seed),
      name: values.name,
      zones: values.zones.split(','),
      nodes: whole('nodes', values.nodes),
      pods: whole('pods', values.pods),
      namespaces: whole('namespaces', values.namespaces),
      connectionsPerPod: whole('connections-per-pod', values['connections-per-pod']),
      externalPeers: whole('external-peers', values['external-peers']),
      unlabelledNodes: whole('unlabelled-nodes', values['unlabelled-nodes']),
      hybridNodes: whole('hybrid-nodes', values['hybrid-nodes']),
      services: values.services,
      dualStackShare: share('dual-stack-share', values['dual-stack-share']),
      missingNamesShare: share('missing-names-share', values['missing-names-share']),
      hostNetworkTraffic: values['host-network-traffic'],
      nodeTraffic: values['node-traffic'],
    },
    targets: {
      sources: values.sources.split(',').map(source),
      exporters: inTurn(values.exporters.split(',').map(exporter)),
      ...(values.aggregation !== undefined && { aggregation: aggregation(values.aggregation) }),
    },
  };
}

function source(value: string): SourceId {
  const known = SOURCE_IDS.find((id) => id === value);
  if (known !== undefined) return known;
  throw new RangeError(`--sources: got ${JSON.stringify(value)}, expected some of ${SOURCE_IDS.join(',')}`);
}

function exporter(value: string): ExporterId {
  const known = EXPORTER_IDS.find((id) => id === value);
  if (known !== undefined) return known;
  throw new RangeError(`--exporters: got ${JSON.stringify(value)}, expected some of ${EXPORTER_IDS.join(',')}`);
}

function aggregation(value: string): 'low' | 'high' {
  if (value === 'low' || value === 'high') return value;
  throw new RangeError(`--aggregation: got ${JSON.stringify(value)}, expected low or high`);
}

function share(option: string, value: string): number {
  if (/^(0|1|0?\.\d+)$/.test(value)) return Number(value);
  throw new RangeError(`--${option}: got ${JSON.stringify(value)}, expected a share from 0 to 1 such as 0.5`);
}

function textOption(value: string | number): { type: 'string'; default: string } {
  return { type: 'string', default: String(value) };
}

function port(value: string): number {
  const number = whole('port', value);
  if (number > 65_535) throw new RangeError(`--port: got ${value}, expected a port up to 65535, such as 19100`);
  return number;
}

function whole(option: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new RangeError(`--${option}: got ${JSON.stringify(value)}, expected a whole number such as 60`);
}
