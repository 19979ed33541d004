import type { Target } from '../outputs/output.ts';
import { amp } from '../outputs/amp/index.ts';
import { gitSync } from '../outputs/git-sync/index.ts';
import { grafanaOperator } from '../outputs/grafana-operator/index.ts';
import { grafanaSidecar } from '../outputs/grafana-sidecar/index.ts';
import { grafana } from '../outputs/grafana/index.ts';
import { helmValues } from '../outputs/helm-values/index.ts';
import { kubePrometheusStack } from '../outputs/kube-prometheus-stack/index.ts';
import { manifests } from '../outputs/manifests/index.ts';
import { prometheusOperator } from '../outputs/prometheus-operator/index.ts';
import { prometheus } from '../outputs/prometheus/index.ts';

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
