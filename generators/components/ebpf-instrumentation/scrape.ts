import type { Config } from '../../settings/index.ts';
import type { Tree } from '../../model/tree.ts';
import { instance, keepPort, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** The flows of every agent of OpenTelemetry eBPF Instrumentation or Beyla. */
export const ebpfJob = (id: 'obi' | 'beyla', config: Config): Tree => ({
  job_name: id,
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`app.kubernetes.io/name=${config[id].app}`, config[id].namespace),
  relabel_configs: relabelling(config, keepPort(config[id].port), instance, node),
});
