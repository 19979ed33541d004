import { KUBERNETES_NAME, LINE, PORT, SECTION, LABEL } from '../../schema/formats.ts';
import { CHART_VERSION, cpu, memory, requests } from '../../schema/formats-charts.ts';
import { CPU, ENABLED, IMAGE, MEMORY, NAME, namespace } from '../../schema/formats-workload.ts';
import { LABELS } from '../../schema/formats-kubernetes.ts';
import { app, port } from '../../schema/agent.ts';
import { MOST_INT32 } from '../../schema/limits.ts';

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
