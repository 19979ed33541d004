import { ciliumHubble } from './cilium-hubble.ts';
import { beyla, obi } from './ebpf-instrumentation.ts';
import { kubezonnet } from './kubezonnet.ts';
import { netobserv } from './netobserv.ts';
import { retinaHubble } from './retina-hubble.ts';
import { retinaStandard } from './retina-standard.ts';
import type { Simulator, SourceId } from './source.ts';

export type { SourceId, SourceOptions } from './source.ts';

/** All simulated flow sources. */
export const SIMULATORS: Readonly<Record<SourceId, Simulator>> = {
  'retina-hubble': retinaHubble,
  'cilium-hubble': ciliumHubble,
  'retina-standard': retinaStandard,
  obi,
  beyla,
  netobserv,
  kubezonnet,
};

/** The ids of those sources. */
export const SOURCE_IDS = Object.keys(SIMULATORS) as readonly SourceId[];
