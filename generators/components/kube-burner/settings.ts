import { KUBERNETES_NAME, LINE, PORT, SECTION, LABEL } from '../../schema/formats.ts';
import { CHART_VERSION, cpu, memory, requests } from '../../schema/formats-charts.ts';
import { CPU, ENABLED, IMAGE, MEMORY, NAME, namespace } from '../../schema/formats-workload.ts';
import { LABELS } from '../../schema/formats-kubernetes.ts';
import { MOST_INT32 } from '../../schema/limits.ts';

/** Profiles for kube-burner. */
export const KUBE_BURNER = {
  ...SECTION,
  description: 'Profiles for kube-burner that read the recorded series.',
  properties: { enabled: { ...ENABLED, description: 'Whether the metrics and alert profiles are written.' } },
} as const;
