import type { Target } from '../model/target.ts';
import { grafana } from './grafana.ts';
import { helmValues } from './helm-values.ts';
import { kubePrometheusStack } from './kube-prometheus-stack.ts';
import { manifests } from './manifests.ts';
import { prometheus } from './prometheus.ts';

/** Every packaging there is. */
export const allTargets: readonly Target[] = [prometheus, kubePrometheusStack, helmValues, manifests, grafana];
