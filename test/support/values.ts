import { load } from 'js-yaml';
import { generate } from './generate.ts';
import { rendered } from './helm.ts';
import type { RelabelConfig } from './relabel.ts';

/** A scrape job of the values for kube-prometheus-stack. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly scrape_interval: string;
  readonly kubernetes_sd_configs: readonly unknown[];
  readonly relabel_configs: readonly RelabelConfig[];
}

/** The values for kube-prometheus-stack, as far as tests read them. */
export interface StackValues {
  readonly prometheus: { readonly prometheusSpec: { readonly additionalScrapeConfigs: readonly ScrapeJob[] } };
  readonly additionalPrometheusRulesMap: Readonly<Record<string, unknown>>;
  readonly coreDns?: {
    readonly serviceMonitor: { readonly relabelings: readonly { readonly targetLabel: string }[] };
  };
  readonly 'kube-state-metrics'?: {
    readonly metricLabelsAllowlist?: readonly string[];
    readonly prometheus?: {
      readonly monitor: {
        readonly relabelings: readonly { readonly targetLabel: string; readonly replacement: string }[];
      };
    };
  };
}

/** The values for retina-hubble, as far as tests read them. */
export interface RetinaValues {
  readonly [setting: string]: unknown;
  readonly hubble: { readonly metrics: { readonly port: number; readonly enabled: readonly string[] } };
}

const read = new Map<string, unknown>();

/** The data of a generated file, read once for each configuration: tests ask for the same one many times. */
function valuesOf(given: object, path: string): unknown {
  const key = `${path} ${JSON.stringify(given)}`;
  if (!read.has(key)) read.set(key, load(generate(given).file(path)));
  return read.get(key);
}

/** The values for kube-prometheus-stack under a configuration, read back from their file. */
export const stackValues = (given: object = {}): StackValues =>
  valuesOf(given, 'helm-values/kube-prometheus-stack.yaml') as StackValues;

/** The values for retina-hubble under a configuration, read back from their file. */
export const retinaValues = (given: object = {}): RetinaValues =>
  valuesOf(given, 'helm-values/retina-hubble.yaml') as RetinaValues;

/** The scrape jobs under a configuration, after the chart's template engine went over them. */
export const scrapeJobs = (given: object = {}): readonly ScrapeJob[] =>
  stackValues(given).prometheus.prometheusSpec.additionalScrapeConfigs.map((job) => ({
    ...job,
    relabel_configs: job.relabel_configs.map((step) =>
      step.replacement === undefined ? step : { ...step, replacement: rendered(step.replacement) },
    ),
  }));

/** Those of them that find pods, as all do but those that ask the API servers. */
export const podJobs = (given: object = {}): readonly ScrapeJob[] =>
  scrapeJobs(given).filter(({ kubernetes_sd_configs: configs }) =>
    configs.every((one) => (one as { readonly role: string }).role === 'pod'),
  );
