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

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { kubezonnet: KUBEZONNET };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS };
export type KubezonnetConfig = Slice<typeof SETTINGS & typeof READS>;
