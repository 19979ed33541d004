import type { Target } from '../model/target.ts';
import { amp } from './amp.ts';
import { gitSync } from './git-sync.ts';
import { grafanaOperator } from './grafana-operator.ts';
import { grafanaSidecar } from './grafana-sidecar.ts';
import { grafana } from './grafana.ts';
import { helmValues } from './helm-values.ts';
import { kubePrometheusStack } from './kube-prometheus-stack.ts';
import { manifests } from './manifests.ts';
import { prometheusOperator } from './prometheus-operator.ts';
import { prometheus } from './prometheus.ts';

/** Every packaging there is. */
export const allTargets: readonly Target[] = [
  prometheus,
  kubePrometheusStack,
  helmValues,
  manifests,
  grafana,
  prometheusOperator,
  amp,
  grafanaSidecar,
  grafanaOperator,
  gitSync,
];
