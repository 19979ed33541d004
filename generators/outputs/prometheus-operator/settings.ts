import { LABELS } from '../../schema/formats.ts';
import { namespace, SECTION } from '../../schema/settings.ts';

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
