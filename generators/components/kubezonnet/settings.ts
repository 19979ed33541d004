import { app, namespace, port, SECTION } from '../../schema/settings.ts';
import { CLUSTER, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { FLOWS } from '../../traffic/settings.ts';

/** The kubezonnet installation. */
export const KUBEZONNET = {
  ...SECTION,
  description: 'The kubezonnet installation.',
  properties: {
    namespace: namespace('kubezonnet', 'the server'),
    app: app('kubezonnet', 'app.kubernetes.io/name'),
    port: port(8080, "the server's metrics"),
  },
} as const;

/** Its sections of the configuration. */
export const SETTINGS = { kubezonnet: KUBEZONNET };

/** Sections of others that it reads. */
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS };

/** The part of the configuration that the component sees. */
export type KubezonnetConfig = Slice<typeof SETTINGS & typeof READS>;
