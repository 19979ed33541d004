import { KUBERNETES_NAME, LINE, PORT, SECTION, LABEL } from '../../schema/formats.ts';
import { CHART_VERSION, cpu, memory, requests } from '../../schema/formats-charts.ts';
import { CPU, ENABLED, IMAGE, MEMORY, NAME, namespace } from '../../schema/formats-workload.ts';
import { LABELS } from '../../schema/formats-kubernetes.ts';
import { MOST_INT32 } from '../../schema/limits.ts';

/** PrometheusRule objects. */
export const PROMETHEUS_OPERATOR = {
  ...SECTION,
  description: 'PrometheusRule objects, of the target prometheus-operator.',
  properties: {
    namespace: namespace('monitoring', 'the rules'),
    labels: {
      ...LABELS,
      default: { release: 'kube-prometheus-stack' },
      description:
        'Labels by which Prometheus selects its rules; with the defaults of kube-prometheus-stack, the name of its release. ' +
        'What is given here replaces the default.',
    },
  },
} as const;
