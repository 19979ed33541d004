import type { RetinaConfig } from './settings.ts';

/** A string that holds a list, as both of Retina's charts want it. packetparser is what sees flows. */
export const RETINA_PLUGINS = '["linuxutil","packetforward","packetparser","dns","dropreason"]';

type Image = 'retina-agent' | 'retina-init' | 'retina-operator';

/** One of Retina's images, at the release of the configuration. */
export const retinaImage = ({ retina }: RetinaConfig, name: Image) => ({
  repository: `ghcr.io/microsoft/retina/${name}`,
  tag: retina.version,
});

/**
 * What the head says of a release that another chart of Retina made: Helm cannot turn one into the other.
 * Both call it retina, and their DaemonSets retina-agent; the selectors differ, and no selector can be changed.
 * Upstream: microsoft/retina, deploy/hubble and deploy/standard, templates of the agent.
 */
export const overTheOtherChart = (other: 'retina' | 'retina-hubble'): string =>
  `Over a release of the chart ${other}: uninstall it first, as the selector of its DaemonSet cannot be changed.`;
