import { sourceIs } from '../../shared/reasons.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { ebpfJob } from './scrape.ts';
import { BEYLA, OBI, READS } from './settings.ts';
import { adapters } from './source.ts';
import { beylaValues, obiValues } from './values.ts';

/** OpenTelemetry eBPF Instrumentation. */
export const obi = component({
  id: 'obi',
  settings: { obi: OBI },
  reads: READS,
  enabled: (config) => readsFrom(config, 'obi') || sourceIs(config),
  flowSources: { obi: { reads: [], adapter: () => adapters.obi } },
  hostPorts: ({ obi: { port } }) => [{ port, owner: 'obi.port', setting: 'obi.port' }],
  helmValues: (config) => [obiValues(config)],
  scrapeJobs: (config) => [{ job: ebpfJob('obi', config.obi, config) }],
});

/** Grafana Beyla, from which OpenTelemetry eBPF Instrumentation came. */
export const beyla = component({
  id: 'beyla',
  settings: { beyla: BEYLA },
  reads: READS,
  enabled: (config) => readsFrom(config, 'beyla') || sourceIs(config),
  flowSources: { beyla: { reads: [], adapter: () => adapters.beyla } },
  hostPorts: ({ beyla: { port } }) => [{ port, owner: 'beyla.port', setting: 'beyla.port' }],
  helmValues: (config) => [beylaValues(config)],
  scrapeJobs: (config) => [{ job: ebpfJob('beyla', config.beyla, config) }],
});
