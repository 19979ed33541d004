import type { Config } from '../config/schema.ts';

/** A string that holds a list, as both of Retina's charts want it. packetparser is what sees flows. */
export const RETINA_PLUGINS = '["linuxutil","packetforward","packetparser","dns","dropreason"]';

type Image = 'retina-agent' | 'retina-init' | 'retina-operator';

/** One of Retina's images, at the release of the configuration. */
export const retinaImage = ({ retina }: Config, name: Image) => ({
  repository: `ghcr.io/microsoft/retina/${name}`,
  tag: retina.version,
});
