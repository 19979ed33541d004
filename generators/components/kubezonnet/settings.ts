import { app, namespace, port, section } from '../../schema/settings.ts';
import { CLUSTER, SCRAPE } from '../../settings/general.ts';
import { FLOWS } from '../../traffic/settings.ts';

export const KUBEZONNET = section('The kubezonnet installation.', {
  namespace: namespace('kubezonnet', 'the server'),
  app: app('kubezonnet', 'app.kubernetes.io/name'),
  port: port(8080, "the server's metrics"),
});

/** Its own sections, and those of others that it reads. */
export const SETTINGS = { kubezonnet: KUBEZONNET };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS };
