import type { SourceName } from '../../generators/index.ts';
import { ciliumHubble } from './cilium-hubble.ts';
import { beyla, obi } from './ebpf-instrumentation.ts';
import { kubezonnet } from './kubezonnet.ts';
import { netobserv } from './netobserv.ts';
import { retinaHubble } from './retina-hubble.ts';
import { retinaStandard } from './retina-standard.ts';
import type { FlowSource } from './source.ts';

export type { CentralSource, FlowSource, NodeSource, SourceOptions } from './source.ts';

/** A flow source, by the name that the configuration has for it. */
export type SourceId = SourceName;

/** All flow sources, simulated. */
export const FLOW_SOURCES: Readonly<Record<SourceId, FlowSource>> = {
  'retina-hubble': retinaHubble,
  'cilium-hubble': ciliumHubble,
  'retina-standard': retinaStandard,
  obi,
  beyla,
  netobserv,
  kubezonnet,
};

/** Names of all flow sources. */
export const SOURCE_IDS = Object.keys(FLOW_SOURCES) as readonly SourceId[];
