import type { EbpfConfig, EbpfSettings } from './settings.ts';
import type { Tree } from '../../model/tree.ts';
import { instance, keepPort, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** The flows of every agent of OpenTelemetry eBPF Instrumentation or Beyla. */
export const ebpfJob = (id: 'obi' | 'beyla', { app, namespace, port }: EbpfSettings, config: EbpfConfig): Tree => ({
  job_name: id,
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`app.kubernetes.io/name=${app}`, namespace),
  relabel_configs: relabelling(config, keepPort(port), instance, node),
});
