import { ciliumHubble } from './cilium-hubble.ts';
import { beyla, obi } from './ebpf-instrumentation.ts';
import { kubezonnet } from './kubezonnet.ts';
import { netobserv } from './netobserv.ts';
import { retinaHubble } from './retina-hubble.ts';
import { retinaStandard } from './retina-standard.ts';
import type { FlowSource, SourceId } from './source.ts';

export {
  type CentralSource,
  type FlowSource,
  type NodeSource,
  SOURCE_IDS,
  type SourceId,
  type SourceOptions,
} from './source.ts';

/** All simulated flow sources. */
export const FLOW_SOURCES: Readonly<Record<SourceId, FlowSource>> = {
  'retina-hubble': retinaHubble,
  'cilium-hubble': ciliumHubble,
  'retina-standard': retinaStandard,
  obi,
  beyla,
  netobserv,
  kubezonnet,
};
