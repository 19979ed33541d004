import { KUBERNETES_NAME, LINE, PORT, SECTION, LABEL } from '../../schema/formats.ts';
import { CHART_VERSION, cpu, memory, requests } from '../../schema/formats-charts.ts';
import { CPU, ENABLED, IMAGE, MEMORY, NAME, namespace } from '../../schema/formats-workload.ts';
import { LABELS } from '../../schema/formats-kubernetes.ts';
import { app, port } from '../../schema/agent.ts';
import { MOST_INT32 } from '../../schema/limits.ts';

/** The Network Observability operator. */
export const NETOBSERV = {
  ...SECTION,
  description: 'The Network Observability operator.',
  properties: {
    namespace: namespace('netobserv', 'the pipeline, spec.namespace of the FlowCollector'),
    app: app('flowlogs-pipeline', 'app'),
    port: port(9401, "the pipeline's metrics"),
    sampling: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'One packet of so many is looked at; 1 looks at all, which no one needs to rescale.',
    },
  },
} as const;
